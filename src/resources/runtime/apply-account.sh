# shellcheck shell=sh disable=SC1007,SC2015,SC2034,SC2154 # variables live across files; `a= b=` empties both
# Account and group changes. co_name; co_act creates, changes or removes; co_act_busybox does so without the shadow tools.
co_expect_account() {
  "$1" "$co_name"
  co_before=$co_d co_mtime=-
  if co_like "$co_d" "$co_e"; then return 0; fi
  co_say stale "$co_d"
  return 1
}
co_account_fail() {
  co_left=unchanged
  if [ -n "${co_open:-}" ]; then
    "$1" "$co_name"
    if [ "$co_d" != "$co_before" ]; then co_left=; fi
  fi
  co_failed "$co_left"
}
# co_tool names the shadow tool.
co_by_tool() {
  if command -v "$co_tool" >/dev/null 2>&1; then eval "$co_act"; else eval "$co_act_busybox"; fi
}
# co_home is the home that comes into being, from co_skel; co_wipe the one that goes.
co_user() {
  co_open=
  co_expect_account co_look_account || return 1
  if [ "$co_before" != absent ]; then
    co_keep_out co_account_lines "$co_name" || co_account_fail co_look_account || return 1
    co_obj=$co_w
  fi
  if [ -n "$co_home" ] && [ ! -e "$co_home" ]; then
    co_esc "$co_home"
    co_extra=$co_w
    if [ "$co_before" != absent ]; then co_flags=home; fi
  fi
  if [ -n "$co_wipe" ] && [ -d "$co_wipe" ]; then
    co_keep_out co_tar "$co_wipe" || co_account_fail co_look_account || return 1
    co_extra=$co_w
  fi
  co_B && co_open=1 || co_account_fail co_look_account || return 1
  co_sync "$co_j"
  co_by_tool || co_account_fail co_look_account || return 1
  if [ "$co_flags" = home ] && [ ! -e "$co_home" ]; then
    co_make_home || co_account_fail co_look_account || return 1
  fi
  if [ -n "$co_pass" ]; then
    eval "$co_pass" | chpasswd -e >/dev/null || co_account_fail co_look_account || return 1
  fi
  co_look_account "$co_name"
  co_extra=
  co_C
}
# As useradd -m makes it. UMASK of login.defs(5); chmod without a letter for whom goes by the umask.
co_make_home() {
  mkdir -p "${co_home%/*}/"
  if [ -d "$co_skel" ]; then cp -RPp "$co_skel" "$co_home" || return 1; else mkdir "$co_home" || return 1; fi
  co_mask=022
  if [ -r /etc/login.defs ]; then
    while read -r co_x co_y co_z; do
      if [ "$co_x" = UMASK ]; then co_mask=$co_y; fi
    done </etc/login.defs
  fi
  (umask "$co_mask" && chmod '=rwx' "$co_home") || return 1
  co_db_line /etc/passwd "$co_name" || return 1
  co_line=$co_v
  co_field "$co_line" 3
  co_x=$co_v
  co_field "$co_line" 4
  chown -Rh "$co_x:$co_v" "$co_home"
}
co_grp() {
  co_open=
  co_expect_account co_look_gid || return 1
  if [ "$co_before" != absent ]; then
    co_keep_out co_group_lines || co_account_fail co_look_gid || return 1
    co_obj=$co_w
  fi
  co_B && co_open=1 || co_account_fail co_look_gid || return 1
  co_sync "$co_j"
  co_by_tool || co_account_fail co_look_gid || return 1
  co_look_gid "$co_name"
  co_C
}
co_group_lines() {
  for co_i in group gshadow; do
    if [ -r "/etc/$co_i" ] && co_db_line "/etc/$co_i" "$co_name"; then printf '%s %s\n' "$co_i" "$co_v"; fi
  done
}
# Changes fields of the account's passwd line: co_put N VALUE ...
co_put() {
  co_db_line /etc/passwd "$co_name" || return 1
  co_line=
  co_rest=$co_v:
  co_k2=1
  while [ -n "$co_rest" ]; do
    co_y=${co_rest%%:*}
    co_rest=${co_rest#*:}
    if [ "${1:-0}" = "$co_k2" ]; then
      co_y=$2
      shift 2
    fi
    co_line=$co_line:$co_y
    co_k2=$((co_k2 + 1))
  done
  co_db_put /etc/passwd "$co_name" "${co_line#:}"
}
# Group id of a name or number.
co_gid_of() {
  case $1 in
    *[!0-9]*)
      co_db_line /etc/group "$1" || {
        echo "there is no group $1" >&2
        return 1
      }
      co_field "$co_v" 3
      ;;
    *) co_v=$1 ;;
  esac
}
