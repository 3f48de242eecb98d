# shellcheck shell=sh disable=SC1007,SC2015,SC2034,SC2154 # variables live across files; `a= b=` empties both
# The walk through the journal, newest entry first.
set -f
co_read
for co_i in $co_numbers; do
  if [ "$co_i" -lt "${co_down:-$co_from}" ] || [ "$co_i" -gt "$co_to" ]; then continue; fi
  co_entry "$co_i"
  case $co_flags,$co_before,$co_extra in
    owned,absent,* | apply-owned,*,/*) 
      co_owned_roots="$co_owned_roots $co_i"
      eval "co_root_$co_i=\$co_p"
      ;;
  esac
done
co_status=0
for co_i in $co_numbers; do
  if [ "$co_i" -lt "$co_from" ] || [ "$co_i" -gt "$co_to" ]; then continue; fi
  co_one "$co_i" || break
done
if [ -n "$co_daemon" ] && command -v systemctl >/dev/null 2>&1; then systemctl daemon-reload 2>/dev/null; fi
if [ -z "$co_check" ]; then
  co_sync "$co_j"
  # What was staged for entries that never began.
  for co_x in $co_temporary; do
    co_un "$co_x"
    case $co_v in *.part) rm -rf "$co_v" ;; esac
  done
fi
exit "$co_status"
