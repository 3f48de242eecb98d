/** Comparing versions: loosely, strictly (distutils), by semantic versioning 2.0.0, by PEP 440. */
import { TemplateFault } from '../faults.ts';
import { compare, compareText } from './logic.ts';

/** How version texts are read. */
export type VersionKind = 'loose' | 'strict' | 'semver' | 'pep440';

/** Gives a negative number, 0 or a positive number for the order of two versions. Throws for a text that is no version of the kind. */
export function compareVersions(a: string, b: string, kind: VersionKind): number {
  if (kind === 'loose') return compareLoose(a, b);
  if (kind === 'strict') return compareKeys(strictKey(a), strictKey(b));
  if (kind === 'semver') return compareSemver(a, b);
  return compareKeys(pep440Key(a), pep440Key(b));
}

const looseParts = (text: string): (string | number)[] =>
  text
    .split(/(\d+|[a-z]+|\.)/)
    .filter((part) => part !== '' && part !== '.')
    .map((part) => (/^\d+$/.test(part) ? Number(part) : part));

function compareLoose(a: string, b: string): number {
  const [left, right] = [looseParts(a), looseParts(b)];
  for (let i = 0; i < left.length && i < right.length; i++) {
    const [x, y] = [left[i]!, right[i]!];
    if (x === y) continue;
    if (typeof x !== typeof y)
      throw new TemplateFault(`the versions "${a}" and "${b}" cannot be compared: "${x}" against "${y}"`);
    return compare(x, y);
  }
  return left.length - right.length;
}

type Key = readonly (number | string)[];

function compareKeys(a: Key, b: Key): number {
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    const [x = 0, y = 0] = [a[i], b[i]];
    if (x === y) continue;
    if (typeof x === 'number' && typeof y === 'number') return x - y;
    return compareText(String(x), String(y));
  }
  return 0;
}

function strictKey(text: string): Key {
  const match = /^(\d+)\.(\d+)(?:\.(\d+))?(?:([ab])(\d+))?$/.exec(text);
  if (!match)
    throw new TemplateFault(`invalid version number '${text}'`, {
      hint: 'a strict version looks like 1.2, 1.2.3 or 1.2a1',
    });
  const [, major, minor, patch = '0', letter, serial = '0'] = match;
  return [
    Number(major),
    Number(minor),
    Number(patch),
    letter === 'a' ? 0 : letter === 'b' ? 1 : 2,
    Number(serial),
  ];
}

const SEMVER =
  /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(?:-((?:0|[1-9]\d*|\d*[a-zA-Z-][\da-zA-Z-]*)(?:\.(?:0|[1-9]\d*|\d*[a-zA-Z-][\da-zA-Z-]*))*))?(?:\+[\da-zA-Z-]+(?:\.[\da-zA-Z-]+)*)?$/;

function compareSemver(a: string, b: string): number {
  const [left, right] = [a, b].map((text) => SEMVER.exec(text) ?? invalid(text, 'semantic'));
  for (let i = 1; i <= 3; i++) {
    const order = Number(left![i]) - Number(right![i]);
    if (order !== 0) return order;
  }
  return comparePrerelease(left![4], right![4]);
}

function comparePrerelease(a: string | undefined, b: string | undefined): number {
  if (a === b) return 0;
  if (a === undefined) return 1;
  if (b === undefined) return -1;
  const [left, right] = [a.split('.'), b.split('.')];
  for (let i = 0; i < left.length && i < right.length; i++) {
    const [x, y] = [left[i]!, right[i]!];
    if (x === y) continue;
    const [isNumberX, isNumberY] = [/^\d+$/.test(x), /^\d+$/.test(y)];
    if (isNumberX && isNumberY) return Number(x) - Number(y);
    if (isNumberX !== isNumberY) return isNumberX ? -1 : 1;
    return compareText(x, y);
  }
  return left.length - right.length;
}

function invalid(text: string, kind: string): never {
  throw new TemplateFault(`invalid ${kind} version '${text}'`);
}

const PEP440 =
  /^v?(?:(\d+)!)?(\d+(?:\.\d+)*)(?:[-_.]?(a|b|c|rc|alpha|beta|pre|preview)[-_.]?(\d*))?(?:-(\d+)|[-_.]?(?:post|rev|r)[-_.]?(\d*))?(?:[-_.]?dev[-_.]?(\d*))?(?:\+([a-z0-9]+(?:[-_.][a-z0-9]+)*))?$/i;
const STAGES: Readonly<Record<string, number>> = {
  a: 0,
  alpha: 0,
  b: 1,
  beta: 1,
  c: 2,
  rc: 2,
  pre: 2,
  preview: 2,
};
const FAR = Number.MAX_SAFE_INTEGER;

function pep440Key(text: string): Key {
  const match = PEP440.exec(text.trim()) ?? invalid(text, 'PEP 440');
  const [, epoch = '0', release = '', stage, stageNumber = '', dash, post, dev] = match;
  const numbers = release.split('.').map(Number);
  const padded = Array.from({ length: 12 }, (_, index) => numbers[index] ?? 0);
  const hasPost = dash !== undefined || post !== undefined;
  const pre = stage !== undefined ? STAGES[stage.toLowerCase()]! : dev !== undefined && !hasPost ? -1 : 9;
  return [
    Number(epoch),
    ...padded,
    pre,
    Number(stageNumber || 0),
    hasPost ? Number(dash ?? (post || 0)) : -1,
    dev === undefined ? FAR : Number(dev || 0),
  ];
}

const OPERATORS: Readonly<Record<string, (order: number) => boolean>> = {
  '==': (order) => order === 0,
  '=': (order) => order === 0,
  eq: (order) => order === 0,
  '!=': (order) => order !== 0,
  '<>': (order) => order !== 0,
  ne: (order) => order !== 0,
  '<': (order) => order < 0,
  lt: (order) => order < 0,
  '<=': (order) => order <= 0,
  le: (order) => order <= 0,
  '>': (order) => order > 0,
  gt: (order) => order > 0,
  '>=': (order) => order >= 0,
  ge: (order) => order >= 0,
};

/** Whether `a operator b` holds for versions. */
export function versionHolds(a: string, operator: string, b: string, kind: VersionKind): boolean {
  const test = Object.hasOwn(OPERATORS, operator) ? OPERATORS[operator] : undefined;
  if (!test)
    throw new TemplateFault(`the operator "${operator}" is not known`, {
      hint: `use one of ${Object.keys(OPERATORS).join(', ')}`,
    });
  return test(compareVersions(a, b, kind));
}
