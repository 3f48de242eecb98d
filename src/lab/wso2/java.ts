import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Quotes a word for sh. */
function quoted(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}

/** Gives the `bin/java` of a practice host: it runs the miniature with this controller's Node. */
function javaLauncher(settings: string): string {
  const here = fileURLToPath(import.meta.url);
  const server = join(dirname(here), 'server', `main${extname(here)}`);
  return `#!/bin/sh
# The practice lab's Java. It is a fixture: it runs one program, the miniature Micro Integrator.
if [ "$1" = -version ]; then
  echo 'openjdk version "11.0.22" 2024-01-16 (fixture of cutover lab)' >&2
  exit 0
fi
CUTOVER_MINIATURE=${quoted(settings)}
NODE_OPTIONS=
export CUTOVER_MINIATURE NODE_OPTIONS
exec ${quoted(process.execPath)} --max-old-space-size=64 --max-semi-space-size=2 --disable-warning=ExperimentalWarning \\
  ${quoted(server)} "$@"
`;
}

/** Answers `keytool -list` as far as a check needs it: the file is there, and the password is its own. */
const keytool = `#!/bin/sh
# The practice lab's keytool. It is a fixture: it knows -list -keystore FILE -storepass[:env|:file] PASSWORD.
keystore=
password=
while [ $# -gt 0 ]; do
  case "$1" in
    -keystore) keystore=$2; shift ;;
    -storepass) password=$2; shift ;;
    -storepass:env) eval "password=\\$$2"; shift ;;
    -storepass:file) IFS= read -r password <"$2"; shift ;;
  esac
  shift
done
if [ ! -f "$keystore" ]; then
  echo "keytool error: java.lang.Exception: Keystore file does not exist: $keystore" >&2
  exit 1
fi
if grep -q '^storepass=' "$keystore" && ! grep -Fqx "storepass=$password" "$keystore"; then
  echo 'keytool error: java.io.IOException: keystore password was incorrect' >&2
  exit 1
fi
echo 'Keystore type: JKS'
`;

/** Makes the folder that JAVA_HOME names. `settings` is the path of the host's `miniature.json` as the host sees it. */
export async function makeJavaHome(javaHome: string, settings: string): Promise<void> {
  await mkdir(join(javaHome, 'bin'), { recursive: true });
  await writeFile(join(javaHome, 'release'), 'JAVA_VERSION="11.0.22"\nIMPLEMENTOR="cutover lab (fixture)"\n');
  for (const [name, text] of Object.entries({ java: javaLauncher(settings), keytool })) {
    await writeFile(join(javaHome, 'bin', name), text);
    await chmod(join(javaHome, 'bin', name), 0o755);
  }
}
