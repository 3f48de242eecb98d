import type { z } from 'zod';
import type { Change, Observed } from '../../resources/index.ts';
import { isUnknown } from '../../values/index.ts';
import { unknownPlan } from '../answer.ts';
import { hasKey, isKey, keyId, type PublicKey } from '../openpgp/keys.ts';
import { type KeySource, keysOfSource, nameOfSource, sourceProbes } from '../openpgp/source.ts';
import { defineModule, type Plan } from '../types.ts';
import { changeKeyring, type Keyring, keyringPath, keyringProbes, keyringsFrom } from './keyrings.ts';
import { aptKeyParams } from './params.ts';

type Params = z.infer<typeof aptKeyParams>;

/** Keys that apt trusts. The keyrings are read and written here: neither gpg nor apt-key has to be on the target. */
export default defineModule({
  name: 'apt_key',
  summary: 'Adds a key that apt trusts, or removes it.',
  params: aptKeyParams,
  needs(given, seen) {
    const rings = keyringProbes(given.keyring, seen);
    const source = sourceOf(given);
    if (source === undefined || rings.some((probe) => seen.get(probe) === undefined)) return rings;
    return isTrusted(given, seen) ? rings : [...rings, ...sourceProbes(source)];
  },
  plan(given, seen): Plan {
    const rings = keyringsFrom(given.keyring, seen);
    if (isUnknown(rings)) return unknownPlan(rings);
    if ('fault' in rings) return { changes: [], failed: rings.fault };
    if (given.state === 'absent') return removing(given, rings, seen);
    if (isTrusted(given, seen)) return ended(given, keyId(given.id!)!, rings, rings, []);
    const source = sourceOf(given);
    if (source === undefined) {
      const failed = `the key ${given.id ?? ''} is not there, and neither data, file, url nor keyserver says where to get it`;
      return { changes: [], failed };
    }
    const keys = keysOfSource(source, seen);
    if (isUnknown(keys)) return unknownPlan(keys);
    if ('fault' in keys)
      return { changes: [], failed: `no key could be had from ${nameOfSource(source)}: ${keys.fault}` };
    return adding(given, rings, keys, nameOfSource(source), seen);
  },
});

/** Whether the id that was asked for is in a keyring already: then nothing is fetched. */
function isTrusted(given: Params, seen: Observed): boolean {
  const rings = keyringsFrom(given.keyring, seen);
  if (isUnknown(rings) || 'fault' in rings || given.id === undefined) return false;
  const id = keyId(given.id)!;
  return given.state === 'present' && allKeys(rings).some((key) => hasKey(key, id));
}

function adding(
  given: Params,
  rings: readonly Keyring[],
  keys: readonly PublicKey[],
  source: string,
  seen: Observed,
): Plan {
  const id = given.id === undefined ? keys[0]!.fingerprint.slice(-16) : keyId(given.id)!;
  if (!keys.some((key) => hasKey(key, id))) {
    const there = keys.map((key) => key.fingerprint).join(', ');
    return { changes: [], failed: `the key ${id} is not in ${source}, which has ${there}` };
  }
  if (allKeys(rings).some((key) => hasKey(key, id))) return ended(given, id, rings, rings, []);
  const [target, ...others] = rings as [Keyring, ...Keyring[]];
  const fresh = keys.filter((key) => !target.keys.some(({ fingerprint }) => fingerprint === key.fingerprint));
  const after = { ...target, keys: [...target.keys, ...fresh] };
  const summary = `add key ${fresh.map((key) => key.fingerprint).join(', ')} to ${keyringPath(given.keyring)}`;
  const changes = changeKeyring(target, after.keys, summary, seen);
  if (typeof changes === 'string') return { changes: [], failed: changes };
  return ended(given, id, rings, [after, ...others], changes);
}

function removing(given: Params, rings: readonly Keyring[], seen: Observed): Plan {
  const id = keyId(given.id!)!;
  const after = rings.map((ring) => ({ ...ring, keys: ring.keys.filter((key) => !isKey(key, id)) }));
  const owner = allKeys(after).find((key) => hasKey(key, id));
  if (owner) {
    const failed = `${id} is a subkey of ${owner.fingerprint}, which goes only as a whole: give its id`;
    return { changes: [], failed };
  }
  const changes: Change[] = [];
  for (const [index, ring] of rings.entries()) {
    const { keys } = after[index]!;
    if (keys.length === ring.keys.length) continue;
    const made = changeKeyring(ring, keys, `remove key ${id} from ${ring.file.path}`, seen);
    if (typeof made === 'string') return { changes: [], failed: made };
    changes.push(...made);
  }
  return ended(given, id, rings, after, changes);
}

function ended(
  given: Params,
  id: string,
  before: readonly Keyring[],
  after: readonly Keyring[],
  changes: readonly Change[],
): Plan {
  const digits = id.length === 8 ? 8 : 16;
  const ids = (rings: readonly Keyring[]): string[] =>
    allKeys(rings).flatMap((key) => [key.fingerprint, ...key.subkeys].map((print) => print.slice(-digits)));
  const keys = {
    id: given.id ?? id,
    key_id: id,
    short_id: id.slice(-8),
    fp: id.slice(-16),
    before: ids(before),
    ...(changes.length > 0 ? { after: ids(after) } : {}),
  };
  return { changes, result: () => keys };
}

function allKeys(rings: readonly Keyring[]): readonly PublicKey[] {
  return rings.flatMap((ring) => ring.keys);
}

function sourceOf({ data, file, url, keyserver, id, ...given }: Params): KeySource | undefined {
  if (given.state === 'absent') return undefined;
  if (data !== undefined) return { data };
  if (file !== undefined) return { file };
  const address = url ?? (keyserver === undefined ? undefined : lookup(keyserver, keyId(id!)!));
  return address === undefined ? undefined : { url: address, validateCerts: given.validate_certs };
}

/** The HTTP Keyserver Protocol: port 11371, or 443 with TLS. */
function lookup(server: string, id: string): string {
  const [, scheme = 'hkp', place] = /^(?:([a-z]+):\/\/)?(.*?)\/*$/.exec(server)!;
  const port = scheme === 'hkp' && !/:\d+$/.test(place!) ? ':11371' : '';
  const secure = scheme === 'hkps' || scheme === 'https';
  return `${secure ? 'https' : 'http'}://${place}${port}/pks/lookup?op=get&options=mr&search=0x${id}`;
}
