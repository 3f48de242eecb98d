/** What a word or number of YAML without quotes stands for. */
import type { Scalar } from 'yaml';
import { Float, integerOf, type Key } from '../values/index.ts';

/** Gives a key: it is what the same word would be as a value, so that `{true: a, no: b}` answers to booleans. */
export function keyOfScalar(node: Scalar): Key {
  const source = node.source ?? String(node.value);
  if (node.type !== 'PLAIN' || node.tag !== undefined) return source;
  const value = plainScalar(source, node.value, undefined);
  return typeof value === 'string' ? source : (value as Key);
}

/**
 * YAML 1.2 core, plus what hands know from YAML 1.1: yes/no/on/off, and integers with a leading 0 are octal.
 * A `mode` keeps its text, because 0644 and 644 are different things there.
 */
export function plainScalar(source: string, value: unknown, key: string | undefined): unknown {
  if (/^(?:yes|Yes|YES|on|On|ON)$/.test(source)) return true;
  if (/^(?:no|No|NO|off|Off|OFF)$/.test(source)) return false;
  if (/^0o?[0-7]+$/.test(source) && source.length > 1) {
    if (key !== undefined && /mode$/.test(key)) return source.replace(/^0o/, '0');
    return Number.parseInt(source.replace(/^0o/, ''), 8);
  }
  if (/^[-+]?[0-9][0-9_]*$/.test(source) && source.includes('_'))
    return integerOf(BigInt(source.replaceAll('_', '').replace('+', '')));
  if (/^0[0-9]+$/.test(source)) return source;
  // To YAML 1.1 a float has a point: `1e3` may be the short name of a commit.
  if (/^[-+]?[0-9]+[eE][-+]?[0-9]+$/.test(source)) return source;
  if (/^[-+]?[0-9]{16,}$/.test(source)) return integerOf(BigInt(source.replace('+', '')));
  // A power of ten without point and sign is text, as in YAML 1.1: a commit may be called 7e10.
  if (/^[-+]?[0-9.]*e/i.test(source) && !/^[-+]?(?:\d+\.\d*|\.\d+)e[-+]\d+$/i.test(source)) return source;
  if (Number.isInteger(value) && /^[-+]?[0-9.]+(?:[eE][-+]?[0-9]+)?$/.test(source) && /[.eE]/.test(source))
    return new Float(value as number);
  return value;
}
