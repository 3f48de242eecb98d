# shellcheck shell=sh disable=SC1007,SC2015,SC2034,SC2154 # variables live across files; `a= b=` empties both
# Questions about paths. One stat and one hash process answer for all of them.
if [ -n "$co_stat_c" ]; then
  co_form_flag=-c co_form='//%f/%u/%g/%s/%i/%d/%h/%U/%G/%X/%Y/%Z/%x/%y/%z/%n'
else
  co_form_flag=-f co_form='//%Xp/%u/%g/%z/%i/%d/%l/%Su/%Sg/%a/%m/%c/-/-/-/%N'
fi
co_stats() { stat "$co_form_flag" "$co_form" "$@" 2>/dev/null; }
# Sets co_v to where link $1 leads in the end. Not readlink -f: busybox takes a dangling link for relative to our own folder.
co_real() {
  co_v=$1 co_n=40
  while [ -L "$co_v" ] && [ "$co_n" -gt 0 ]; do
    co_x=$(readlink -n "$co_v" && echo x)
    co_x=${co_x%x}
    case $co_x in
      /*) co_v=$co_x ;;
      *) co_v=${co_v%/*}/$co_x ;;
    esac
    co_n=$((co_n - 1))
  done
  co_d=$(cd -P "${co_v%/*}/" 2>/dev/null && pwd -P && echo x) || return 0
  co_d=${co_d%"${co_nl}x"}
  co_v=${co_d%/}/${co_v##*/}
}
# Arguments: for each path its flags (f follow, h hash) and the path. Prints a line per path: what only the shell can tell;
# then what links say, then stat's records, then hash lines; each part ends with a line //.
co_files() {
  co_i=0 co_plain= co_hash= co_links_at=
  set -f
  while [ "$co_i" -lt $# ]; do
    co_i=$((co_i + 2))
    eval "co_fl=\${$((co_i - 1))} co_f=\${$co_i}"
    co_x=
    if [ -L "$co_f" ]; then
      case $co_fl in
        *f*) co_x=r ;;
        *) co_x=l ;;
      esac
    fi
    if [ -e "$co_f" ]; then
      if [ -r "$co_f" ]; then co_x=${co_x}R; fi
      if [ -w "$co_f" ]; then co_x=${co_x}W; fi
      if [ -x "$co_f" ]; then co_x=${co_x}X; fi
      if [ -f "$co_f" ]; then
        case $co_x$co_fl in
          l*) ;;
          *R*h*) co_hash="$co_hash \"\${$co_i}\"" ;;
        esac
      fi
    fi
    case $co_x in
      r*)
        co_links_at="$co_links_at $co_i"
        ;;
      l*)
        co_links_at="$co_links_at $co_i"
        co_plain="$co_plain \"\${$co_i}\""
        ;;
      *) co_plain="$co_plain \"\${$co_i}\"" ;;
    esac
    co_d=${co_f%/*}
    co_d=${co_d:-/}
    if [ -d "$co_d" ]; then
      echo "${co_x}d"
    elif [ -e "$co_d" ]; then
      echo "${co_x}o"
    else
      # How many folders above the path are missing.
      co_n=0
      while [ ! -e "$co_d" ] && [ ! -L "$co_d" ]; do
        co_n=$((co_n + 1))
        case $co_d in */*) ;; *) break ;; esac
        co_d=${co_d%/*}
        co_d=${co_d:-/}
      done
      echo "${co_x}$co_n"
    fi
  done
  for co_i in $co_links_at; do
    eval "co_fl=\${$((co_i - 1))} co_f=\${$co_i}"
    echo "$co_i"
    case $co_fl in
      *f*)
        co_real "$co_f"
        printf '%s\n//\n' "$co_v"
        co_stats "$co_v"
        ;;
      *)
        readlink -n "$co_f"
        echo
        ;;
    esac
    echo //.
  done
  echo //.
  if [ -n "$co_plain" ]; then eval "co_stats $co_plain"; fi
  echo //.
  if [ -n "$co_hash" ]; then eval "co_sums $co_hash" 2>/dev/null; fi
  echo //.
  set +f
}
# Prints a part whose length only becomes known: bytes, then the part itself.
co_part_out() {
  "$@" >"$co_dir/part"
  wc -c <"$co_dir/part"
  cat "$co_dir/part"
}
# Prints the beginning (at most $1 bytes; all: everything) of each readable file among the paths, one after the other.
# A path that is a link counts only behind the word follow.
co_contents() {
  co_max=$1 co_i=1 co_plain= co_fl=
  while [ "$co_i" -lt $# ]; do
    co_i=$((co_i + 1))
    eval "co_f=\${$co_i}"
    if [ "$co_f" = follow ]; then
      co_fl=1
    elif [ -f "$co_f" ] && [ -r "$co_f" ]; then
      if [ -n "$co_fl" ] || [ ! -L "$co_f" ]; then co_plain="$co_plain \"\${$co_i}\""; fi
      co_fl=
    else
      co_fl=
    fi
  done
  if [ -z "$co_plain" ]; then return 0; fi
  if [ "$co_max" = all ]; then
    eval "cat $co_plain"
  else
    eval "head -q -c $co_max $co_plain"
  fi
}
# Everything below a path: co_depth, co_same and co_follow are options of find; co_sum is empty when hashes are not wanted.
co_tree_probe() {
  if [ ! -d "$1" ]; then
    echo //.
    return 0
  fi
  (
    cd "$1" || exit 0
    # shellcheck disable=SC2086
    find $co_follow . $co_same $co_depth ! -name . -exec stat "$co_form_flag" "$co_form" {} + 2>/dev/null
    echo //.
    co_prune="$co_same $co_depth"
    # shellcheck disable=SC2086
    if [ -n "$co_sum" ]; then co_hashes $co_follow . 2>/dev/null; fi
    echo //.
    if [ -z "$co_follow" ]; then co_links . 2>/dev/null; fi
  )
  echo //.
}
# An account in five lines: passwd, hash and expiry as far as they can be read, primary group, groups, whether the home is there.
co_ask_user() {
  if ! co_db_line /etc/passwd "$1"; then
    echo
    return 0
  fi
  printf '%s\n' "$co_v"
  co_line=$co_v
  co_field "$co_line" 4
  co_gid=$co_v
  co_field "$co_line" 6
  co_home=$co_v
  if [ -r /etc/shadow ] && co_db_line /etc/shadow "$1"; then printf '%s\n' "$co_v"; else echo; fi
  co_groups_of "$1" "$co_gid"
  if [ "$co_group" = "$co_gid" ] && command -v getent >/dev/null 2>&1; then
    co_x=$(getent group "$co_gid") && co_group=${co_x%%:*}
  fi
  echo "$co_group"
  echo "$co_gs"
  if [ -d "$co_home" ]; then echo home; else echo; fi
}
co_ask_group() {
  if co_db_line /etc/group "$1"; then printf '%s\n' "$co_v"; else echo; fi
}
# Services: the manager, then for systemd all properties of each unit, else three words each.
co_ask_services() {
  co_scope=$1 co_block=
  shift
  co_manager
  echo "$co_mgr"
  if [ "$co_mgr" = systemd ]; then
    for co_f; do
      co_part_out co_ctl show -- "$co_f" 2>/dev/null
    done
    return 0
  fi
  for co_f; do
    co_x=absent
    case $co_mgr in
      openrc | sysv) if [ -x "/etc/init.d/$co_f" ] || [ -x "/etc/rc.d/init.d/$co_f" ]; then co_x=there; fi ;;
    esac
    if [ "$co_x" = there ]; then
      co_look_unit "$co_f"
      echo "there $co_active $co_enabled"
    else
      echo "absent unknown unknown"
    fi
  done
}
