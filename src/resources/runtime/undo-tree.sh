# shellcheck shell=sh disable=SC1007,SC2015,SC2034,SC2154 # variables live across files; `a= b=` empties both
# Undo of trees: removed ones (flag tree) and applied ones.
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
  case $co_flags in
    tree) co_part "$co_p" && co_back_removed ;;
    *) co_tree_part "$co_p" && co_back_applied ;;
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
        rmdir "$co_p/$co_x" 2>/dev/null
      else
        rm -f "$co_p/$co_x"
      fi
    done <"$co_list_made"
  fi
  if [ "$co_extra" != - ]; then
    if [ -d "$co_p" ]; then
      rmdir "$co_p" 2>/dev/null || {
        co_strange=$(co_strangers)
        echo "it is not empty: $(co_some_strange)"
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
# What is in the folders that a change made, and was not made by it.
co_strangers() {
  co_x=${co_obj#*:}
  co_list_made=$co_state/objects/${co_x%%:*}
  cd "$co_p" 2>/dev/null || return 0
  {
    if [ "$co_extra" != - ]; then echo .; fi
    cat "$co_list_made"
  } | while IFS= read -r co_x; do
    if [ ! -d "$co_x" ] || [ -L "$co_x" ]; then continue; fi
    # shellcheck disable=SC2012 # for people to read
    ls -A "$co_x" | while IFS= read -r co_y; do printf '%s\n' "$co_x/$co_y"; done
  done | grep -v -x -F -f "$co_list_made" | sed 's|^\./||'
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
  chmod "0$co_w" "$4"
}
# Last three hex digits of a raw mode as octal.
co_octal() {
  co_x=$((0x$1))
  co_w=$((co_x / 512 % 8))$((co_x / 64 % 8))$((co_x / 8 % 8))$((co_x % 8))
}
