# shellcheck shell=sh disable=SC1007,SC2015,SC2034,SC2154 # variables live across files; `a= b=` empties both
# Keeps what a command writes from filling the disk. Its outputs are files, out and err in co_dir, so that a daemon which it
# leaves behind holds up nobody; they are opened for appending, so that somebody else can shorten them while it writes.
# Of what is longer than twice co_blocks (of 64 KiB) the head and the tail are kept. Sizes count in kB: some shells have 32 bits.
co_cap_start() {
  co_watch=
  if [ -e "$co_dir/out.cut" ] || [ -e "$co_dir/err.cut" ]; then rm -f "$co_dir"/out.* "$co_dir"/err.*; fi
  : >"$co_dir/out" || return 1
  : >"$co_dir/err" || return 1
  if [ "$co_blocks" -le 0 ]; then return 0; fi
  echo "$1" >"$co_dir/watch" || return 1
  (co_cap_watch "$1") </dev/null >/dev/null 2>&1 &
  co_watch=$!
}
# Looks every now and then, as long as the file says that its command runs. Told to end, it finishes the cut that it is at:
# half a cut would count wrongly, or keep the same lines twice.
co_cap_watch() {
  co_nap= co_tick=0.2 co_cutting=
  trap 'kill "$co_nap" 2>/dev/null; if [ -z "$co_cutting" ]; then exit 0; fi' TERM
  while co_cap_wanted "$1"; do
    sleep "$co_tick" &
    co_nap=$!
    # Not every sleep knows parts of seconds.
    wait "$co_nap" || co_tick=1
    co_nap=
    if ! co_cap_wanted "$1"; then exit 0; fi
    # shellcheck disable=SC2046 # split into words: size, name, size, name, total
    set -- "$1" $(wc -c "$co_dir/out" "$co_dir/err")
    co_cutting=1
    if co_cap_over "$2"; then co_cap_cut "$co_dir/out"; fi
    if co_cap_over "$4"; then co_cap_cut "$co_dir/err"; fi
    co_cutting=
  done
}
co_cap_wanted() { read -r co_x 2>/dev/null <"$co_dir/watch" && [ "$co_x" = "$1" ]; }
co_cap_over() {
  co_x=${1%???}
  [ "${#1}" -gt 3 ] && [ "$co_x" -gt $((co_blocks * 132)) ]
}
# Keeps the head, once, and the tail, and empties the file. What is written between the last two of these steps is lost from
# the middle of the output: nothing but tail stands between them.
co_cap_cut() {
  if [ ! -e "$1.cut" ]; then dd if="$1" of="$1.head" bs=65536 count="$co_blocks" 2>/dev/null; fi
  co_x=$(wc -c <"$1")
  tail -c $((co_blocks * 65536)) "$1" >"$1.next"
  : >"$1"
  mv "$1.next" "$1.tail"
  co_x=${co_x%???}
  echo "${co_x:-0}" >>"$1.cut"
}
# Ends the watch and puts together what was kept. Leaves in co_left how many kB are missing.
co_cap_end() {
  if [ -n "$co_watch" ]; then
    rm -f "$co_dir/watch"
    kill "$co_watch" 2>/dev/null
    wait "$co_watch" 2>/dev/null
  fi
  co_left=0
  if [ "$co_blocks" -le 0 ]; then return 0; fi
  # shellcheck disable=SC2046 # split into words
  set -- $(wc -c "$co_dir/out" "$co_dir/err")
  if [ -e "$co_dir/out.cut" ] || co_cap_over "$1"; then co_cap_close "$co_dir/out"; fi
  if [ -e "$co_dir/err.cut" ] || co_cap_over "$3"; then co_cap_close "$co_dir/err"; fi
}
co_cap_close() {
  if [ -e "$1.cut" ]; then
    co_x=$(wc -c <"$1")
    co_x=${co_x%???}
    echo "${co_x:-0}" >>"$1.cut"
    cat "$1.tail" "$1" | tail -c $((co_blocks * 65536)) >"$1.next" && mv "$1.next" "$1.tail"
  else
    co_cap_cut "$1"
  fi
  co_n=$((co_blocks * -131))
  while read -r co_x; do co_n=$((co_n + co_x)); done <"$1.cut"
  if [ "$co_n" -lt 1 ]; then co_n=1; fi
  co_left=$((co_left + co_n))
  { cat "$1.head" && printf '\n[... about %s kB are left out here ...]\n' "$co_n" && cat "$1.tail"; } >"$1.next"
  mv "$1.next" "$1"
  rm -f "$1.head" "$1.tail" "$1.cut"
}
