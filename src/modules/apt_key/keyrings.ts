import { posix } from 'node:path';
import {
  type Change,
  contentOfBytes,
  type FileContent,
  fileContent,
  type Observed,
  type Probe,
  setFile,
  treeState,
} from '../../resources/index.ts';
import { isUnknown, type Unknown } from '../../values/index.ts';
import { answer } from '../answer.ts';
import { armored, isArmored } from '../openpgp/armor.ts';
import { type PublicKey, readKeys } from '../openpgp/keys.ts';
import { makeParents, parentNeeds, withParent } from '../parents.ts';

const MAIN = '/etc/apt/trusted.gpg';
const PARTS = '/etc/apt/trusted.gpg.d';
const partsProbe = treeState(PARTS, { checksum: false, maxDepth: 1 });

/** A file of keys, and what is in it. */
export interface Keyring {
  readonly file: FileContent;
  readonly keys: readonly PublicKey[];
}

/** The file that new keys go to. */
export function keyringPath(wanted: string | undefined): string {
  return wanted ?? MAIN;
}

/** What has to be asked to see one keyring, or all that apt trusts. */
export function keyringProbes(wanted: string | undefined, seen: Observed): readonly Probe[] {
  const target = fileContent(keyringPath(wanted), { follow: true });
  const around = [target, ...parentNeeds(seen.get(target))];
  if (wanted !== undefined) return around;
  const parts = seen.get(partsProbe);
  if (parts === undefined || isUnknown(parts)) return [partsProbe, ...around];
  return [partsProbe, ...around, ...partFiles(seen)];
}

/** Gives one keyring, or all that apt trusts, the one for new keys first; a fault when one cannot be read. */
export function keyringsFrom(
  wanted: string | undefined,
  seen: Observed,
): readonly Keyring[] | Unknown | { readonly fault: string } {
  if (wanted === undefined && isUnknown(seen.get(partsProbe))) return seen.get(partsProbe) as Unknown;
  const target = fileContent(keyringPath(wanted), { follow: true });
  const rings: Keyring[] = [];
  for (const probe of [target, ...(wanted === undefined ? partFiles(seen) : [])]) {
    const found = answer(seen, probe);
    if (isUnknown(found)) return found;
    const file = probe === target ? withParent(found, seen) : found;
    const keys = readKeys(file.bytes ?? Buffer.alloc(0));
    if ('fault' in keys) return { fault: `${file.path}: ${keys.fault}` };
    rings.push({ file, keys });
  }
  return rings;
}

/** Gives the changes that make a keyring hold exactly these keys; without any it goes. A text says why that cannot be. */
export function changeKeyring(
  { file }: Keyring,
  keys: readonly PublicKey[],
  summary: string,
  seen: Observed,
): Change[] | string {
  if (keys.length === 0) return setFile(file, { type: 'absent' }, { summary });
  const bytes = Buffer.concat(keys.map((key) => key.bytes));
  const asText = file.bytes?.length ? isArmored(file.bytes) : file.path.endsWith('.asc');
  const content = contentOfBytes(asText ? armored(bytes) : bytes);
  const parents = makeParents(file, seen, true);
  if (typeof parents === 'string') return parents;
  const mode = file.type === 'absent' ? { mode: '0644' } : {};
  return [...parents, ...setFile(file, { type: 'file', content, ...mode }, { summary })];
}

/** apt reads `.gpg` and `.asc`, in the order of their names. */
function partFiles(seen: Observed): Probe<FileContent>[] {
  const parts = seen.get(partsProbe);
  if (parts === undefined || isUnknown(parts)) return [];
  return [...parts.entries.keys()]
    .filter((name) => /^[\w.-]+\.(?:gpg|asc)$/.test(name))
    .sort()
    .map((name) => fileContent(posix.join(PARTS, name), { follow: true }));
}
