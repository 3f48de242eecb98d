import {
  type Change,
  contentOfBytes,
  type FileContent,
  fetchFile,
  fileContent,
  type HttpReply,
  type Observed,
  type Probe,
  setFile,
} from '../../resources/index.ts';
import { isUnknown, type Unknown } from '../../values/index.ts';
import { answer, unknownPlan } from '../answer.ts';
import { isArmored } from '../openpgp/armor.ts';
import { makeParents, parentNeeds, withParent } from '../parents.ts';
import { defineModule, type Plan } from '../types.ts';
import { type Params, repositoryParams, slugOf } from './params.ts';
import { sourcesText } from './sources.ts';

const PARTS = '/etc/apt/sources.list.d';
const KEYRINGS = '/etc/apt/keyrings';

/** Repositories of apt, one in a file of its own, with the key that signs it. */
export default defineModule({
  name: 'deb822_repository',
  summary: "Adds a repository to apt's sources in the newer format, with its key, or removes it.",
  params: repositoryParams,
  needs(given, seen) {
    const files = [sourcesFile(given), ...keyFiles(given, seen)];
    return [
      ...(isAddress(given) ? [keyRequest(given)] : []),
      ...files,
      ...files.flatMap((file) => parentNeeds(seen.get(file))),
    ];
  },
  plan(given, seen): Plan {
    const key = keyOf(given, seen);
    if (isUnknown(key)) return unknownPlan(key);
    if (key && 'fault' in key) return { changes: [], failed: key.fault };
    const dest = answer(seen, sourcesFile(given));
    if (isUnknown(dest)) return unknownPlan(dest);
    const path = `${PARTS}/${slugOf(given.name)}.sources`;
    if (given.state === 'absent') return removed(given, path, seen);
    const text = sourcesText(given, key?.path ?? given.signed_by);
    const changes: Change[] = [];
    for (const [probe, content] of [
      ...(key ? [[fileContent(key.path, { follow: true }), key.bytes] as const] : []),
      [sourcesFile(given), text] as const,
    ]) {
      const found = answer(seen, probe);
      if (isUnknown(found)) return unknownPlan(found);
      const written = put(withParent(found, seen), content, given, seen);
      if (typeof written === 'string') return { changes: [], failed: written };
      changes.push(...written);
    }
    return { changes, result: () => ({ repo: text, dest: path, key_filename: key?.path ?? null }) };
  },
});

function put(
  file: FileContent,
  content: Uint8Array | string,
  given: Params,
  seen: Observed,
): Change[] | string {
  const parents = makeParents(file, seen, true, { mode: '0755' });
  if (typeof parents === 'string') return parents;
  return [...parents, ...setFile(file, { type: 'file', content: contentOfBytes(content), mode: given.mode })];
}

function removed(given: Params, dest: string, seen: Observed): Plan {
  const files = [sourcesFile(given), ...keyFiles(given, seen)].map((probe) => answer(seen, probe));
  const unknown = files.find(isUnknown);
  if (unknown) return unknownPlan(unknown);
  const known = files as FileContent[];
  const key = known.slice(1).find(({ type }) => type !== 'absent');
  return {
    changes: known.flatMap((file) => setFile(file, { type: 'absent' })),
    result: () => ({ repo: null, dest, key_filename: key?.path ?? null }),
  };
}

function sourcesFile(given: Params): Probe<FileContent> {
  return fileContent(`${PARTS}/${slugOf(given.name)}.sources`, { follow: true });
}

/** The files that hold the key: the one that shall, or those that may. */
function keyFiles(given: Params, seen: Observed): Probe<FileContent>[] {
  const base = `${KEYRINGS}/${slugOf(given.name)}`;
  if (given.state === 'absent') return [fileContent(`${base}.asc`), fileContent(`${base}.gpg`)];
  const key = keyOf(given, seen);
  return key === undefined || isUnknown(key) || 'fault' in key
    ? []
    : [fileContent(key.path, { follow: true })];
}

interface Key {
  readonly path: string;
  readonly bytes: Buffer;
}

/** The key that has to be put in a file; undefined when none has, or it is not here yet. */
function keyOf(given: Params, seen: Observed): Key | { readonly fault: string } | Unknown | undefined {
  if (!isAddress(given)) return undefined;
  const reply = seen.get(keyRequest(given));
  if (reply === undefined || isUnknown(reply)) return reply;
  if (reply.status !== 200) {
    const why = reply.error ?? `HTTP status ${reply.status} ${reply.reason}`;
    return { fault: `no key could be had from ${given.signed_by}: ${why}` };
  }
  const ending = isArmored(reply.body) ? 'asc' : 'gpg';
  return { path: `${KEYRINGS}/${slugOf(given.name)}.${ending}`, bytes: reply.body };
}

function isAddress({ signed_by: key, state }: Params): boolean {
  return state === 'present' && key !== undefined && /^(?:https?|ftp):\/\//.test(key);
}

function keyRequest(given: Params): Probe<HttpReply> {
  return fetchFile({ url: given.signed_by!, followRedirects: 'safe' });
}
