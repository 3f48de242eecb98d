import type { SourcePosition } from '../errors/index.ts';
import { locate, positionOf } from '../source/index.ts';
import { isMapping } from '../values/index.ts';
import { ROLE_KEYWORDS } from './keywords.ts';
import { inherit, type Place, renderName } from './place.ts';
import { hasTemplate, kindOf, type Reading, suggest } from './reading.ts';
import type { RoleUse } from './role-use.ts';
import { checkName, checkValues, varsOf } from './shapes.ts';

/** Keys that say where a role can be downloaded: nothing for a run. */
const DOWNLOAD_KEYS = ['src', 'scm', 'version'];

/** Reads an entry of `roles:` or of a role's dependencies: a name, or a mapping with keywords and parameters. */
export function readRoleEntry(
  reading: Reading,
  entry: unknown,
  place: Place,
  id: string,
  at: SourcePosition,
): RoleUse | undefined {
  if (typeof entry === 'string') return useOf(reading, { role: entry }, place, id, at);
  if (isMapping(entry)) return useOf(reading, entry, place, id, positionOf(entry) ?? at);
  reading.fail(`an entry of "roles" must be a name or a mapping, not ${kindOf(entry)}`, at);
  return undefined;
}

function useOf(
  reading: Reading,
  entry: Readonly<Record<string, unknown>>,
  place: Place,
  id: string,
  at: SourcePosition,
): RoleUse | undefined {
  const key = ['role', 'name', 'src'].find((name) => entry[name] !== undefined);
  const written = key === undefined ? undefined : entry[key];
  if (typeof written !== 'string' || written === '') {
    reading.fail('this entry names no role', at, 'write "role: NAME"');
    return undefined;
  }
  checkValues(reading, entry, ROLE_KEYWORDS, place.inherited.role);
  const nameAt = positionOf(entry, key) ?? at;
  const found = hasTemplate(written) ? renderName(reading, written, place, nameAt) : { name: written };
  if ('unknown' in found) {
    reading.fail(
      `a role must be known before the run, and ${JSON.stringify(written)} is not: ${found.unknown}`,
      nameAt,
      'use include_role',
    );
    return undefined;
  }
  const vars = varsOf(entry.vars) ?? {};
  const { vars: _vars, name: _name, ...keywords } = entry;
  const inherited = inherit(place.inherited, locate(keywords, entry), 'role vars');
  return {
    name: found.name,
    at: nameAt,
    params: paramsOf(reading, entry),
    vars,
    inherited,
    id,
    public: true,
    again: false,
    ...(entry.when === undefined && entry.tags === undefined
      ? {}
      : { conditions: { when: entry.when, tags: entry.tags } }),
  };
}

/** Every key that is no keyword is a parameter. One that looks like a misspelt keyword is named in a warning. */
function paramsOf(
  reading: Reading,
  entry: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const params: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(entry)) {
    if (Object.hasOwn(ROLE_KEYWORDS, key) || DOWNLOAD_KEYS.includes(key)) continue;
    const at = positionOf(entry, key, 'key');
    if (!checkName(reading, key, at)) continue;
    const hint = key.length < 5 ? undefined : suggest(key, Object.keys(ROLE_KEYWORDS));
    if (hint) reading.warn(`"${key}" is taken as a parameter of the role; ${hint}`, at);
    reading.templates(value, positionOf(entry, key));
    params[key] = value;
  }
  return locate(params, entry);
}
