# The acts of a change frame. Each prints `@ SEQ STATUS picture` and returns 1 unless it is done; why it failed goes to stderr.
# A frame sets: co_s seq, co_r resource, co_k key and co_q path as words, co_u undo kind, co_e expected picture,
# co_a planned picture, and what else the act reads.

# Forgets what the change before set.
co_new() {
  co_flags= co_obj= co_extra= co_m= co_o= co_c= co_v= co_unsafe= co_hard= co_to= co_owned= co_tmp= co_open=
  co_tree_stage() { :; }
  co_tree_adjust() { :; }
}
co_begin() {
  co_state=$1 co_run=$2 co_dirs=
  co_j=$co_state/runs/$co_run/journal
  co_now
  co_um=$(umask)
  if [ -f "$co_j" ]; then
    # A torn last line must not swallow the next one.
    if [ -n "$(tail -c 1 "$co_j")" ]; then echo >>"$co_j"; fi
  else
    (
      umask 077
      mkdir -p "$co_state/objects" "$co_state/runs/$co_run" && chmod 700 "$co_state" || exit 1
      co_x=
      if [ -r /proc/sys/kernel/random/boot_id ]; then read -r co_x </proc/sys/kernel/random/boot_id; fi
      co_log H "$co_run" "$co_now" 1 "${co_x:--}"
    ) || {
      echo "cannot keep a journal in $co_state, so nothing is changed" >&2
      return 1
    }
  fi
}
co_end() {
  co_sync "$co_j" ${co_dirs:+"$co_dirs"}
}
# Bytes OFFSET..LENGTH of the payload, or all of it.
co_blob() {
  if [ "$1" = all ]; then
    cat "$payload"
  else
    tail -c +$(($1 + 1)) "$payload" | head -c "$2"
  fi
}
# Puts the script that a person can run beside the journal.
co_put_undo() {
  co_x=$co_state/runs/$co_run/undo.sh
  if [ ! -f "$co_x" ]; then (umask 077 && co_blob "$@" >"$co_x.part" && mv -f "$co_x.part" "$co_x"); fi
}

# Prints a tar of what stands in folder $1: all of it, or the paths in the list $2. GNU tar keeps fractions of seconds.
co_tar() {
  case $(tar --version 2>/dev/null) in
    *GNU*)
      if [ -n "${2:-}" ]; then set -- -C "$1" --no-unquote -T "$2"; else set -- -C "$1" .; fi
      tar --format=posix --pax-option=delete=atime,delete=ctime -cf - "$@"
      ;;
    *)
      (
        cd "$1" || exit 1
        set -f
        IFS=$co_nl
        # shellcheck disable=SC2046
        if [ -n "${2:-}" ]; then set -- $(cat "$2"); else set -- .; fi
        unset IFS
        tar -cf - "$@"
      )
      ;;
  esac
}

