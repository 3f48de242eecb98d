import { posix } from 'node:path';
import type { z } from 'zod';
import {
  type Change,
  commandOutput,
  fileContent,
  fileState,
  type Observed,
  type Probe,
  quote,
  runCommand,
  type UserState,
} from '../../resources/index.ts';
import { isUnknown, type Unknown } from '../../values/index.ts';
import { answer } from '../answer.ts';
import type { userParams } from './params.ts';

type Params = z.infer<typeof userParams>;

/** Where the key is or will be. A new account without `home` gets its home from the host's defaults. */
export function keyFile(given: Params, before: UserState): string {
  const file = given.ssh_key_file ?? `.ssh/id_${given.ssh_key_type}`;
  const home = given.home ?? before.home ?? `/home/${given.name}`;
  return posix.resolve(home, file);
}

/** What has to be seen before a key is made: the private key and the text of the public one. */
export function keyProbes(file: string): Probe[] {
  return [fileState(file, { checksum: false }), fileContent(`${file}.pub`), fingerprintProbe(file)];
}

function fingerprintProbe(file: string) {
  return commandOutput({ script: `ssh-keygen -l -f ${quote(`${file}.pub`)} 2>/dev/null || :\n` });
}

/** Gives the change that makes a key pair, or none when there is one. */
export function generateKey(given: Params, before: UserState, seen: Observed): Change[] | Unknown {
  const file = keyFile(given, before);
  const state = answer(seen, fileState(file, { checksum: false }));
  if (isUnknown(state)) return state;
  if (state.type !== 'absent' && !given.force) return [];
  const bits = given.ssh_key_bits === undefined ? '' : String(given.ssh_key_bits);
  const argv = ['/bin/sh', '-c', MAKE_KEY, 'sh', given.name, given.ssh_key_type, bits, file];
  return [
    runCommand(
      {
        argv: [...argv, given.ssh_key_comment ?? ''],
        stdin: `${given.ssh_key_passphrase ?? ''}\n`,
      },
      { undo: 'irreversible', summary: `make the SSH key ${file}` },
    ),
  ];
}

/** Gives fingerprint and text of the public key that is there before anything is done. */
export function presentKey(file: string, seen: Observed): string {
  const state = answer(seen, fileContent(`${file}.pub`));
  const told = answer(seen, fingerprintProbe(file));
  const key = isUnknown(state) ? '' : (state.bytes?.toString('utf8').trim() ?? '');
  return `${isUnknown(told) ? '' : told.stdout.trim()}\n${key}`;
}

/** Gives the result keys about the key, from what making it printed, or from the one that was there. */
export function keyResult(
  file: string,
  present: string | undefined,
  printed: string | undefined,
): Record<string, unknown> {
  const [fingerprint, publicKey] = (printed?.trim() ?? present ?? '').split('\n');
  return { ssh_key_file: file, ssh_public_key: publicKey, ssh_fingerprint: fingerprint };
}

// The passphrase comes on standard input and reaches ssh-keygen through its askpass program, never through an argument list.
// Prints fingerprint and public key.
const MAKE_KEY = `
set -eu
user=$1 type=$2 bits=$3 file=$4 comment=$5
IFS= read -r CUTOVER_PASSPHRASE || :
export CUTOVER_PASSPHRASE
folder=$(dirname "$file")
if [ ! -d "$folder" ]; then
  (umask 077 && mkdir -p "$folder")
  chown "$user:" "$folder"
fi
[ -n "$comment" ] || comment="ansible-generated on $(uname -n)"
# A key that was there gives way: ssh-keygen would ask.
rm -f "$file" "$file.pub"
set -- -q -t "$type" -C "$comment" -f "$file"
[ -z "$bits" ] || set -- "$@" -b "$bits"
if [ -z "$CUTOVER_PASSPHRASE" ]; then
  ssh-keygen "$@" -N '' </dev/null
else
  ask=$(mktemp)
  trap 'rm -f "$ask"' EXIT
  # shellcheck disable=SC2016
  printf '#!/bin/sh\\nprintf "%%s\\\\n" "$CUTOVER_PASSPHRASE"\\n' >"$ask"
  chmod 700 "$ask"
  SSH_ASKPASS=$ask SSH_ASKPASS_REQUIRE=force DISPLAY=\${DISPLAY:-:0} ssh-keygen "$@" </dev/null
fi
chown "$user:" "$file" "$file.pub"
ssh-keygen -l -f "$file.pub"
cat "$file.pub"
`;
