# shellcheck shell=sh disable=SC1007,SC2015,SC2034,SC2154 # variables live across files; `a= b=` empties both
# The host's lock: one run at a time. The file says: owner run boot-id heartbeat pid start (owner and run as words).
# It is held while the shell that took it lives, or, when that cannot be told, while its heartbeat is fresh.
co_lock_read() {
  co_lo= co_lr= co_lb= co_lt=0 co_lp=0 co_ls=0 co_lz=
  [ -f "$co_state/lock" ] || return 1
  IFS= read -r co_lz <"$co_state/lock"
  read -r co_lo co_lr co_lb co_lt co_lp co_ls <"$co_state/lock"
}
co_boot_id() {
  co_boot=-
  if [ -r /proc/sys/kernel/random/boot_id ]; then read -r co_boot </proc/sys/kernel/random/boot_id; fi
}
# When process $1 started, in ticks since boot (field 22 of /proc/PID/stat), or nothing.
co_started() {
  co_x=
  if [ -r "/proc/$1/stat" ]; then
    read -r co_x <"/proc/$1/stat"
    co_x=${co_x##*") "}
    # shellcheck disable=SC2086
    set -- $co_x
    shift 19
    co_x=$1
  fi
}
co_lock_dead() {
  if [ "$co_lb" != "$co_boot" ]; then return 0; fi
  if [ -d /proc/self ]; then
    co_started "$co_lp"
    [ "$co_x" != "$co_ls" ]
  else
    [ $((co_now - co_lt)) -gt "$co_stale" ]
  fi
}
co_lock_write() {
  co_started $$
  co_y=$co_state/.lock.$$
  echo "$co_owner $co_run $co_boot $co_now $$ ${co_x:-0}" >"$co_y"
}
# Prints taken, or held with what the lock says. co_break takes it from whoever has it.
co_lock_take() {
  umask 077
  mkdir -p "$co_state" || return 1
  co_now
  co_boot_id
  co_lock_write || return 1
  if ln "$co_y" "$co_state/lock" 2>/dev/null; then
    rm -f "$co_y"
    echo taken
    return 0
  fi
  co_lock_read
  if [ "$co_lo $co_lr" = "$co_owner $co_run" ]; then
    mv -f "$co_y" "$co_state/lock"
    echo taken
  elif [ -n "$co_break" ] || co_lock_dead; then
    # Whoever moves it away first wins; if it is not the lock that was looked at, it goes back.
    if mv "$co_state/lock" "$co_y.gone" 2>/dev/null; then
      IFS= read -r co_z <"$co_y.gone"
      if [ "$co_z" = "$co_lz" ] && ln "$co_y" "$co_state/lock" 2>/dev/null; then
        echo "taken ${co_lo:-%} ${co_lr:-%} $co_lt"
      else
        ln "$co_y.gone" "$co_state/lock" 2>/dev/null
        echo "held $co_z"
      fi
    else
      echo "held $co_lz"
    fi
    rm -f "$co_y" "$co_y.gone"
  else
    rm -f "$co_y"
    echo "held $co_lo $co_lr $co_lb $co_lt $co_lp $co_ls"
  fi
}
co_lock_refresh() {
  umask 077
  co_now
  co_boot_id
  co_lock_read
  if [ "$co_lo $co_lr" != "$co_owner $co_run" ]; then
    echo "held $co_lo $co_lr $co_lb $co_lt $co_lp $co_ls"
    return 0
  fi
  co_lock_write && mv -f "$co_y" "$co_state/lock" && echo taken
}
co_lock_release() {
  co_lock_read
  if [ "$co_lo $co_lr" = "$co_owner $co_run" ]; then rm -f "$co_state/lock"; fi
}
