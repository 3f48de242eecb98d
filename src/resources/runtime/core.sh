# shellcheck shell=sh disable=SC1007,SC2015,SC2034,SC2154 # variables live across files; `a= b=` empties both
# What every script of ours on a host builds on: pictures of paths, kept before-images, the journal.
# POSIX sh for dash, bash, busybox ash, mksh and ksh93. Names begin with co_. No data in program text: paths come quoted.
co_nl='
'

# --- words: text as one word of safe characters; each byte of anything else is % and three octal digits; % alone is the empty text
co_esc() {
  case $1 in
    '') co_w=% ;;
    *[!A-Za-z0-9_./@+:=-]*)
      co_w=$(printf '%s' "$1" | od -An -v -to1 | tr -d '\n' | sed 's/ /%/g')
      ;;
    *) co_w=$1 ;;
  esac
}
co_un() {
  case $1 in
    %) co_v= ;;
    *%*)
      co_v=$(printf '%b' "$(printf '%s' "$1" | sed 's/%/\\0/g')" && echo x)
      co_v=${co_v%x}
      ;;
    *) co_v=$1 ;;
  esac
}

# --- what the host has: stat as GNU and busybox have it (-c) or as BSD has it (-f); a SHA-256 program that reads stdin
co_stat_c=
if stat -c %a / >/dev/null 2>&1; then co_stat_c=1; fi
if [ -n "$co_stat_c" ]; then
  co_st() { stat -c '%a %u %g %Y %y' "$1"; }
else
  co_st() { stat -f '%Mp%Lp %u %g %m -' "$1"; }
fi
if command -v sha256sum >/dev/null 2>&1; then
  co_sha() { sha256sum; }
  co_sums() { sha256sum "$@"; }
elif command -v shasum >/dev/null 2>&1; then
  co_sha() { shasum -a 256; }
  co_sums() { shasum -a 256 "$@"; }
else
  co_sha() { openssl dgst -sha256 -r; }
  co_sums() { openssl dgst -sha256 -r "$@" | sed 's/ \*/  /'; }
fi
# Durable: file by file where sync can (coreutils 8.24, busybox), else the whole host.
co_sync() { sync -d "$@" 2>/dev/null || sync "$@" 2>/dev/null || sync; }

# --- pictures: co_d is `absent` or `type,mode,uid,gid,content`; co_t the time of change with its fraction; ! = unreadable
co_look() {
  co_t=-
  if [ -L "$1" ]; then
    # shellcheck disable=SC2046
    set -- "$1" link $(co_st "$1" 2>/dev/null)
    co_x=$(readlink -n "$1" 2>/dev/null && echo x)
    co_esc "${co_x%x}"
  elif [ -f "$1" ]; then
    # shellcheck disable=SC2046
    set -- "$1" file $(co_st "$1" 2>/dev/null)
    co_x=
    if [ -r "$1" ]; then co_x=$(co_sha <"$1" 2>/dev/null); fi
    co_w=${co_x%% *}
  elif [ -d "$1" ]; then
    # shellcheck disable=SC2046
    set -- "$1" directory $(co_st "$1" 2>/dev/null)
    co_w=-
  elif [ -e "$1" ]; then
    # shellcheck disable=SC2046
    set -- "$1" other $(co_st "$1" 2>/dev/null)
    co_w=-
  else
    co_d=absent
    return 0
  fi
  case ${3:-} in
    ???) co_x=0$3 ;;
    ??) co_x=00$3 ;;
    ?) co_x=000$3 ;;
    *) co_x=${3:-!} ;;
  esac
  co_d=$2,$co_x,${4:-!},${5:-!},${co_w:-!}
  case ${8:-} in
    *.*) co_t=$6.${8#*.} ;;
    *) co_t=${6:--} ;;
  esac
}
# Whether a picture fits a pattern in which * stands for what is not known.
co_like() {
  # shellcheck disable=SC2254
  case $1 in $2) return 0 ;; esac
  return 1
}
# Whether each part of picture $1 is as in $2 or as in $3: a change of mode and owner that was cut short.
co_between() {
  case $1/$2/$3 in *absent*) return 1 ;; esac
  co_1=$1, co_2=$2, co_3=$3,
  while [ -n "$co_1" ]; do
    co_like "${co_1%%,*}" "${co_2%%,*}" || co_like "${co_1%%,*}" "${co_3%%,*}" || return 1
    co_1=${co_1#*,} co_2=${co_2#*,} co_3=${co_3#*,}
  done
}

# --- journal: `checksum length words...`; checksum = first 16 digits of the SHA-256 of the words, length = their characters
co_sum() {
  co_x=$(printf '%s' "$1" | co_sha) || return 1
  co_x=${co_x%"${co_x#????????????????}"}
}
co_log() {
  co_l=$*
  co_sum "$co_l" && printf '%s %s %s\n' "$co_x" "${#co_l}" "$co_l" >>"$co_j"
}
co_now() { co_now=$(date +%s); }

