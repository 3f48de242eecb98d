import { type CommandResult, commandOutput, type Probe } from '../../resources/index.ts';
import { madeFile, type Setting } from '../setting.ts';

/** The pair as it is. */
export interface Pair {
  /** `locked`: only with its passphrase; `broken`: no key, or one that ssh-keygen refuses. */
  readonly state: 'absent' | 'broken' | 'locked' | 'open';
  readonly bits: number | undefined;
  readonly fingerprint: string | undefined;
  /** rsa, ed25519 ... */
  readonly type: string | undefined;
  /** Words of the public key: kind, data, comment. */
  readonly publicKey: readonly string[] | undefined;
}

const SHOW = `
path=$1
if [ ! -e "$path" ]; then echo absent; exit 0; fi
line=$(ssh-keygen -l -f "$path" 2>/dev/null) || line=$(ssh-keygen -l -f "$path.pub" 2>/dev/null) || { echo broken; exit 0; }
if ssh-keygen -y -P '' -f "$path" >/dev/null 2>&1 </dev/null; then echo "open $line"; else echo "locked $line"; fi
if [ -f "$path.pub" ]; then cat "$path.pub"; fi
`;

/** Asks for the pair. */
export function pairProbe(path: string): Probe<CommandResult> {
  return commandOutput({ argv: ['/bin/sh', '-c', SHOW, 'sh', path] });
}

/** Reads the answer of `pairProbe`, or what making a pair printed. */
export function readPair(output: string): Pair {
  const [first = '', second = ''] = output.split('\n');
  const [, state, bits, fingerprint, type] = /^(\w+)(?: (\d+) (\S+) .*\((\S+)\))?$/.exec(first) ?? [];
  const words = second.trim().split(/\s+/);
  return {
    state: (state ?? 'broken') as Pair['state'],
    bits: bits === undefined ? undefined : Number(bits),
    fingerprint,
    type: type?.toLowerCase().replace(/-cert$/, ''),
    publicKey: words.length < 2 ? undefined : [words[0]!, words[1]!, words.slice(2).join(' ')],
  };
}

/** Both files. */
export const pairFiles = (path: string): Setting => madeFile(`openssh_keypair:${path}`, path, `${path}.pub`);

/**
 * Makes a pair ($1 path, $2 type, $3 bits, $4 comment), or with the type `public` the public key of the one that is there, and
 * prints what SHOW prints. The passphrase comes on standard input and reaches ssh-keygen through its askpass program, never through
 * an argument list.
 */
export const MAKE = `
set -eu
path=$1 type=$2 bits=$3 comment=$4
IFS= read -r CUTOVER_PASSPHRASE || :
export CUTOVER_PASSPHRASE
umask 077
folder=$(mktemp -d "$path.XXXXXX")
trap 'rm -rf "$folder"' EXIT
# shellcheck disable=SC2016
printf '#!/bin/sh\\nprintf "%%s\\\\n" "$CUTOVER_PASSPHRASE"\\n' >"$folder/ask"
chmod 700 "$folder/ask"
SSH_ASKPASS=$folder/ask SSH_ASKPASS_REQUIRE=force DISPLAY=\${DISPLAY:-:0}
export SSH_ASKPASS SSH_ASKPASS_REQUIRE DISPLAY
if [ "$type" = public ]; then
  ssh-keygen -y -f "$path" </dev/null >"$folder/public"
  read -r kind data rest <"$folder/public"
  [ -z "$comment" ] || rest=$comment
  echo "$kind $data\${rest:+ $rest}" >"$folder/key.pub"
else
  set -- -q -t "$type" -b "$bits" -C "$comment" -f "$folder/key"
  if [ -z "$CUTOVER_PASSPHRASE" ]; then ssh-keygen "$@" -N '' </dev/null; else ssh-keygen "$@" </dev/null; fi
  mv -f "$folder/key" "$path"
fi
chmod 644 "$folder/key.pub"
mv -f "$folder/key.pub" "$path.pub"
set -- "$path"
${SHOW}`;
