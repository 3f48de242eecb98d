# shellcheck shell=sh disable=SC1007,SC2015,SC2034,SC2154 # variables live across files; `a= b=` empties both
# sh undo.sh [--check] [--from N] [--to M] [--only SEQ] [--force]
# Takes back what a run of Cutover changed on this host, newest first. It compares what is there with what the run left:
# equal: put back; equal to what was before: nothing to do; anything else: it stops, says why and changes nothing more.
#   --check   only say what would happen         --from N  only entries with a number of at least N (back to N)
#   --to M    only entries with a number up to M  --only N  only this entry     --force  put back in spite of differences
#   --down-to N  more entries down to N will be taken back later: what lies in a folder that goes then is left to it
# One line per entry: NUMBER STATUS KEY [reason]; lines with a leading blank explain. Ends with 0, or 3 for a difference, or 1.
co_here=$(cd "${0%/*}" 2>/dev/null && pwd) || exit 1
co_usage() {
  sed -n '2,${/^#/!q;s/^# //p;}' "$0" >&2
  exit 2
}
co_check= co_from=0 co_to=999999999 co_force= co_down=
while [ $# -gt 0 ]; do
  case $1 in
    --check) co_check=1 ;;
    --force) co_force=1 ;;
    --from) co_from=$2 && shift ;;
    --to) co_to=$2 && shift ;;
    --down-to) co_down=$2 && shift ;;
    --only) co_from=$2 co_to=$2 && shift ;;
    *) co_usage ;;
  esac
  shift
