# shellcheck shell=sh disable=SC1007,SC2015,SC2034,SC2154 # variables live across files; `a= b=` empties both
# Runs a command: co_argv is eval'd behind exec in a session of its own; co_setup before it (folder, environment, umask);
# co_in prints its stdin; co_inverse the script that shows and puts back what it changes, if there is one. Prints `@ SEQ done RC START END BYTES BYTES MISSING_KB` and both outputs
# (see output-cap.sh); START and END of a query are 0.
co_command() {
  co_before=command co_mtime=- co_open=
  if [ -z "$co_query" ]; then
    if [ -n "$co_inverse" ]; then co_command_before || return 1; fi
    co_B || co_fail || return 1
    co_sync "$co_j"
  fi
  co_x=/dev/null
  if [ -n "$co_in" ]; then
    co_x=$co_dir/in
    (umask 077 && eval "$co_in" >"$co_x") || co_fail || return 1
  fi
  if [ -n "$co_script" ]; then (umask 077 && eval "$co_script" >"$co_dir/script") || co_fail || return 1; fi
  co_start=0 co_stop=0
  if [ -z "$co_query" ]; then co_start=$(date +%s.%N); fi
  co_cap_start "$co_s $co_start" || co_fail || return 1
  (eval "$co_setup" && eval "exec $co_session $co_argv") >>"$co_dir/out" 2>>"$co_dir/err" <"$co_x"
  co_rc=$?
  if [ -z "$co_query" ]; then co_stop=$(date +%s.%N); fi
  co_cap_end
  if [ -z "$co_query" ]; then
    co_d=command,$co_rc
    if [ -n "$co_inverse" ]; then co_shown; fi
    co_log C "$co_s" "$co_now" "$co_d"
  fi
  # shellcheck disable=SC2046 # split into words: size, name, size, name, total
  set -- $(wc -c "$co_dir/out" "$co_dir/err")
  echo "@ $co_s done $co_rc $co_start $co_stop $1 $3 $co_left"
  cat "$co_dir/out" "$co_dir/err"
  rm -f "$co_dir/in" "$co_dir/script" "$co_dir/out" "$co_dir/err"
}
# Keeps the inverse, and what it shows before the command.
co_command_before() {
  co_keep_out eval "$co_inverse" || co_fail || return 1
  co_extra=$co_w
  co_keep_out sh "$co_state/objects/$co_extra" look || co_fail || return 1
  co_obj=$co_w co_before=shown,$co_w
  if co_like "$co_before" "$co_e"; then return 0; fi
  co_say stale "$co_before"
  return 1
}
if command -v setsid >/dev/null 2>&1; then co_session=setsid; else co_session=; fi
