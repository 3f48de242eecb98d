# shellcheck shell=sh disable=SC1007,SC2015,SC2034,SC2154 # variables live across files; `a= b=` empties both
# Undo of accounts and groups.
co_look_user() { co_look_account "$co_p"; }
co_partly_user() { return 0; }
co_back_user() {
  if [ "$co_before" = absent ]; then
    if command -v userdel >/dev/null 2>&1; then userdel "$co_p" || return 1; else deluser "$co_p" || return 1; fi
    if [ "$co_extra" != - ]; then
      co_un "$co_extra"
      rm -rf "$co_v"
      rm -f "/var/mail/$co_p" "/var/spool/mail/$co_p"
    fi
    return 0
  fi
  co_now_home= co_now_line=
  if co_db_line /etc/passwd "$co_p"; then co_now_line=$co_v; co_field "$co_v" 6; co_now_home=$co_v; fi
  co_member= co_file=$co_state/objects/$co_obj
  while IFS=' ' read -r co_db co_rest; do
    case $co_db in
      passwd | shadow)
        co_db_put "/etc/$co_db" "$co_p" "$co_rest" || return 1
        if [ "$co_db" = passwd ]; then co_old_line=$co_rest; co_field "$co_rest" 6; co_old_home=$co_v; fi
        ;;
      group)
        co_name=${co_rest%%:*}
        case ,${co_rest##*:}, in *,"$co_p",*) co_member=$co_member+$co_name ;; esac
        co_db_line /etc/group "$co_name" || co_db_put /etc/group "$co_name" "$co_rest" || return 1
        ;;
      gshadow)
        co_db_line /etc/gshadow "${co_rest%%:*}" || co_db_put /etc/gshadow "${co_rest%%:*}" "$co_rest" || return 1
        ;;
      subuid | subgid)
        # userdel takes them with the account.
        grep -q -x -F -e "$co_rest" "/etc/$co_db" || printf '%s\n' "$co_rest" >>"/etc/$co_db" || return 1
        ;;
    esac
  done <"$co_file"
  co_db_members "$co_p" /etc/group "${co_member#+}" || return 1
  if [ -r /etc/gshadow ]; then co_db_members "$co_p" /etc/gshadow "${co_member#+}" || return 1; fi
  if [ "${co_extra#/}" != "$co_extra" ]; then
    co_un "$co_extra"
    rm -rf "$co_v"
  elif [ "$co_extra" != - ] && [ ! -d "$co_old_home" ]; then
    mkdir "$co_old_home" && tar -xpf "$co_state/objects/$co_extra" -C "$co_old_home"
  elif [ -n "$co_now_home" ] && [ "$co_now_home" != "$co_old_home" ] && [ ! -e "$co_old_home" ] && [ -d "$co_now_home" ]; then
    mv "$co_now_home" "$co_old_home" || return 1
  fi
  if [ -n "$co_now_line" ] && [ -d "$co_old_home" ] && command -v usermod >/dev/null 2>&1; then
    co_ids_back 3 -user chown && co_ids_back 4 -group chgrp
  fi
}
# usermod gives what lies in the home, and the mail, to the new ids: they come back with field $1 of the account's line.
co_ids_back() {
  co_field "$co_now_line" "$1"
  co_now_id=$co_v
  co_field "$co_old_line" "$1"
  if [ "$co_now_id" = "$co_v" ]; then return 0; fi
  for co_x in "$co_old_home" "/var/mail/$co_p"; do
    if [ ! -e "$co_x" ]; then continue; fi
    find "$co_x" -xdev "$2" "$co_now_id" -exec "$3" -h "$co_v" {} + || return 1
  done
}
co_look_group() { co_look_gid "$co_p"; }
co_partly_group() { return 0; }
co_back_group() {
  if [ "$co_before" = absent ]; then
    if command -v groupdel >/dev/null 2>&1; then groupdel "$co_p"; else delgroup "$co_p"; fi
    return
  fi
  while IFS=' ' read -r co_db co_rest; do
    co_db_put "/etc/$co_db" "$co_p" "$co_rest" || return 1
  done <"$co_state/objects/$co_obj"
}