# --- temporary names: in the same folder, so that a rename can put them in place
co_part() {
  co_x=${1##*/}
  if [ "${#co_x}" -gt 180 ]; then co_x=$co_s; fi
  co_tmp=${1%/*}/.$co_x.$co_run-${co_s:-0}.part
}
# The same for a file in whose folder nothing can be made, but which may be written itself: from what the run keeps.
co_part_apart() {
  if [ -f "$1" ] && ! (: >"$co_tmp") 2>/dev/null; then co_tmp=$co_state/objects/.$co_run-${co_s:-0}.part; fi
}
# The same for a folder; inside of one that is there where nothing can be made beside it: somebody's home, a mount point.
co_tree_part() {
  co_part "$1"
  if [ -d "$1" ] && [ ! -w "${1%/*}/" ]; then co_part "$1/${1##*/}"; fi
}
# Renames over whatever stands there, never into it.
co_move() {
  if [ -L "$2" ] || [ -d "$2" ]; then
    mv -fT "$1" "$2" 2>/dev/null || mv -fh "$1" "$2" 2>/dev/null || { [ -L "$2" ] && rm -f "$2" && mv -f "$1" "$2"; }
  else
    mv -f "$1" "$2"
  fi
}
# Gives back a time of change; the fraction where touch takes one.
co_touch() {
  case $2 in -) return 0 ;; esac
  touch -c -m -d "@$2" "$1" 2>/dev/null || touch -c -m -d "@${2%%.*}" "$1" 2>/dev/null ||
    TZ=UTC0 touch -c -m -t "$(TZ=UTC0 date -r "${2%%.*}" +%Y%m%d%H%M.%S)" "$1"
}
# The new file gets label, lists and attributes of the one it replaces, where the host can.
co_like_old() {
  cp --attributes-only --preserve=all "$1" "$2" 2>/dev/null || cp -p "$1" "$2"
}
# Keeps a file (path, sha256) among the before-images. Fails when it is no longer that file.
co_keep() {
  if [ -f "$co_state/objects/$2" ]; then return 0; fi
  co_x=$co_state/objects/.$co_run.$$.part
  (umask 077 && cat "$1" >"$co_x") || { rm -f "$co_x"; return 1; }
  co_y=$(co_sha <"$co_x")
  if [ "${co_y%% *}" != "$2" ]; then
    rm -f "$co_x"
    echo "$1 changed while it was copied" >&2
    return 1
  fi
  co_sync "$co_x"
  mv -f "$co_x" "$co_state/objects/$2"
}
# Keeps what a command writes; its name is in co_w afterwards.
co_keep_out() {
  co_y=$co_state/objects/.$co_run.$$.out
  (umask 077 && "$@" >"$co_y") || { rm -f "$co_y"; return 1; }
  co_x=$(co_sha <"$co_y")
  co_w=${co_x%% *}
  if [ -f "$co_state/objects/$co_w" ]; then
    rm -f "$co_y"
  else
    co_sync "$co_y"
    mv -f "$co_y" "$co_state/objects/$co_w"
  fi
}

# --- commands with an inverse (its script is the object co_extra): the picture of what it shows now
co_shown() {
  co_x=$(sh "$co_state/objects/$co_extra" look </dev/null | co_sha)
  co_d=shown,${co_x%% *}
}

# --- trees: lines over types, modes, owners, contents and links, the same for a whole tree and for a list of its paths
co_links() {
  # shellcheck disable=SC2016,SC2086
  if find / -prune -printf '' >/dev/null 2>&1; then
    find "$@" $co_prune -type l -printf '//%p\n->%l\n'
  else
    find "$@" $co_prune -type l -exec sh -c 'for f; do echo "//$f" && printf "%s" "->" && readlink "$f"; done' x {} +
  fi
}
if [ -n "$co_stat_c" ]; then
  # shellcheck disable=SC2086
  co_modes() { find "$@" $co_prune -exec stat -c '//%f %u %g %n' {} +; }
else
  # shellcheck disable=SC2086
  co_modes() { find "$@" $co_prune -exec stat -f '//%Xp %u %g %N' {} +; }
fi
if command -v sha256sum >/dev/null 2>&1; then
  # shellcheck disable=SC2086
  co_hashes() { find "$@" $co_prune -type f -exec sha256sum {} +; }
else
  # shellcheck disable=SC2086
  co_hashes() { find "$@" $co_prune -type f -exec openssl dgst -sha256 -r {} + | sed 's/ \*/  /'; }
fi
co_prune=
# Prints them for the tree at $1.
co_tree_lines() {
  (cd "$1" && { co_modes . && co_hashes . && co_links .; } 2>/dev/null | LC_ALL=C sort)
}
# Prints them for the paths in the list $2 (one per line, ./first/second) below $1. Missing ones give no line.
co_list_lines() {
  (
    cd "$1" 2>/dev/null || exit 0
    co_prune=-prune co_a=1 co_list=$2
    set -f
    IFS=$co_nl
    while :; do
      # shellcheck disable=SC2046
      set -- $(sed -n "$co_a,$((co_a + 999))p" "$co_list")
      [ $# -gt 0 ] || break
      unset IFS
      { co_modes "$@"; co_hashes "$@"; co_links "$@"; } 2>/dev/null
      IFS=$co_nl co_a=$((co_a + 1000))
    done | LC_ALL=C sort
  )
}
co_digest() {
  co_w=$("$@" | co_sha)
  co_w=${co_w%% *}
}
# Moves everything in folder $1 into folder $2, file by file by rename, and removes $1. New folders move whole.
co_merge() {
  for co_f in "$1"/* "$1"/.[!.]* "$1"/..?*; do
    if [ -d "$co_f" ] && [ ! -L "$co_f" ] && [ -d "$2/${co_f##*/}" ] && [ ! -L "$2/${co_f##*/}" ]; then
      co_merge "$co_f" "$2/${co_f##*/}" || return 1
    fi
  done
  set -- "$1" "$2" "$1"/*
  if [ ! -e "$3" ] && [ ! -L "$3" ]; then set -- "$1" "$2"; fi
  for co_f in "$1"/.[!.]* "$1"/..?*; do
    if [ -e "$co_f" ] || [ -L "$co_f" ]; then set -- "$@" "$co_f"; fi
  done
  if [ $# -gt 2 ]; then
    co_f=$1 co_g=$2
    shift 2
    mv -f "$@" "$co_g/" || return 1
    set -- "$co_f" "$co_g"
  fi
  rmdir "$1"
}
