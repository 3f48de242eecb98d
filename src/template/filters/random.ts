/** Filters that choose by chance. */
import { createHash, randomBytes } from 'node:crypto';
import { isFloat, isInt, typeName } from '../python/kinds.ts';
import { iterate, numeric } from '../python/logic.ts';
import { type RandomSource, SYSTEM_RANDOM, seededRandom } from '../python/random.ts';
import { str } from '../python/text.ts';
import { type Args, type Routines, routine } from '../routine.ts';

function sourceOf(args: Args): RandomSource {
  const seed = args.get('seed');
  if (seed === null) return SYSTEM_RANDOM;
  return seededRandom(isFloat(seed) ? str(seed) : (numeric(seed) ?? str(seed)));
}

function random(value: unknown, args: Args): unknown {
  const source = sourceOf(args);
  if (isInt(value)) {
    const start = args.optionalInt('start') ?? 0;
    const step = args.optionalInt('step') ?? 1;
    if (step === 0) return args.refuse('step', 'must not be 0');
    const count = Math.ceil((Number(value) - start) / step);
    if (count <= 0) return args.fail(`the range from ${start} to ${value} is empty`);
    return start + step * source.below(count);
  }
  if (args.get('start') !== null || args.get('step') !== null)
    args.fail('start and step can only be used with integer values');
  if (value === null || typeof value === 'boolean' || typeName(value) === 'float')
    return args.fail('random can only be used on sequences and integers');
  const items = iterate(value);
  return items.length === 0 ? args.fail('the list is empty') : items[source.below(items.length)];
}

function shuffle(value: unknown, args: Args): unknown {
  // What is no sequence is given back as it is.
  if (typeof value !== 'string' && !Array.isArray(value)) return value;
  const source = sourceOf(args);
  const items = [...iterate(value)];
  for (let i = items.length - 1; i > 0; i--) {
    const j = source.below(i + 1);
    [items[i], items[j]] = [items[j], items[i]];
  }
  return items;
}

/** Ansible's own namespace of UUIDs. */
const NAMESPACE = '361E6D51-FAEC-444A-9079-341386DA8E2E';

function toUuid(value: unknown, args: Args): string {
  const namespace = args.text('namespace').replaceAll('-', '');
  if (!/^[\da-f]{32}$/i.test(namespace))
    args.fail(`Invalid value '${args.text('namespace')}' for 'namespace': not a UUID`);
  const digest = createHash('sha1')
    .update(Buffer.from(namespace, 'hex'))
    .update(str(value), 'utf8')
    .digest()
    .subarray(0, 16);
  digest[6] = (digest[6]! & 0x0f) | 0x50;
  digest[8] = (digest[8]! & 0x3f) | 0x80;
  return digest.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

function randomMac(value: unknown, args: Args): string {
  const parts = str(value)
    .toLowerCase()
    .split(':')
    .filter((part) => part !== '');
  if (parts.length > 5 || parts.some((part) => !/^[\da-f]{2}$/.test(part)))
    return args.fail(`"${str(value)}" is not the beginning of a MAC address`);
  const seed = args.get('seed');
  const source = sourceOf(args);
  const rest = 6 - parts.length;
  const value48 =
    seed === null ? Number.parseInt(randomBytes(rest).toString('hex'), 16) : source.below(16 ** (rest * 2));
  const hex = value48.toString(16).padStart(rest * 2, '0');
  return [...parts, ...(hex.match(/../g) ?? [])].join(':');
}

/** Filters by name. */
export const RANDOM_FILTERS: Routines = {
  random: routine('start=null step=null seed=null', random),
  random_mac: routine('seed=null', randomMac),
  shuffle: routine('seed=null', shuffle),
  to_uuid: routine(`namespace="${NAMESPACE}"`, toUuid),
};
