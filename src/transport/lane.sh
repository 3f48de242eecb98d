# The loop of a lane: see framing.ts for what comes in and what goes out.
# Names begin with an underscore so that they stay out of the way of the scripts that run here.
if [ -t 0 ]; then stty raw -echo; fi
_setup
_d=
for _f in "${TMPDIR:-/tmp}" /tmp /var/tmp /run /dev/shm "$HOME"
do
  case $_f in
    *[[:space:]]*) continue ;;
  esac
  # A folder of ours that is there already was left by this lane before it was reopened.
  if mkdir -m 700 "$_f/cutover-$1" 2>/dev/null || { [ -d "$_f/cutover-$1" ] && [ -O "$_f/cutover-$1" ]; }; then
    _d=$_f/cutover-$1
    break
  fi
done
# shellcheck disable=SC2317,SC2329 # called by the trap
_leave() {
  # A cut connection closes stdin and hangs up the group: rm must not die of the second while it obeys the first.
  trap "" HUP INT TERM PIPE
  if [ -n "$_keep" ]; then
    rm -f "$_d"/[oe][0-9]* "$_d/pid"
    rmdir "$_d" 2>/dev/null
  else
    rm -rf "$_d"
  fi
}
_keep=
trap _leave EXIT
# A hang-up can come while the end of input is being obeyed: `exit` alone would then end the shell before it has tidied up.
trap "_leave; exit 1" HUP INT TERM PIPE
payload=$_d/payload
: >"$payload"
echo "$1 ready $_d"
id
[ -n "$_d" ] || exit 1
shift
exec 2>/dev/null
# The word that guards the answers: it comes on stdin, because arguments can be seen by every user of the host.
IFS= read -r _t || exit 1
while IFS=" " read -r _i _k _s _p _c
do
  case $_i in
    leave)
      _keep=1
      exit 0
      ;;
    # Said in words, because the end of input does not get through a terminal.
    quit) exit 0 ;;
  esac
  _body "$_k" "$_s"
  if [ "$_p" -gt 0 ]; then
    if [ -z "$_h" ]; then _probe; fi
    _take "$_p" >"$payload"
  fi
  # The end mark proves that nothing was cut off before anything runs.
  IFS= read -r _x || exit 1
  [ "$_x" = "end $_i" ] || exit 1
  case $_c in
    *p*)
      # shellcheck disable=SC2154 # _body sets it
      eval "$_b" </dev/null >"$_d/o$_i" 2>"$_d/e$_i"
      _r=$?
      ;;
    *)
      (
        # For whoever must kill this frame; reading /proc costs no process. 0 means: not known, end the lane instead.
        read -r _q _x 2>/dev/null </proc/self/stat || _q=0
        # ksh93 runs ( ) in the same process until something, such as ulimit, forces a fork.
        if [ "$_q" = $$ ]; then
          # shellcheck disable=SC3045
          ulimit -c "$(ulimit -c)"
          read -r _q _x </proc/self/stat
        fi
        echo "$_i $_q" >"$_d/pid"
        unset _t
        eval "$_b"
      ) </dev/null >"$_d/o$_i" 2>"$_d/e$_i"
      _r=$?
      ;;
  esac
  if [ -s "$_d/o$_i" ] || [ -s "$_d/e$_i" ]; then
    if [ -z "$_h" ]; then _probe; fi
    # shellcheck disable=SC2046 # split into words: size, name, size, name, total
    set -- $(wc -c "$_d/o$_i" "$_d/e$_i")
    # Sizes are taken once, and no more is sent than that: something may still be writing.
    echo "$_t $_i $_r $1 $3"
    if [ "$1" -gt 0 ]; then _take "$1" <"$_d/o$_i"; fi
    if [ "$3" -gt 0 ]; then _take "$3" <"$_d/e$_i"; fi
    set --
  elif [ -e "$_d/e$_i" ]; then
    echo "$_t $_i $_r 0 0"
  else
    echo "$_t $_i nospool"
  fi
  if [ "$_p" -gt 0 ]; then : >"$payload"; fi
  # A file of its own per frame, because a daemon that a frame started may still write into it; swept in batches.
  case $_c in
    *c*) rm -f "$_d"/[oe][0-9]* ;;
  esac
done
