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
  if co_same "$co_before"; then
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
      co_why="it is not empty: $(ls -A "$co_p" | tr '\n' ' ')"
    fi
    return 2
  fi
  if co_like "$co_d" "$co_a" || "co_partly_$co_r"; then return 0; fi
  co_why="it was cut short, and it is neither as planned nor as it was before"
  return 2
}
# Whether a folder that the run made holds what is not the run's. (A dry run leaves in it what would have gone before.)
co_inhabited() {
  case $co_check/$co_r/$co_flags/$co_before/$co_d in
    /file/-/absent/directory,*) [ -n "$(ls -A "$co_p")" ] ;;
    *) return 1 ;;
  esac
}
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

# --- files
co_look_file() {
  co_look "$co_p"
}
co_partly_file() { co_between "$co_d" "$co_before" "$co_a"; }
co_verify() {
  "co_look_$co_r"
  if [ "$co_d" = "$co_before" ]; then return 0; fi
  echo "after putting it back it is $co_d instead of $co_before"
  return 1
}
co_back() { "co_back_$co_r"; }
co_back_file() {
  co_part "$co_p"
  rm -rf "$co_tmp"
  co_save_ifs=$IFS
  IFS=,
  # shellcheck disable=SC2086
  set -- $co_before
  IFS=$co_save_ifs
  co_look "$co_p"
  case $1 in
    absent)
      co_gone
      return
      ;;
    file)
      if [ "${co_d##*,}" = "$5" ] && [ "${co_d%%,*}" = file ]; then
        co_tmp=$co_p
      elif [ "$co_obj" = - ]; then
        echo "its content was not kept"
        return 1
      else
        if [ "${co_d%%,*}" = file ]; then co_like_old "$co_p" "$co_tmp"; fi
        (umask 077 && cat "$co_state/objects/$co_obj" >"$co_tmp") || { rm -f "$co_tmp"; return 1; }
      fi
      ;;
    link)
      co_un "$5"
      ln -s -- "$co_v" "$co_tmp" || return 1
      ;;
    directory)
      if [ "${co_d%%,*}" = directory ]; then co_tmp=$co_p; else mkdir "$co_tmp" || return 1; fi
      ;;
    *)
      echo "a $1 cannot be made again"
      return 1
      ;;
  esac
  co_owner "$co_tmp" "$3:$4" || return 1
  if [ "$1" != link ]; then chmod "$2" "$co_tmp" || return 1; fi
  if [ "$1" = file ]; then co_touch "$co_tmp" "$co_mtime"; fi
  if [ "$co_tmp" != "$co_p" ]; then
    co_sync "$co_tmp"
    if [ -d "$co_p" ] && [ ! -L "$co_p" ]; then rmdir "$co_p" || return 1; fi
    co_move "$co_tmp" "$co_p" || { cat "$co_tmp" >"$co_p" && rm -f "$co_tmp"; }
  fi
}
co_owner() {
  co_x=$(co_st "$1") || return 1
  # shellcheck disable=SC2086
  set -- "$1" "$2" $co_x
  if [ "$4:$5" != "$2" ]; then chown -h "$2" "$1"; fi
}
# What was absent goes, and the parents that were made with it.
co_gone() {
  case $co_d,$co_flags in
    absent,*) ;;
    directory,*owned*) rm -rf "$co_p" || return 1 ;;
    directory,*)
      rmdir "$co_p" 2>/dev/null || {
        echo "the folder is not empty: $(ls -A "$co_p" | tr '\n' ' ')"
        return 1
      }
      ;;
    *) rm -f "$co_p" || return 1 ;;
  esac
  co_parents
}
co_parents() {
  if [ "$co_extra" = - ]; then return 0; fi
  co_un "$co_extra"
  co_x=$co_p
  while [ "$co_x" != "$co_v" ]; do
    co_x=${co_x%/*}
    case $co_flags in
      *owned*) rm -rf "$co_x" ;;
      *) rmdir "$co_x" 2>/dev/null || break ;;
    esac
  done
  return 0
}

# --- trees
co_look_tree() {
  case $co_flags in
    tree)
      co_look "$co_p"
      if [ "$co_d" = absent ]; then return 0; fi
      co_x=$co_d
      co_digest co_tree_lines "$co_p"
      co_d=tree,$co_w,$co_x
      ;;
    *owned)
      co_look "$co_p"
      if [ "$co_d" = absent ]; then co_d=$co_empty; else co_d=tree,owned; fi
      ;;
    *)
      co_digest co_list_lines "$co_p" "$co_state/objects/${co_obj%%:*}"
      co_d=tree,$co_w
      ;;
  esac
}
co_empty=tree,e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
# Whether every content that is there now is one of before or one that was on its way.
co_partly_tree() {
  if [ "$co_flags" = tree ]; then
    co_x=${co_before#tree,}
    co_lines=$(co_tree_lines "$co_p" | grep -v '^//' | grep -v -x -F -f "$co_state/objects/${co_x%%,*}")
    [ -z "$co_lines" ]
    return
  fi
  co_x=${co_obj#*:*:}
  co_lines=$(co_list_lines "$co_p" "$co_state/objects/${co_obj%%:*}" | grep -v '^//' | grep -v -x -F -f "$co_state/objects/${co_before#tree,}" | grep -v -x -F -f "$co_state/objects/${co_x%%:*}")
  [ -z "$co_lines" ]
}
co_back_tree() {
  co_part "$co_p"
  case $co_flags in
    tree) co_back_removed ;;
    *) co_back_applied ;;
  esac
}
co_back_removed() {
  co_look "$co_p"
  if [ "$co_d" = absent ] && [ -d "$co_tmp" ]; then
    co_digest co_tree_lines "$co_tmp"
    case $co_before in
      tree,"$co_w",*) mv -f "$co_tmp" "$co_p" && return 0 ;;
    esac
  fi
  rm -rf "$co_tmp"
  (umask 077 && mkdir "$co_tmp") || return 1
  tar -xpf "$co_state/objects/$co_obj" -C "$co_tmp" || { rm -rf "$co_tmp"; return 1; }
  co_x=${co_before#tree,}
  co_lines_before=$co_state/objects/${co_x%%,*}
  (cd "$co_tmp" && co_each_before co_link_owner) || return 1
  sync -f "$co_tmp" 2>/dev/null || sync
  if [ "$co_d" != absent ]; then rm -rf "$co_p"; fi
  mv -f "$co_tmp" "$co_p"
}
co_back_applied() {
  co_list_all=$co_state/objects/${co_obj%%:*}
  co_x=${co_obj#*:}
  co_list_made=$co_state/objects/${co_x%%:*}
  co_tar=${co_obj##*:}
  rm -rf "$co_tmp"
  if [ "$co_extra" != - ]; then
    co_un "$co_extra"
    co_part "$co_v"
    rm -rf "$co_tmp"
  fi
  case $co_flags in
    *owned)
      if [ "$co_extra" != - ]; then
        rm -rf "$co_p" && co_parents
        return
      fi
      ;;
  esac
  if [ -d "$co_p" ]; then
    while IFS= read -r co_x; do
      if [ -d "$co_p/$co_x" ] && [ ! -L "$co_p/$co_x" ]; then
        rmdir "$co_p/$co_x" 2>/dev/null || echo "not empty: $co_x" >&2
      else
        rm -f "$co_p/$co_x"
      fi
    done <"$co_list_made"
  fi
  if [ "$co_extra" != - ]; then
    if [ -d "$co_p" ]; then
      rmdir "$co_p" 2>/dev/null || {
        echo "the folder is not empty: $(ls -A "$co_p" | tr '\n' ' ')"
        return 1
      }
    fi
    co_parents
    return
  fi
  if [ "$co_tar" != - ]; then
    (umask 077 && mkdir "$co_tmp") && mkdir "$co_tmp/new" && tar -xpf "$co_state/objects/$co_tar" -C "$co_tmp/new" || return 1
    sync -f "$co_tmp" 2>/dev/null || sync
  fi
  co_lines_before=$co_state/objects/${co_before#tree,}
  (cd "$co_p" && co_each_before co_room) || return 1
  if [ "$co_tar" != - ]; then
    set +f
    co_merge "$co_tmp/new" "$co_p" || return 1
    set -f
    rm -rf "$co_tmp"
  fi
  # Folders are not in the tar: their modes and owners come from the lines.
  (cd "$co_p" && co_each_before co_one_folder && co_each_before co_link_owner)
}
# Calls "$1 RAW-MODE UID GID PATH" for each path that was there before, in the present folder.
co_each_before() {
  grep '^//[0-9a-f]' "$co_lines_before" | (
    while IFS= read -r co_line; do
      co_line=${co_line#//}
      co_1=${co_line%% *} co_line=${co_line#* }
      co_2=${co_line%% *} co_line=${co_line#* }
      "$1" "$co_1" "$co_2" "${co_line%% *}" "${co_line#* }" || exit 1
    done
  )
}
# A folder that stands where a file was, or a file where a folder was, goes first.
co_room() {
  case $1 in
    4*) if [ -e "$4" ] || [ -L "$4" ]; then [ -d "$4" ] && [ ! -L "$4" ] || rm -f "$4"; fi ;;
    *) if [ -d "$4" ] && [ ! -L "$4" ]; then rmdir "$4"; fi ;;
  esac
}
# busybox's tar does not give links their owners back.
co_link_owner() {
  case $1 in a*) co_owner "$4" "$2:$3" ;; esac
}
co_one_folder() {
  case $1 in 4*) ;; *) return 0 ;; esac
  if [ ! -d "$4" ]; then mkdir -p "$4"; fi
  co_owner "$4" "$2:$3" || return 1
  co_octal "$1"
  chmod "$co_w" "$4"
}
# Last three hex digits of a raw mode as octal.
co_octal() {
  co_x=$((0x$1))
  co_w=$((co_x / 512 % 8))$((co_x / 64 % 8))$((co_x / 8 % 8))$((co_x % 8))
}
