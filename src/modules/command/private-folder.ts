/**
 * Shell that makes `$folder`, a folder of the target that nobody else can read and that goes with the script. `what` is a
 * word for its name.
 */
export function privateFolder(what: string): string {
  return `umask 077
folder=\${TMPDIR:-/tmp}/cutover-${what}.$$
mkdir "$folder" || exit 1
trap 'rm -rf "$folder"' EXIT
trap 'exit 143' HUP INT TERM`;
}
