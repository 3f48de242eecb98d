# A command in a channel of its own: the script comes first on stdin, the rest of stdin is the command's.
if [ -t 0 ]; then stty raw -echo; fi
_setup
read -r _x _x _x _x _g _x 2>/dev/null <"/proc/$$/stat" || _g=$(ps -o pgid= -p $$)
echo "$1 ready $((_g + 0))"
if [ -t 2 ]; then :; else echo "$1 ready" >&2; fi
IFS=" " read -r _k _s || exit 1
_body "$_k" "$_s"
IFS= read -r _x || exit 1
if [ "$_x" = end ]; then
  shift
  unset _x _y _k _s _f _g _h _nl
  # shellcheck disable=SC2154 # _body sets it
  eval "$_b"
fi
