# shellcheck shell=sh disable=SC2154 # the caller sets folder
# Carries bytes between a channel and the pipes of driver.sh. When the channel's input ends before the program does, because
# nobody is there any more or it took too long, the program is ended.
(umask 077 && mkdir "$folder" && mkfifo "$folder/in" "$folder/out") || exit 1
echo ready
cat "$folder/out" &
cat >"$folder/in"
pids=
for part in child pid; do
  if read -r pid 2>/dev/null <"$folder/$part"; then pids="$pids $pid"; fi
done
# The driver last: when it has ended, whoever waits for it ends this script too, so nothing may be left to do.
rm -rf "$folder"
for pid in $pids; do kill -KILL "-$pid" 2>/dev/null || kill -KILL "$pid" 2>/dev/null; done
wait
