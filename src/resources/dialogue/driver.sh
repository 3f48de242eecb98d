# shellcheck shell=sh disable=SC2154 # the caller sets folder (where the pipes are), quiet (no echo) and words (the command, quoted)
# Runs a program at a terminal of its own. What is typed comes from one pipe; what it prints goes into the other, and is the
# output of this script. script(1) makes the terminal: util-linux and busybox have it.
trap 'rm -rf "$folder"' EXIT
command -v script >/dev/null || { echo "there is no program script on the target, which makes terminals (package bsdutils or util-linux)" >&2; exit 127; }
eval "set -- $words"
command -v -- "$1" >/dev/null || { echo "The command was not found or was not executable: $1." >&2; exit 127; }
echo $$ >"$folder/pid"
(
  umask 077
  cat >"$folder/run" <<END
SHELL=$(printf %s "${SHELL:-/bin/sh}")
echo \$\$ >"$folder/child"
stty rows 24 cols 80 ${quiet:+-echo} 2>/dev/null
($words)
echo \$? >"$folder/rc"
END
)
exec 3<"$folder/in"
SHELL=/bin/sh script -q -c "exec /bin/sh '$folder/run'" /dev/null <&3 | tee "$folder/out"
read -r rc <"$folder/rc" || rc=1
exit "$rc"
