import type { z } from 'zod';
import type { CommandResult, Observed } from '../../resources/index.ts';
import { isUnknown, type Unknown } from '../../values/index.ts';
import { answer, unknownPlan } from '../answer.ts';
import { commandFailure, complaintOf } from '../command/result.ts';
import { armored } from '../openpgp/armor.ts';
import { hasKey, keyId, type PublicKey } from '../openpgp/keys.ts';
import { type KeySource, keysOfSource, nameOfSource, sourceProbes } from '../openpgp/source.ts';
import { boolean, choice, strings, text, withAliases } from '../params.ts';
import { changeSetting, type Setting, settingProbe } from '../setting.ts';
import { defineModule, type Plan } from '../types.ts';

const params = withAliases(
  {},
  {
    key: text.describe('Address of the key, a file on the target, or the id of a key that rpm has.'),
    state: choice('present', 'absent').default('present').describe('Whether rpm shall trust the key.'),
    fingerprint: strings
      .optional()
      .describe('Fingerprints; the key must have one of them. Blanks do not matter.'),
    validate_certs: boolean.default(true).describe('Check the certificate of the address.'),
  },
);

type Params = z.infer<typeof params>;

/** Keys of rpm's database. */
export default defineModule({
  name: 'rpm_key',
  summary: 'Adds a key that rpm trusts, or removes it.',
  params,
  needs(given, seen) {
    const source = sourceOf(given);
    const probes = source === undefined ? [] : sourceProbes(source);
    if (probes.some((probe) => seen.get(probe) === undefined)) return probes;
    const wanted = wantedKey(given, seen);
    if (isUnknown(wanted) || 'fault' in wanted) return probes;
    return [...probes, settingProbe(trustIn(wanted.id))];
  },
  plan(given, seen): Plan {
    const wanted = wantedKey(given, seen);
    if (isUnknown(wanted)) return unknownPlan(wanted);
    if ('fault' in wanted) return { changes: [], failed: wanted.fault };
    const trust = trustIn(wanted.id);
    const before = answer(seen, settingProbe(trust));
    if (isUnknown(before)) return unknownPlan(before);
    if (before.rc !== 0) return { changes: [], failed: `rpm: ${complaintOf(before)}` };
    const isThere = before.stdout !== '';
    if (isThere === (given.state === 'present')) return { changes: [] };
    if (given.state === 'absent') return setting(trust, before, `remove key ${wanted.id}`, undefined);
    if (wanted.key === undefined) {
      return { changes: [], failed: `rpm has no key ${wanted.id}, and an id does not say where to get it` };
    }
    return setting(trust, before, `import key ${wanted.key.fingerprint}`, armored(wanted.key.bytes));
  },
});

function setting(trust: Setting, before: CommandResult, summary: string, key: string | undefined): Plan {
  const argv = key === undefined ? [...trust.back] : ['/bin/sh', '-c', IMPORT];
  const act = key === undefined ? { argv } : { argv, stdin: key };
  const after = key === undefined ? { after: '' } : {};
  return {
    changes: [changeSetting(trust, { before, act, summary, ...after, diff: { prepared: summary } })],
    result: commandFailure,
  };
}

/** The key that the task is about: only its id when the task names no more. */
function wantedKey(
  given: Params,
  seen: Observed,
): { readonly id: string; readonly key?: PublicKey } | Unknown | { readonly fault: string } {
  const source = sourceOf(given);
  if (source === undefined) return { id: keyId(given.key)! };
  const keys = keysOfSource(source, seen);
  if (isUnknown(keys)) return keys;
  if ('fault' in keys) return { fault: `no key could be had from ${nameOfSource(source)}: ${keys.fault}` };
  const [key] = keys as [PublicKey];
  const prints = given.fingerprint?.map((print) => print.replaceAll(' ', '').toUpperCase());
  if (prints && !prints.some((print) => hasKey(key, print))) {
    const fault = `the key in ${nameOfSource(source)} has the fingerprint ${key.fingerprint}, not ${prints.join(' or ')}`;
    return { fault };
  }
  return { id: key.fingerprint, key };
}

function sourceOf({ key, ...given }: Params): KeySource | undefined {
  if (/^https?:\/\//.test(key)) return { url: key, validateCerts: given.validate_certs };
  if (key.startsWith('/') || keyId(key) === undefined) return { file: key };
  return undefined;
}

/** rpm calls keys by the last eight digits of their ids. */
function trustIn(id: string): Setting {
  const name = `gpg-pubkey-${id.slice(-8).toLowerCase()}`;
  const run = (verb: string) => ['/bin/sh', '-c', SCRIPT, 'sh', verb, name];
  return { key: `rpm-key:${name}`, look: run('look'), back: run('back') };
}

// rpm takes keys from files only.
const IMPORT = `
file=$(mktemp) || exit 1
trap 'rm -f "$file"' EXIT
cat >"$file" && rpm --import "$file"
`;

const SCRIPT = `
command -v rpm >/dev/null || { echo "there is no rpm on the target" >&2; exit 127; }
case $1 in
  look) rpm -q --qf '%{DESCRIPTION}\\n' "$2" 2>/dev/null | sed '/^package .* is not installed$/d' ;;
  back)
    if [ "$(rpm -q "$2" 2>/dev/null | grep -c "^$2")" != 0 ]; then rpm --erase --allmatches "$2"; exit; fi
    ${IMPORT}
    ;;
esac
`;
