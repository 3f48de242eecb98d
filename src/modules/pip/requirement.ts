import { compareVersions } from '../../template/index.ts';

/** A package as it was asked for. */
export interface Requirement {
  /** What pip is told. */
  readonly written: string;
  /** Its name as pip compares it; undefined when only pip can tell which package it is and whether it is there. */
  readonly name?: string;
  /** `>=1.0` and its like; all must hold. */
  readonly bounds: readonly string[];
}

const BOUND = /^(===|==|~=|!=|<=|>=|<|>)\s*(.+)$/;

/** Reads names as a task gives them. A comma splits packages, but also the bounds of one (`x>1,<2`). */
export function readRequirements(names: readonly string[], version: string | undefined): Requirement[] {
  const joined: string[] = [];
  for (const name of names.map((one) => one.trim()).filter((one) => one !== '')) {
    if (BOUND.test(name) && joined.length > 0) joined.push(`${joined.pop()},${name}`);
    else joined.push(name);
  }
  if (version === undefined) return joined.map(readRequirement);
  const bound = BOUND.test(version) ? version : `==${version}`;
  return joined.map((name) => readRequirement(`${name}${bound}`));
}

function readRequirement(written: string): Requirement {
  const [, name, bounds] = /^([A-Za-z0-9][\w.-]*?)\s*((?:[=~!<>].*)?)$/.exec(written) ?? [];
  // Extras, markers, addresses and files are pip's to judge.
  if (name === undefined || /[;/@[]/.test(written)) return { written, bounds: [] };
  const parts = bounds!.split(',').map((bound) => bound.trim());
  return { written, name: normalName(name), bounds: parts.filter((bound) => bound !== '') };
}

/** Gives a package's name as pip compares it (PEP 503). */
export function normalName(name: string): string {
  return name.toLowerCase().replace(/[-_.]+/g, '-');
}

/** Reads `pip list --format=freeze`: name -> version. */
export function readInstalled(output: string): ReadonlyMap<string, string> {
  const pairs = output.split('\n').map((line) => /^([\w.-]+)==(\S+)$/.exec(line.trim()));
  return new Map(pairs.flatMap((pair) => (pair ? [[normalName(pair[1]!), pair[2]!]] : [])));
}

/** Whether a requirement holds with what is installed; undefined when only pip can tell. */
export function holds(requirement: Requirement, installed: ReadonlyMap<string, string>): boolean | undefined {
  if (requirement.name === undefined) return undefined;
  const version = installed.get(requirement.name);
  if (version === undefined) return false;
  try {
    return requirement.bounds.every((bound) => within(version, bound));
  } catch {
    // Old packages have versions that are none by PEP 440.
    return undefined;
  }
}

function within(version: string, bound: string): boolean {
  const [, operator, limit] = BOUND.exec(bound) as unknown as [string, string, string];
  if (operator === '===') return version === limit;
  if (limit.endsWith('.*')) return startsWith(version, limit.slice(0, -2)) === (operator === '==');
  const order = compareVersions(version, limit, 'pep440');
  switch (operator) {
    case '==':
      return order === 0;
    case '!=':
      return order !== 0;
    case '<=':
      return order <= 0;
    case '>=':
      return order >= 0;
    case '<':
      return order < 0;
    case '>':
      return order > 0;
    default:
      return order >= 0 && startsWith(version, limit.replace(/\.[^.]*$/, ''));
  }
}

/** Whether a version belongs to a series: 1.2.3 to 1.2. */
function startsWith(version: string, series: string): boolean {
  const [have, want] = [version.split('.'), series.split('.')];
  return want.every((part, index) => compareVersions(have[index] ?? '0', part, 'pep440') === 0);
}
