# shellcheck shell=sh disable=SC1007,SC2015,SC2034,SC2154 # variables live across files; `a= b=` empties both
# Undo of acts on services.
co_look_service() {
  co_mgr=${co_extra%%:*} co_scope=${co_extra#*:} co_block=
  case $co_before in
    daemon) co_d=daemon ;;
    *)
      set +f
      co_look_unit "$co_p"
      set -f
      ;;
  esac
  case $co_before in
    run,*) co_d=run,$co_active ;;
    boot,*) co_d=boot,$co_enabled ;;
  esac
}
co_partly_service() { return 0; }
co_back_service() {
  if [ -n "$co_daemon" ] && [ "$co_mgr" = systemd ]; then co_ctl daemon-reload; fi
  case $co_before in
    run,active) co_do start "$co_p" ;;
    run,*) co_do stop "$co_p" ;;
    boot,masked*) co_do mask "$co_p" ;;
    boot,enabled*)
      if [ "$co_d" = boot,masked ]; then co_do unmask "$co_p"; fi
      co_do enable "$co_p"
      ;;
    boot,*)
      if [ "$co_d" = boot,masked ]; then co_do unmask "$co_p"; else co_do disable "$co_p"; fi
      ;;
  esac
}