done
case $co_from$co_to$co_down in *[!0-9]*) co_usage ;; esac
co_run=${co_here##*/}
co_state=${co_here%/runs/*}
co_j=$co_here/journal
co_um=$(umask)
co_now
co_numbers=
co_temporary=
co_owned_roots=
co_foreseen=
co_daemon=

# Reads the journal: co_B_N, co_C_N ... hold the words of the last such line of entry N.
co_read() {
  co_last=
  while IFS=' ' read -r co_1 co_2 co_3 co_4 co_5; do
    [ "${#co_3}" -gt 0 ] && [ "${#co_4}" -gt 0 ] || continue
    co_x="$co_3 $co_4${co_5:+ $co_5}"
    # Only the end of the journal can be torn; its checksum is looked at below.
    [ "${#co_x}" = "$co_2" ] || continue
    co_last="$co_1 $co_x"
    case $co_3$co_4 in
      [BCFTUV]*[!0-9]* | H*) continue ;;
      B*) co_numbers="$co_4 $co_numbers" ;;
      T*)
        co_temporary="$co_temporary $co_5"
        continue
        ;;
    esac
    eval "co_${co_3}_$co_4=\$co_5"
    if [ "$co_3" = U ]; then eval "co_V_$co_4="; fi
  done <"$co_j"
  [ -n "$co_last" ] || return 0
  co_sum "${co_last#* }"
  if [ "$co_x" != "${co_last%% *}" ]; then
    # The torn line never happened.
    co_x=${co_last#* }
    co_3=${co_x%% *} co_x=${co_x#* }
    eval "co_${co_3}_${co_x%% *}="
    if [ "$co_3" = B ]; then co_numbers=${co_numbers#* }; fi
  fi
  if [ -n "$(tail -c 1 "$co_j")" ]; then echo >>"$co_j"; fi
}
# Splits entry N into its fields.
co_entry() {
  co_s=$1
  eval "set -- \$co_B_$1 ; co_C=\${co_C_$1:-} co_F=\${co_F_$1:-} co_U=\${co_U_$1:-} co_V=\${co_V_$1:-}"
  co_r=$2 co_u=$3 co_flags=$4 co_k=$5 co_q=$6 co_before=$7 co_mtime=$8 co_obj=$9
  shift 9
  co_a=$1 co_extra=$2
  # shellcheck disable=SC2086
  set -- $co_C
  co_after=${2:-}
  co_un "$co_q"
  co_p=$co_v
}
co_tell() {
  co_un "$co_k"
  co_y=$(printf '%s' "$co_v" | tr '\n' ' ')
  echo "$co_s $1 $co_k${2:+ $2}"
  case $co_k in *%*) echo " key: $co_y" ;; esac
}
# Three pictures side by side.
co_drift() {
  co_status=3
  co_tell drift "$1"
  echo " before: $co_before"
  echo " after:  ${co_after:-not recorded, planned $co_a}"
  echo " now:    $2"
}
co_begin_undo() {
  co_log U "$co_s" "$co_now" && co_sync "$co_j"
}
co_end_undo() {
  co_log V "$co_s" "$co_now" "$1"
}

# One entry: 0 go on, else stop.
co_one() {
  co_entry "$1"
  if [ -n "$co_V" ] || [ -n "$co_F" ]; then
    if [ -z "$co_U" ] || [ -n "$co_V" ]; then
      co_tell already
      return 0
    fi
  fi
  case $co_u in
    compensable | irreversible)
      co_tell "$co_u"
      return 0
      ;;
  esac
  if co_covered; then
    co_tell covered
    return 0
  fi
  co_compare
  case $? in
    0) ;;
    1)
      co_tell already
      if [ -z "$co_check" ]; then co_leftover; fi
      return 0
      ;;
    *)
      if [ -z "$co_force" ]; then
        co_drift "$co_why" "$co_d"
        return 1
      fi
      ;;
  esac
  if [ -n "$co_check" ]; then
    co_foreseen="$co_foreseen$co_nl$co_k $co_before $co_mtime$co_nl"
    co_tell would-undo
    return 0
  fi
  co_begin_undo || { co_tell failed "cannot write the journal"; co_status=1; return 1; }
  co_err=$( (co_back) 2>&1) && co_err=$(co_verify 2>&1)
  co_x=$?
  co_err=$(printf '%s' "$co_err" | tr '\n' ' ')
  if [ "$co_x" != 0 ]; then
    co_tell failed "${co_err:-it is not as it was before}"
    co_status=1
    return 1
  fi
  case $co_p in */systemd/*.service | */systemd/*.timer | */systemd/*.socket | */systemd/*.d/*.conf) co_daemon=1 ;; esac
  co_leftover
  co_end_undo undone
  co_tell undone
}
# Whether an earlier entry made a folder around this path that goes as a whole.
co_covered() {
  case $co_r in file | tree) ;; *) return 1 ;; esac
  for co_x in $co_owned_roots; do
    if [ "$co_x" -lt "$co_s" ]; then
      eval "co_y=\$co_root_$co_x"
      case $co_p in "$co_y" | "$co_y"/*) return 0 ;; esac
    fi
  done
  return 1
}
# 0: as the run left it (or cut short between the two); 1: as it was before; 2: neither.
co_compare() {
  co_why="it is neither as the run left it nor as it was before"
  "co_look_$co_r"
  if [ -n "$co_check" ]; then co_foresee; fi
  if co_same "$co_before"; then
    if [ "$co_flags" = home ]; then
      # The account is as it was, but for the home that it got.
      co_un "$co_extra"
      if [ -e "$co_v" ]; then return 0; else return 1; fi
    fi
    if [ "$co_before" != "$co_after" ] || [ "$co_r" = service ]; then return 1; fi
    case $co_flags in
      touch) if [ "$co_t" = "$co_mtime" ]; then return 1; fi ;;
      *) return 1 ;;
    esac
  fi
  if [ -n "$co_U" ] && [ -z "$co_V" ]; then return 0; fi
  if [ -n "$co_after" ]; then
    if co_same "$co_after"; then
      co_inhabited || return 0
      co_why="it is not empty: $(co_some_strange)"
    fi
    return 2
  fi
  if co_like "$co_d" "$co_a" || "co_partly_$co_r"; then return 0; fi
  co_why="it was cut short, and it is neither as planned nor as it was before"
  return 2
}
# In a dry run what a later entry would have put back is what this one finds.
co_foresee() {
  case $co_foreseen in
    *"$co_nl$co_k "*)
      co_x=${co_foreseen##*"$co_nl$co_k "}
      co_x=${co_x%%"$co_nl"*}
      co_d=${co_x% *} co_t=${co_x##* }
      ;;
  esac
}
# Whether a folder that the run made holds what is not the run's: co_strange. (A dry run leaves in it what would have gone before.)
co_inhabited() {
  case $co_check/$co_r/$co_flags/$co_before/$co_d in
    /file/-/absent/directory,*) co_strange=$(ls -A "$co_p") ;;
    /tree/tree/* | /tree/*owned/*) return 1 ;;
    /tree/*) co_strange=$(co_strangers) ;;
    *) return 1 ;;
  esac
  [ -n "$co_strange" ]
}
co_some_strange() { printf '%s\n' "$co_strange" | head -n 10 | tr '\n' ' '; }
# Of a folder that is ours as a whole only its being there counts.
co_same() {
  case $co_flags/$1 in
    apply-owned/"$co_empty") [ "$co_d" = "$co_empty" ] ;;
    apply-owned/*) [ "$co_d" != "$co_empty" ] ;;
    owned/absent) [ "$co_d" = absent ] ;;
    owned/*) [ "${co_d%%,*}" = "${1%%,*}" ] ;;
    *) [ "$co_d" = "$1" ] ;;
  esac
}
# What a change that was cut short had under a temporary name.
co_leftover() {
  case $co_r in file | tree) ;; *) return 0 ;; esac
  if [ -n "$co_C" ]; then return 0; fi
  co_part "$co_p"
  rm -rf "$co_tmp"
  if [ "$co_extra" != - ]; then
    co_un "$co_extra"
    co_part "$co_v"
    rm -rf "$co_tmp"
  fi
}
