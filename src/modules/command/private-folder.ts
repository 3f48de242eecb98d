/**
 * Shell that makes `$folder`, a folder of the target that nobody else can read and that goes with the script. The umask of
 * what runs in it stays the user's. `what` is a word for its name.
 */
export function privateFolder(what: string): string {
  return `folder=\${TMPDIR:-/tmp}/cutover-${what}.$$
(umask 077 && mkdir "$folder") || exit 1
trap 'rm -rf "$folder"' EXIT
trap 'exit 143' HUP INT TERM`;
}
