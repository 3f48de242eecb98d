# shellcheck shell=sh disable=SC1007,SC2015,SC2034,SC2154 # variables live across files; `a= b=` empties both
# Undo of files, folders and links, and the parents that were made with them.
co_look_file() {
  co_look "$co_p"
}
co_partly_file() { co_between "$co_d" "$co_before" "$co_a"; }
co_verify() {
  "co_look_$co_r"
  if [ "$co_d" = "$co_before" ]; then return 0; fi
  if co_inhabited; then
    echo "it is not empty: $(co_some_strange)"
    return 1
  fi
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
        co_part_apart "$co_p"
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
  co_owner "$co_tmp" "$3:$4" || {
    if [ "$co_tmp" != "$co_p" ]; then rm -rf "$co_tmp"; fi
    return 1
  }
  if [ "$1" != link ]; then chmod "0$2" "$co_tmp" || return 1; fi
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
        # shellcheck disable=SC2012 # for people to read
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
