# Ends a frame of a lane ($_d: the lane's folder, $_i: the frame) or a process group ($_g): TERM, and KILL after $_w tenths of a second.
: "${_d:=}" "${_i:=}" "${_g:=}" "${_w:=20}"
_pause() {
  sleep 0.1 2>/dev/null || sleep 1
  _w=$((_w - 1))
}
_alive() {
  for _x in $_all
  do
    if kill -0 "$_x" 2>/dev/null; then return 0; fi
  done
  return 1
}
# A frame shares the process group of its lane, so its processes are found by descent. Fields of /proc/PID/stat after the
# last ")": state, parent, group.
_descend() {
  _all=$1
  _more=1
  while [ -n "$_more" ]
  do
    _more=
    for _f in /proc/[0-9]*/stat
    do
      IFS= read -r _s 2>/dev/null <"$_f" || continue
      _x=${_s%% *}
      # shellcheck disable=SC2086 # split into fields
      set -- ${_s##*")"}
      case " $_all " in
        *" $_x "*) ;;
        *" $2 "*) _all="$_all $_x" _more=1 ;;
      esac
    done
  done
}
_all=
if [ -n "$_g" ]; then
  _all=-$_g
else
  # It may be on its way still, behind its payload or a slow frame.
  while :
  do
    read -r _n _p 2>/dev/null <"$_d/pid" || _n=0
    if [ "$_n" -ge "$_i" ]; then break; fi
    if [ "$_w" -le 0 ]; then exit 8; fi
    _pause
  done
  [ "$_n" -eq "$_i" ] || exit 0
  # Cannot be told apart from its lane: the caller ends the lane instead.
  [ "$_p" -gt 0 ] || exit 9
  _descend "$_p"
fi
for _x in $_all
do
  kill -TERM "$_x" 2>/dev/null
done
while [ "$_w" -gt 0 ] && _alive
do
  _pause
done
for _x in $_all
do
  kill -KILL "$_x" 2>/dev/null
done
exit 0
