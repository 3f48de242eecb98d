import { posix } from 'node:path';
import { type FileState, fileState, type Observed, runCommand, setFile } from '../../resources/index.ts';
import { isUnknown, Unknown } from '../../values/index.ts';
import { answer, unknownPlan } from '../answer.ts';
import { commandFailure, complaintOf, endedCommand } from '../command/result.ts';
import { changeSetting, settingProbe } from '../setting.ts';
import { attributes } from '../text-file.ts';
import { defineModule, type Plan, type PlanContext } from '../types.ts';
import { opensslCurve } from './curves.ts';
import { fingerprints } from './fingerprint.ts';
import { type Key, keyFile, keyProbe, making, readKey } from './key.ts';
import { type Params, privatekeyParams } from './params.ts';

/** Private keys, made by the target's openssl: they never leave it, unless the task asks for their text. */
export default defineModule({
  name: 'openssl_privatekey',
  summary: 'Makes and removes private keys of OpenSSL.',
  params: privatekeyParams,
  needs: (given) => [
    fileState(given.path, { checksum: false }),
    ...(given.state === 'absent' ? [] : [keyProbe(given), settingProbe(keyFile(given.path))]),
  ],
  plan(given, seen, context): Plan {
    const file = answer(seen, fileState(given.path, { checksum: false }));
    if (isUnknown(file)) return unknownPlan(file);
    if (given.state === 'absent')
      return { changes: setFile(file, { type: 'absent' }), result: () => keysOf(given, undefined) };
    if (file.parent === 'absent')
      return {
        changes: [],
        failed: `The directory ${posix.dirname(given.path)} does not exist or the file is not a directory`,
      };
    const said = answer(seen, keyProbe(given));
    if (isUnknown(said)) return unknownPlan(said);
    if (said.rc !== 0) {
      const failed = complaintOf(said);
      return context.checkMode ? unknownPlan(new Unknown(failed)) : { changes: [], failed };
    }
    const key = readKey(said.stdout);
    const work = workFor(given, key);
    if (typeof work === 'object') return { changes: [], failed: work.failed };
    return work === 'keep' ? kept(given, key, file) : made(given, key, work, seen, context);
  },
});

type Work = 'keep' | 'make' | 'convert';

/** What has to be done about the key. */
function workFor(given: Params, key: Key): Work | { readonly failed: string } {
  if (given.force || given.regenerate === 'always' || key.state === 'absent') return 'make';
  const { regenerate } = given;
  const hint = (word: string) => `Will not proceed. For a new one say \`regenerate: ${word}\``;
  if (key.state === 'broken' || key.isProtected !== (given.passphrase !== undefined)) {
    if (regenerate === 'full_idempotence') return 'make';
    return {
      failed: `Unable to read the key. The key is protected with another passphrase / no passphrase or broken. ${hint('full_idempotence')}`,
    };
  }
  const fits =
    key.type === given.type &&
    (given.type === 'ECC' ? key.curve === opensslCurve(given.curve!) : fitsSize(given, key));
  const right = given.format === 'auto_ignore' || key.format === formatOf(given);
  if (fits && right) return 'keep';
  if (fits && given.format_mismatch === 'convert') return 'convert';
  if (regenerate === 'never') return 'keep';
  if (regenerate !== 'fail') return 'make';
  const wrong = fits ? 'Key has wrong format.' : 'Key has wrong type and/or size.';
  return { failed: `${wrong} ${hint('partial_idempotence')}` };
}

function fitsSize({ type, size }: Params, { bits }: Key): boolean {
  return (type !== 'RSA' && type !== 'DSA') || bits === size;
}

/** There is no old format of the newer kinds. */
function formatOf({ format, type }: Params): Key['format'] {
  if (format === 'pkcs1' || format === 'pkcs8') return format;
  return type === 'RSA' || type === 'DSA' || type === 'ECC' ? 'pkcs1' : 'pkcs8';
}

function kept(given: Params, key: Key, file: FileState): Plan {
  return {
    changes: setFile(file, { type: 'file', mode: '0600', ...attributes(given) }),
    result: () => keysOf(given, key),
  };
}

function made(given: Params, key: Key, work: Work, seen: Observed, context: PlanContext): Plan {
  const stamp = new Date(context.startedAt).toISOString().replace('T', '@').slice(0, 19);
  const backup = given.backup && key.state !== 'absent' ? `${given.path}.${stamp}~` : undefined;
  const act = making(given, { format: formatOf(given), backup, converts: work === 'convert' });
  const summary = `${work} the ${given.type} key ${given.path}`;
  const before = answer(seen, settingProbe(keyFile(given.path)));
  // A key whose place is taken by a new one is gone: nobody keeps copies of private keys, unless told to.
  const change =
    key.state === 'absent' && !isUnknown(before)
      ? changeSetting(keyFile(given.path), { before, act, summary, diff: { prepared: `${summary}\n` } })
      : runCommand(act, { undo: 'irreversible', summary });
  const own = attributes(given);
  const after: FileState = { path: given.path, type: 'file', mode: 0o600 };
  return {
    changes: [change, ...(Object.keys(own).length > 0 ? setFile(after, { type: 'file', ...own }) : [])],
    result(outcomes) {
      const ended = endedCommand(outcomes[0]);
      const now = ended && ended.rc === 0 ? readKey(ended.stdout) : undefined;
      return {
        ...keysOf(given, now),
        ...(backup === undefined ? {} : { backup_file: backup }),
        ...commandFailure(outcomes),
      };
    },
  };
}

function keysOf(given: Params, key: Key | undefined): Record<string, unknown> {
  return {
    filename: given.path,
    size: given.size,
    type: given.type,
    ...(given.type === 'ECC' ? { curve: given.curve } : {}),
    fingerprint: key === undefined || key.publicKey === '' ? null : fingerprints(key.publicKey),
    ...(given.return_content && key !== undefined ? { privatekey: key.content } : {}),
  };
}
