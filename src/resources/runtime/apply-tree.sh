# shellcheck shell=sh disable=SC1007,SC2015,SC2034,SC2154 # variables live across files; `a= b=` empties both
# A tree change. The stream (co_c) is a tar with new/ (what is written) and lists/: all (touched paths), save (existing
# files and links), made (absent paths, deepest first), gone (to be removed), and the lists that co_adjust names.
# Paths stand one per line and begin with ./

# Runs a command on the paths of list $2 below folder $1.
co_each() {
  (
    cd "$1" || exit 1
    co_list=$2
    shift 2
    tr '\n' '\0' <"$co_list" | xargs -0 "$@"
  )
}
co_tree_adjust() { :; }
# Reads co_digest (lines of the touched paths), co_hashes_want (hash lines of what is written), co_owned; calls
# co_tree_stage (copies within the host, owners of new things) and co_tree_adjust (modes and owners in place).
co_tree() {
  co_tmp= co_open= co_flags=apply
  co_expect || { co_flags=; return 1; }
  co_before_root=$co_before
  co_top=$co_p co_below=
  if [ "$co_before" = absent ]; then
    co_flags=apply${co_owned:+-owned}
    while co_x=${co_top%/*} && [ -n "$co_x" ] && [ ! -e "$co_x" ] && [ ! -L "$co_x" ]; do
      co_below=/${co_top##*/}$co_below
      co_top=$co_x
    done
    co_esc "$co_top"
    co_extra=$co_w
  fi
  co_tree_part "$co_top"
  rm -rf "$co_tmp"
  co_esc "$co_tmp"
  co_log T "$co_s" "$co_w"
  (umask 077 && mkdir "$co_tmp") || co_tree_fail || return 1
  eval "$co_c" | tar -xpof - -C "$co_tmp" || co_tree_fail "cannot unpack below $co_top" || return 1
  if [ ! -d "$co_tmp/new" ]; then mkdir "$co_tmp/new"; fi
  co_lists=$co_tmp/lists
  co_keep_out co_list_lines "$co_p" "$co_lists/all" || co_tree_fail || return 1
  co_before=tree,$co_w
  if ! co_like "$co_w" "$co_digest"; then
    rm -rf "$co_tmp"
    co_say stale "$co_before"
    return 1
  fi
  co_tree_stage "$co_tmp/new" || co_tree_fail || return 1
  co_x=$( (cd "$co_tmp/new" && co_hashes .) | LC_ALL=C sort | co_sha)
  if ! co_like "${co_x%% *}" "$co_hashes_want"; then co_tree_fail "$co_p: what arrived is not what was sent" || return 1; fi
  co_keep_out cat "$co_lists/all" || co_tree_fail || return 1
  co_obj=$co_w
  co_keep_out cat "$co_lists/made" || co_tree_fail || return 1
  co_obj=$co_obj:$co_w
  co_keep_out co_tree_lines "$co_tmp/new" || co_tree_fail || return 1
  co_obj=$co_obj:$co_w:
  if [ -s "$co_lists/save" ]; then
    co_keep_out co_tar "$co_p" "$co_lists/save" || co_tree_fail "cannot keep what is there" || return 1
    co_obj=$co_obj$co_w
  else
    co_obj=$co_obj-
  fi
  co_B && co_open=1 || co_tree_fail || return 1
  sync -f "$co_tmp" "$co_state" 2>/dev/null || sync
  if [ "$co_before_root" = absent ]; then
    co_tree_new || co_tree_fail || return 1
  else
    if [ -s "$co_lists/gone" ]; then co_each "$co_p" "$co_lists/gone" rm -rf || co_tree_fail || return 1; fi
    co_merge "$co_tmp/new" "$co_p" || co_tree_fail || return 1
    co_tree_adjust "$co_p" || co_tree_fail || return 1
  fi
  co_keep_out co_list_lines "$co_p" "$co_lists/all" || co_tree_fail || return 1
  rm -rf "$co_tmp"
  co_d=tree,$co_w co_dirs=$co_p co_flags= co_extra=
  co_C
}
# The root is new: it appears whole, with its missing parents.
co_tree_new() {
  co_tree_adjust "$co_tmp/new" || return 1
  if [ -z "$co_below" ]; then
    co_move "$co_tmp/new" "$co_top"
  else
    mkdir -p "$co_tmp/up${co_below%/*}" && mv -f "$co_tmp/new" "$co_tmp/up$co_below" && co_move "$co_tmp/up" "$co_top"
  fi
}
# When nothing was moved yet, the entry is closed; else it stays open and undo looks.
co_tree_fail() {
  if [ -n "${1:-}" ]; then echo "$1" >&2; fi
  co_left=unchanged
  if [ -n "$co_open" ]; then
    co_keep_out co_list_lines "$co_p" "$co_lists/all"
    if [ "tree,$co_w" != "$co_before" ]; then co_left=; fi
  fi
  rm -rf "$co_tmp"
  co_flags= co_extra=
  co_failed "$co_left"
}
