# shellcheck shell=sh disable=SC1007,SC2015,SC2034,SC2154 # variables live across files; `a= b=` empties both
# An init script may end before its daemon can be seen. Who looks too early takes it for stopped, and starts it again.
co_await_start() {
  if [ "$co_mgr" = systemd ]; then return 0; fi
  co_tries=10
  while [ "$co_active" = inactive ] && [ "$co_tries" -gt 0 ]; do
    sleep 0.1 2>/dev/null || { sleep 1 && co_tries=1; }
    co_tries=$((co_tries - 1))
    co_look_unit "$co_name"
  done
}
# One act (co_act) on a service (co_name, co_scope, co_block, co_pause).
co_service() {
  co_open= co_mtime=- co_flags=$co_act
  co_manager
  case $co_act in daemon-*) ;; *) co_look_unit "$co_name" ;; esac
  case $co_act in
    start | stop | restart | reload) co_before=run,$co_active ;;
    daemon-*) co_before=daemon ;;
    *) co_before=boot,$co_enabled ;;
  esac
  co_extra=$co_mgr:$co_scope
  if ! co_like "$co_before" "$co_e"; then
    co_say stale "$co_before"
    return 1
  fi
  if [ "$co_mgr" = none ]; then
    co_do "$co_act" "$co_name"
    co_failed unchanged
    return 1
  fi
  co_B && co_open=1 || co_failed unchanged || return 1
  co_sync "$co_j"
  co_x=0
  co_do "$co_act" "$co_name" || co_x=1
  co_rc=$co_x co_d=$co_before
  case $co_act in daemon-*) ;; *) co_look_unit "$co_name" ;; esac
  case $co_act$co_rc in start0 | restart0) co_await_start ;; esac
  case $co_act in
    start | stop | restart | reload) co_d=run,$co_active ;;
    daemon-*) ;;
    *) co_d=boot,$co_enabled ;;
  esac
  if [ "$co_act$co_d$co_block" = stoprun,active ]; then
    echo "$co_name was stopped, but it is still active" >&2
    co_rc=1
  fi
  if [ "$co_rc" != 0 ]; then
    if [ "$co_d" = "$co_before" ]; then co_failed unchanged; else co_log C "$co_s" "$co_now" "$co_d" && co_failed ""; fi
    return 1
  fi
  co_C
}
