# Start of every shell that Cutover runs on a host; lane.sh or command.sh follows in the same text.
# This text travels inside single quotes through any login shell (csh and fish too), on one line: it holds no single
# quote, no exclamation mark, no backslash, and each line is whole by itself. runtime.ts checks that.
# $1 is the sync word: what login scripts printed before it is noise. Each shell says "$1 ready ..." on its own account,
# without waiting for its input, so that the answer to the exec request brings it along.
# The environment is the same on every host, whatever the login shell set up.
_setup() {
  unset CDPATH ENV BASH_ENV LANGUAGE
  LC_ALL=C
  for _f in /usr/lib/locale/C.utf8 /usr/lib/locale/C.UTF-8 /usr/share/locale/C.UTF-8 /lib/ld-musl-*
  do
    if [ -e "$_f" ]; then LC_ALL=C.UTF-8; fi
  done
  case :$PATH: in
    *:/usr/sbin:*) ;;
    *) PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin ;;
  esac
  DEBIAN_FRONTEND=noninteractive
  export LC_ALL PATH DEBIAN_FRONTEND
  # As with Ansible, whoever acts for the login user starts where that one does, if it may look in there.
  { [ -r . ] && [ -x . ]; } || cd 2>/dev/null || cd /
}
# How to read exactly n bytes: a head that fills a buffer of its own from a pipe (busybox) would swallow what follows.
_probe() {
  _h=one
  if [ "$(echo abc | { head -c 1 2>/dev/null; cat; })" = abc ]; then _h="head"
  elif [ "$(echo abc | { dd bs=1 count=1 iflag=fullblock 2>/dev/null; cat; })" = abc ]; then _h=full
  fi
}
_take() {
  case $_h in
    head) head -c "$1" ;;
    full)
      if [ "$1" -ge 65536 ]; then dd bs=65536 count=$(($1 / 65536)) iflag=fullblock 2>/dev/null; fi
      if [ $(($1 % 65536)) -gt 0 ]; then dd bs=$(($1 % 65536)) count=1 iflag=fullblock 2>/dev/null; fi
      ;;
    *) dd ibs=1 obs=4096 count="$1" 2>/dev/null ;;
  esac
}
# Puts a script into $_b. Short ones come as lines, which costs no process; long ones as bytes, as read takes a system call per byte.
_body() {
  _b=
  if [ "$1" = lines ]; then
    _y=$2
    while [ "$_y" -gt 0 ]
    do
      IFS= read -r _x || exit 1
      _b=$_b$_x$_nl
      _y=$((_y - 1))
    done
  else
    if [ -z "$_h" ]; then _probe; fi
    _b=$(_take "$2")
  fi
}
_h=
_nl=$(echo; echo x)
_nl=${_nl%x}
