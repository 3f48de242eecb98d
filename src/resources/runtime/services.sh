# shellcheck shell=sh disable=SC1007,SC2015,SC2034,SC2154 # variables live across files; `a= b=` empties both
# Services: which manager, pictures, acts. Never pretends: without a manager that knows the service, acts fail.
co_manager() {
  if command -v systemctl >/dev/null 2>&1 && { [ -d /run/systemd/system ] || systemctl show -p Version >/dev/null 2>&1; }; then
    co_mgr=systemd
  elif command -v rc-service >/dev/null 2>&1; then
    co_mgr=openrc
  elif [ -d /etc/init.d ] || [ -d /etc/rc.d/init.d ]; then
    co_mgr=sysv
  else
    co_mgr=none
  fi
}
co_ctl() {
  case $co_scope in
    user) systemctl --user "$@" ;;
    global) systemctl --global "$@" ;;
    *) systemctl "$@" ;;
  esac
}
co_init() {
  if command -v service >/dev/null 2>&1; then
    service "$@"
  elif [ -x "/etc/init.d/$1" ]; then
    "/etc/init.d/$1" "$2"
  else
    "/etc/rc.d/init.d/$1" "$2"
  fi
}
co_known() {
  if [ -x "/etc/init.d/$1" ] || [ -x "/etc/rc.d/init.d/$1" ]; then return 0; fi
  echo "there is no service $1" >&2
  return 1
}
# co_active: active or inactive; co_enabled as systemd says it, or enabled, disabled.
co_look_unit() {
  case $co_mgr in
    systemd)
      co_x=$(co_ctl show -p ActiveState -p UnitFileState -p LoadState -- "$1" 2>/dev/null)
      co_active=inactive co_enabled=disabled
      case $co_x in *ActiveState=active* | *ActiveState=activating* | *ActiveState=reloading*) co_active=active ;; esac
      case $co_x in
        *LoadState=masked*) co_enabled=masked ;;
        *UnitFileState=?*)
          co_enabled=${co_x#*UnitFileState=}
          co_enabled=${co_enabled%%"$co_nl"*}
          ;;
      esac
      ;;
    openrc)
      if rc-service "$1" status >/dev/null 2>&1; then co_active=active; else co_active=inactive; fi
      case $(rc-update show 2>/dev/null) in *" $1 |"*) co_enabled=enabled ;; *) co_enabled=disabled ;; esac
      ;;
    *)
      if co_init "$1" status >/dev/null 2>&1; then co_active=active; else co_active=inactive; fi
      co_enabled=disabled
      for co_x in /etc/rc[2345].d/S[0-9][0-9]"$1" /etc/rc.d/rc[2345].d/S[0-9][0-9]"$1"; do
        if [ -L "$co_x" ] || [ -e "$co_x" ]; then co_enabled=enabled; fi
      done
      ;;
  esac
}
# co_do ACT NAME
co_do() {
  case $co_mgr in
    systemd)
      case $1 in
        daemon-*) co_ctl "$1" ;;
        *) co_ctl ${co_block:+--no-block} --quiet "$1" -- "$2" ;;
      esac
      ;;
    openrc)
      case $1 in
        enable) rc-update add "$2" >/dev/null ;;
        disable) rc-update del "$2" >/dev/null ;;
        start | stop | restart | reload) rc-service "$2" "$1" >/dev/null ;;
        daemon-*) : ;;
        *)
          echo "this host's OpenRC cannot $1 a service" >&2
          return 1
          ;;
      esac
      ;;
    sysv)
      case $1 in
        start | stop | reload) co_known "$2" && co_init "$2" "$1" >/dev/null ;;
        # Their own `restart` may end with nothing running and say that all is well: as Ansible, they are stopped and started.
        restart) co_known "$2" && { co_init "$2" stop >/dev/null; [ "${co_pause:-0}" = 0 ] || sleep "$co_pause"; co_init "$2" start >/dev/null; } ;;
        enable | disable) co_known "$2" && co_boot "$1" "$2" ;;
        daemon-*) : ;;
        *)
          echo "init scripts cannot $1 a service" >&2
          return 1
          ;;
      esac
      ;;
    *)
      echo "this host has no service manager: neither systemd, OpenRC nor init scripts" >&2
      return 1
      ;;
  esac
}
co_boot() {
  if command -v update-rc.d >/dev/null 2>&1; then
    if [ "$1" = enable ]; then update-rc.d "$2" defaults >/dev/null 2>&1; fi
    update-rc.d "$2" "$1" >/dev/null
  elif command -v chkconfig >/dev/null 2>&1; then
    if [ "$1" = enable ]; then chkconfig "$2" on; else chkconfig "$2" off; fi
  else
    echo "there is neither update-rc.d nor chkconfig to $1 $2" >&2
    return 1
  fi
}
