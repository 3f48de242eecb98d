import {
  type Change,
  contentOfBytes,
  type FileState,
  fileContent,
  fileState,
  type Observed,
  runCommand,
  setFile,
} from '../../resources/index.ts';
import { isUnknown } from '../../values/index.ts';
import { answer, unknownPlan } from '../answer.ts';
import { commandFailure, complaintOf, endedCommand } from '../command/result.ts';
import { attributeWarnings } from '../params.ts';
import { changeSetting, settingProbe } from '../setting.ts';
import { attributes } from '../text-file.ts';
import { defineModule, type Plan } from '../types.ts';
import { MAKE, type Pair, pairFiles, pairProbe, readPair } from './pair.ts';
import { bitsOf, keypairParams, type Params } from './params.ts';

/** Key pairs of SSH, made by the target's ssh-keygen: the private key never leaves it. */
export default defineModule({
  name: 'openssh_keypair',
  summary: 'Makes and removes SSH key pairs.',
  params: keypairParams,
  needs: (given) => [...files(given), settingProbe(pairFiles(given.path)), pairProbe(given.path)],
  plan(given, seen) {
    const states: FileState[] = [];
    for (const probe of files(given)) {
      const state = answer(seen, probe);
      if (isUnknown(state)) return unknownPlan(state);
      states.push(state);
    }
    const [key, pub] = states as [FileState, FileState];
    if (given.state === 'absent')
      return {
        changes: states.flatMap((state) => setFile(state, { type: 'absent' })),
        result: () => ({ filename: given.path }),
      };
    if (key.parent === 'absent')
      return { changes: [], failed: `The directory around ${given.path} does not exist` };
    if (key.type === 'directory')
      return { changes: [], failed: `${given.path} is a directory. Please specify a path to a file.` };
    const said = answer(seen, pairProbe(given.path));
    if (isUnknown(said)) return unknownPlan(said);
    if (said.rc !== 0) return { changes: [], failed: `ssh-keygen: ${complaintOf(said)}` };
    const pair = readPair(said.stdout);
    const makes = whetherNew(given, pair);
    if (typeof makes === 'string') return { changes: [], failed: makes };
    return makes || !pair.publicKey ? made(given, pair, makes, seen) : kept(given, pair, key, pub);
  },
});

function files(given: Params) {
  return [fileState(given.path, { checksum: false }), fileContent(`${given.path}.pub`)] as const;
}

/** Whether a new pair has to be made; a text says why nothing can be done. */
function whetherNew(given: Params, pair: Pair): boolean | string {
  if (given.force || given.regenerate === 'always' || pair.state === 'absent') return true;
  const full = given.regenerate === 'full_idempotence';
  const readable = pair.state === (given.passphrase === undefined ? 'open' : 'locked');
  if (!readable) {
    if (full || given.regenerate === 'never') return full;
    return `Unable to read the key ${given.path}: it is protected with a passphrase or broken, or the passphrase is missing. For a new one say \`regenerate: full_idempotence\``;
  }
  if (pair.type === given.type && pair.bits === bitsOf(given)) return false;
  if (given.regenerate === 'fail')
    return `${given.path} is a ${pair.type} key of ${pair.bits} bits, not ${given.type} of ${bitsOf(given)}, and regenerate is fail`;
  return given.regenerate !== 'never';
}

function made(given: Params, pair: Pair, whole: boolean, seen: Observed): Plan {
  const type = whole ? given.type : 'public';
  const act = {
    argv: ['/bin/sh', '-c', MAKE, 'sh', given.path, type, String(bitsOf(given)), given.comment ?? ''],
    stdin: `${given.passphrase ?? ''}\n`,
  };
  const summary = `make the ${whole ? `${given.type} key` : 'public key of'} ${given.path}`;
  const before = answer(seen, settingProbe(pairFiles(given.path)));
  // A key whose place is taken by a new one is gone: nobody keeps copies of private keys.
  const change =
    pair.state === 'absent' && !isUnknown(before)
      ? changeSetting(pairFiles(given.path), { before, act, summary, diff: { prepared: summary } })
      : runCommand(act, { undo: 'irreversible', summary });
  const own = attributes(given);
  const after: FileState = { path: given.path, type: 'file', mode: 0o600 };
  const changes = [
    change,
    ...(whole && Object.keys(own).length > 0 ? setFile(after, { type: 'file', ...own }) : []),
  ];
  return planOf(given, changes, (printed) => readPair(printed));
}

/** The pair stays; comment, owner and mode may be others. */
function kept(given: Params, pair: Pair, key: FileState, pub: FileState): Plan {
  const [kind, data, comment] = pair.publicKey!;
  const changes = setFile(key, { type: 'file', ...attributes(given) });
  const renamed = given.comment !== undefined && given.comment !== comment;
  if (renamed)
    changes.push(
      ...setFile(pub, { type: 'file', content: contentOfBytes(`${kind} ${data} ${given.comment}\n`) }),
    );
  const now = renamed ? { ...pair, publicKey: [kind!, data!, given.comment!] } : pair;
  return planOf(given, changes, () => now);
}

function planOf(given: Params, changes: Change[], pairFrom: (printed: string) => Pair): Plan {
  return {
    changes,
    warnings: attributeWarnings(given),
    result(outcomes) {
      const pair = pairFrom(endedCommand(outcomes[0])?.stdout ?? '');
      return {
        filename: given.path,
        type: given.type,
        size: pair.bits ?? bitsOf(given),
        fingerprint: pair.fingerprint ?? '',
        public_key: pair.publicKey?.slice(0, 2).join(' ') ?? '',
        comment: pair.publicKey?.[2] ?? given.comment ?? '',
        ...commandFailure(outcomes),
      };
    },
  };
}
