# shellcheck shell=sh disable=SC1007,SC2015,SC2034,SC2154 # variables live across files; `a= b=` empties both
# The acts of a change frame. Each prints `@ SEQ STATUS picture` and returns 1 unless it is done; why it failed goes to stderr.
# A frame sets: co_s seq, co_r resource, co_k key and co_q path as words, co_u undo kind, co_e expected picture,
# co_a planned picture, and what else the act reads.

# Forgets what the change before set.
co_new() {
  co_flags= co_obj= co_extra= co_m= co_o= co_c= co_v= co_unsafe= co_hard= co_to= co_owned= co_tmp= co_open=
  # shellcheck disable=SC2317,SC2329 # called by co_tree
  co_tree_stage() { :; }
  # shellcheck disable=SC2317,SC2329
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
  elif [ "$1" = 0 ]; then
    head -c "$2" "$payload"
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
# Says that a change could not be made; `unchanged` closes its entry.
co_failed() {
  if [ "$1" = unchanged ] && [ -n "${co_open:-}" ]; then co_log F "$co_s" "$co_now"; fi
  co_say failed "$1"
  return 1
}
# Ends a change that could not be made, and looks what is there.
co_fail() {
  if [ -n "${1:-}" ]; then echo "$1" >&2; fi
  if [ -n "${co_tmp:-}" ]; then rm -rf "$co_tmp"; fi
  co_left=unchanged
  if [ -n "${co_open:-}" ]; then
    co_look "$co_p"
    if [ "$co_d" != "$co_before" ]; then co_left=; fi
  fi
  co_failed "$co_left"
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
  co_log C "$co_s" "$co_now" "$co_d" && co_say "done" "$co_d $(co_names "$co_p")"
}
# What the picture has not: size/links/owner/group.
if [ -n "$co_stat_c" ]; then
  co_names() { stat -c '%s/%h/%U/%G' "$1" 2>/dev/null; }
else
  co_names() { stat -f '%z/%l/%Su/%Sg' "$1" 2>/dev/null; }
fi
# Owner first: changing it clears set-id bits. The 0 before the mode: with four digits GNU chmod keeps those of a folder.
co_own() {
  if [ -n "${co_o:-}" ]; then chown -h "$co_o" "$1" || return 1; fi
  if [ -n "${co_m:-}" ]; then chmod "0$co_m" "$1" || return 1; fi
}
