/** Public files that openssl makes of a private key: it makes them in a rehearsal, and they are put in place like any other file. */
import { posix } from 'node:path';
import {
  type CommandResult,
  commandOutput,
  contentOfBytes,
  type FileContent,
  fileContent,
  type Observed,
  type Probe,
  setFile,
} from '../../resources/index.ts';
import { isUnknown, Unknown } from '../../values/index.ts';
import { answer, unknownPlan } from '../answer.ts';
import { complaintOf } from '../command/result.ts';
import { attributeWarnings, boolean, choice, fileAttributes, path, text } from '../params.ts';
import { attributes } from '../text-file.ts';
import type { Plan, PlanContext } from '../types.ts';

/** Parameters of all of them. */
export const producedParams = {
  path: path.describe('The file that is made.'),
  state: choice('present', 'absent').default('present').describe('Whether it shall be there.'),
  privatekey_path: path.optional().describe('The private key, on the target.'),
  privatekey_content: text.optional().describe('The private key itself, instead of its path.'),
  privatekey_passphrase: text.optional().describe('What protects the private key.'),
  force: boolean.default(false).describe('Make it anew in any case.'),
  backup: boolean.default(false).describe('Keep the old file beside the new one.'),
  return_content: boolean.default(false).describe('Have its text in the result.'),
  select_crypto_backend: choice('auto', 'cryptography')
    .default('auto')
    .describe('Accepted; the openssl of the target does the work.'),
  ...fileAttributes,
} as const;

/** What is to be made. */
interface Wish {
  readonly path: string;
  readonly state: 'present' | 'absent';
  readonly force: boolean;
  readonly backup: boolean;
  readonly return_content: boolean;
  readonly mode?: string | undefined;
  readonly owner?: string | undefined;
  readonly group?: string | undefined;
  readonly seuser?: string | undefined;
}

// $1 the file, $2 the key; empty: standard input has it, behind the line of its passphrase. Prints `same` when the file is right.
const START = `
path=$1 key=$2
shift 2
IFS= read -r CUTOVER_PASSPHRASE || :
export CUTOVER_PASSPHRASE
command -v openssl >/dev/null || { echo "there is no program openssl on the target" >&2; exit 127; }
umask 077
folder=$(mktemp -d) || exit
trap 'rm -rf "$folder"' EXIT
if [ -z "$key" ]; then key=$folder/key; cat >"$key"; fi
[ -e "$key" ] || { echo "The private key $key does not exist" >&2; exit 1; }
run() { openssl "$@" 2>"$folder/said" || { cat "$folder/said" >&2; exit 1; }; }
`;

/** Asks openssl to make it. The script prints `same` or `other`, and then what it made. */
export function rehearsal(
  path: string,
  key: {
    readonly path?: string | undefined;
    readonly content?: string | undefined;
    readonly passphrase?: string | undefined;
  },
  script: string,
  words: readonly string[] = [],
): Probe<CommandResult> {
  return commandOutput({
    argv: [
      '/bin/sh',
      '-c',
      `${START}${script}`,
      'sh',
      path,
      key.content === undefined ? (key.path ?? '') : '',
      ...words,
    ],
    stdin: `${key.passphrase ?? ''}\n${key.content ?? ''}`,
    env: { LC_ALL: 'C' },
  });
}

/** Everything that has to be seen. */
export function producedNeeds(given: Wish, made: Probe<CommandResult>): Probe[] {
  return [fileContent(given.path, { follow: true }), ...(given.state === 'present' ? [made] : [])];
}

/** Plans the file. `keys`: what the result says besides; `contentKey`: the name of the text in it. */
export function planProduced(
  given: Wish,
  made: Probe<CommandResult>,
  told: { readonly contentKey: string; keys(text: string | undefined): Record<string, unknown> },
  seen: Observed,
  context: PlanContext,
): Plan {
  const file = answer(seen, fileContent(given.path, { follow: true }));
  if (isUnknown(file)) return unknownPlan(file);
  if (given.state === 'absent')
    return { changes: setFile(file, { type: 'absent' }), result: () => told.keys(undefined) };
  if (file.parent === 'absent') {
    const failed = `The directory ${posix.dirname(given.path)} does not exist or the file is not a directory`;
    return { changes: [], failed };
  }
  const said = answer(seen, made);
  if (isUnknown(said)) return unknownPlan(said);
  if (said.rc !== 0) {
    const failed = complaintOf(said);
    return context.checkMode ? unknownPlan(new Unknown(failed)) : { changes: [], failed };
  }
  const [verdict, ...lines] = said.stdout.split('\n');
  const keeps = verdict === 'same' && !given.force;
  const text = keeps ? (file.bytes?.toString('utf8') ?? '') : lines.join('\n');
  const backup = given.backup && !keeps && file.type === 'file' ? backupPath(given.path, context) : undefined;
  return {
    changes: [
      ...(backup === undefined
        ? []
        : setFile(absent(file, backup), {
            type: 'file',
            content: contentOfBytes(file.bytes!),
            mode: '0600',
          })),
      ...setFile(file, {
        type: 'file',
        ...(keeps ? {} : { content: contentOfBytes(text) }),
        ...attributes(given),
      }),
    ],
    warnings: attributeWarnings(given),
    result: () => ({
      ...told.keys(text),
      ...(given.return_content ? { [told.contentKey]: text } : {}),
      ...(backup === undefined ? {} : { backup_file: backup }),
    }),
  };
}

function backupPath(path: string, { startedAt }: PlanContext): string {
  return `${path}.${new Date(startedAt).toISOString().replace('T', '@').slice(0, 19)}~`;
}

function absent(file: FileContent, path: string): FileContent {
  return {
    path,
    type: 'absent',
    parent: 'directory',
    ...(file.umask === undefined ? {} : { umask: file.umask }),
  };
}