co_say() { echo "@ $co_s $1 ${2:-}"; }
co_expect() {
  co_look "$co_p"
  co_before=$co_d co_mtime=$co_t
  if co_like "$co_d" "$co_e"; then return 0; fi
  co_say stale "$co_d"
  return 1
}
# Write-ahead: seq, time, resource, undo kind, flags, key, path, before, its time of change, object, planned after, extra
co_B() { co_log B "$co_s" "$co_now" "$co_r" "$co_u" "${co_flags:--}" "$co_k" "$co_q" "$co_before" "$co_mtime" "${co_obj:--}" "$co_a" "${co_extra:--}"; }
co_C() {
  co_log C "$co_s" "$co_now" "$co_d" && co_say "done" "$co_d"
}
# Ends a change that could not be made. With nothing changed the entry is closed.
co_fail() {
  if [ -n "${1:-}" ]; then echo "$1" >&2; fi
  if [ -n "${co_tmp:-}" ]; then rm -rf "$co_tmp"; fi
  if [ -n "${co_open:-}" ]; then
    co_look "$co_p"
    if [ "$co_d" = "$co_before" ]; then co_log F "$co_s" "$co_now"; fi
  fi
  co_say failed
  return 1
}
co_in_folder() {
  if [ -d "${co_p%/*}/" ]; then return 0; fi
  echo "the folder ${co_p%/*} does not exist" >&2
  return 1
}
# Saves what stands at the path and writes the B line.
co_ahead() {
  co_obj= co_open=
  case $co_before in
    file,*)
      co_obj=${co_before##*,}
      if [ "$co_obj" = ! ]; then echo "cannot read $co_p, so it could not be put back" >&2; return 1; fi
      co_keep "$co_p" "$co_obj" || return 1
      ;;
  esac
  co_B && co_open=1
}
co_done() {
  co_look "$co_p"
  co_dirs=${co_p%/*}/
  co_C
}
# Owner first: changing it clears set-id bits.
co_own() {
  if [ -n "${co_o:-}" ]; then chown -h "$co_o" "$1" || return 1; fi
  if [ -n "${co_m:-}" ]; then chmod "$co_m" "$1" || return 1; fi
}

# Writes a file: co_c prints the content (empty: none), co_h its hash, co_v checks it, co_unsafe allows writing in place.
co_write() {
  co_tmp= co_open=
  co_expect || return 1
  co_in_folder || co_fail || return 1
  co_part "$co_p"
  rm -rf "$co_tmp"
  co_ahead || co_fail || return 1
  case $co_before in
    file,*) co_like_old "$co_p" "$co_tmp" || co_fail || return 1 ;;
    *)
      if [ -n "${co_m:-}" ]; then umask 077; fi
      : >"$co_tmp" || co_fail || return 1
      umask "$co_um"
      if [ -n "${co_label:-}" ]; then restorecon "$co_tmp" 2>/dev/null; fi
      ;;
  esac
  if [ -n "$co_c" ]; then
    eval "$co_c" >"$co_tmp" || co_fail "cannot write $co_tmp" || return 1
  else
    : >"$co_tmp"
  fi
  co_own "$co_tmp" || co_fail || return 1
  co_look "$co_tmp"
  if [ "${co_d##*,}" != "$co_h" ] && [ "${co_d##*,}" != ! ]; then
    co_fail "$co_p: what arrived has the hash ${co_d##*,} instead of $co_h"
    return 1
  fi
  if [ -n "${co_v:-}" ]; then
    co_x=$(eval "$co_v" 2>&1 </dev/null) || co_fail "validation failed: $co_x" || return 1
  fi
  co_sync "$co_j" "$co_tmp" ${co_dirs:+"$co_dirs"}
  if [ "${co_before%%,*}" = directory ]; then rmdir "$co_p" || co_fail || return 1; fi
  if [ -n "${co_unsafe:-}" ]; then
    co_move "$co_tmp" "$co_p" 2>/dev/null || { cat "$co_tmp" >"$co_p" && co_own "$co_p" && rm -f "$co_tmp"; } || co_fail || return 1
  else
    co_move "$co_tmp" "$co_p" || co_fail || return 1
  fi
  co_done
}
# Changes mode and owner in place.
co_attributes() {
  co_tmp= co_open=
  co_expect || return 1
  co_ahead_light || co_fail || return 1
  co_sync "$co_j"
  co_own "$co_p" || co_fail || return 1
  co_done
}
# The content stays, so there is no object to keep.
co_ahead_light() {
  co_obj=
  co_B && co_open=1
}
# Makes a folder with its missing parents; the whole chain appears at once.
co_folder() {
  co_tmp= co_open=
  co_expect || return 1
  co_top=$co_p co_below=
  while co_x=${co_top%/*} && [ -n "$co_x" ] && [ ! -e "$co_x" ] && [ ! -L "$co_x" ]; do
    co_below=/${co_top##*/}$co_below
    co_top=$co_x
  done
  co_part "$co_top"
  rm -rf "$co_tmp"
  co_esc "$co_top"
  co_extra=$co_w
  co_ahead || co_fail || return 1
  mkdir "$co_tmp" && mkdir -p "$co_tmp$co_below" || co_fail || return 1
  if [ -n "${co_o:-}" ]; then chown -R "$co_o" "$co_tmp" || co_fail || return 1; fi
  if [ -n "${co_m:-}" ]; then
    # From below, because a mode without x or w would shut us out.
    co_x=$co_below
    while chmod "$co_m" "$co_tmp$co_x" && [ -n "$co_x" ]; do co_x=${co_x%/*}; done || co_fail || return 1
  fi
  co_sync "$co_j"
  case $co_before in
    absent) ;;
    *) rm -f "$co_p" || co_fail || return 1 ;;
  esac
  co_move "$co_tmp" "$co_top" || co_fail || return 1
  co_extra=
  co_done
}
# Makes a symbolic (co_l the text) or hard link (co_hard the other name).
co_link() {
  co_tmp= co_open=
  co_expect || return 1
  co_in_folder || co_fail || return 1
  co_part "$co_p"
  rm -rf "$co_tmp"
  co_ahead || co_fail || return 1
  if [ -n "${co_hard:-}" ]; then
    ln "$co_hard" "$co_tmp" && co_own "$co_tmp" || co_fail || return 1
  else
    ln -s -- "$co_to" "$co_tmp" && co_own "$co_tmp" || co_fail || return 1
  fi
  co_sync "$co_j"
  if [ "${co_before%%,*}" = directory ]; then rmdir "$co_p" || co_fail || return 1; fi
  co_move "$co_tmp" "$co_p" || co_fail || return 1
  co_done
}
# Removes a file, link or empty folder.
co_remove() {
  co_tmp= co_open=
  co_expect || return 1
  case $co_before in directory,*)
    co_e=$co_before co_digest='*'
    co_remove_tree
    return
    ;;
  esac
  co_ahead || co_fail || return 1
  co_sync "$co_j"
  rm -f "$co_p" || co_fail || return 1
  co_done
}
# Removes a folder with everything below (co_digest: what it must hold). It is gone at once, by a rename.
co_remove_tree() {
  co_tmp= co_open= co_flags=tree
  co_expect || return 1
  co_keep_out co_tree_lines "$co_p" || { co_flags=; co_fail; return 1; }
  if ! co_like "$co_w" "$co_digest"; then co_flags=; co_say stale "tree,$co_w"; return 1; fi
  co_before=tree,$co_w,$co_before
  co_keep_out co_tar "$co_p" || { co_flags=; co_fail "cannot keep $co_p"; return 1; }
  co_obj=$co_w
  co_B && co_open=1 || co_fail || return 1
  co_flags=
  co_sync "$co_j"
  co_part "$co_p"
  rm -rf "$co_tmp"
  mv -f "$co_p" "$co_tmp" 2>/dev/null || co_tmp=$co_p
  rm -rf "$co_tmp" || { co_tmp=; co_fail; return 1; }
  co_done
}
# Sets times (co_mt, co_at: seconds, keep or now); makes an empty file of nothing.
co_touch_file() {
  co_tmp= co_open= co_flags=touch
  co_expect || { co_flags=; return 1; }
  co_in_folder || co_fail || return 1
  co_ahead_light || co_fail || return 1
  co_sync "$co_j"
  if [ "$co_before" = absent ]; then : >>"$co_p" || co_fail || return 1; fi
  co_own "$co_p" || co_fail || return 1
  case $co_mt in keep) ;; now) touch -m "$co_p" ;; *) co_touch "$co_p" "$co_mt" ;; esac || co_fail || return 1
  case $co_at in keep) ;; now) touch -a "$co_p" ;; *) touch -a -d "@$co_at" "$co_p" || touch -a -d "@${co_at%%.*}" "$co_p" ;; esac || co_fail || return 1
  co_flags=
  co_done
}

# Runs a command: co_argv is eval'd behind exec in a session of its own; co_setup before it (folder, environment, umask);
# co_in prints its stdin. Prints `@ SEQ done RC START END BYTES BYTES` and both outputs.
co_command() {
  co_before=command co_mtime=- co_open=
  if [ -z "$co_query" ]; then
    co_B || co_fail || return 1
    co_sync "$co_j"
  fi
  co_x=/dev/null
  if [ -n "$co_in" ]; then
    co_x=$co_dir/in
    (umask 077 && eval "$co_in" >"$co_x") || co_fail || return 1
  fi
  if [ -n "$co_script" ]; then (umask 077 && eval "$co_script" >"$co_dir/script") || co_fail || return 1; fi
  co_start=$(date +%s.%N)
  (eval "$co_setup" && eval "exec $co_session $co_argv") >"$co_dir/out" 2>"$co_dir/err" <"$co_x"
  co_rc=$?
  co_stop=$(date +%s.%N)
  if [ -z "$co_query" ]; then co_log C "$co_s" "$co_now" "command,$co_rc"; fi
  echo "@ $co_s done $co_rc $co_start $co_stop" $(wc -c <"$co_dir/out") $(wc -c <"$co_dir/err")
  cat "$co_dir/out" "$co_dir/err"
  rm -f "$co_dir/in" "$co_dir/script" "$co_dir/out" "$co_dir/err"
}
if command -v setsid >/dev/null 2>&1; then co_session=setsid; else co_session=; fi
