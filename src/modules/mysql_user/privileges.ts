import { sqlName } from '../mysql_client/client.ts';

/** Object -> privileges: `*.*`, `` `db`.* ``, ``FUNCTION `db`.`f` ``. GRANT stands for the right to hand them on; none is USAGE. */
export type Privileges = ReadonlyMap<string, ReadonlySet<string>>;

/** Reads the parameter `priv`. A text says what is wrong with it. */
export function readPrivileges(written: string | Readonly<Record<string, unknown>>): Privileges | string {
  const parts: (readonly [string, string])[] =
    typeof written === 'string'
      ? written
          .trim()
          .split('/')
          .map((part) => {
            const at = part.lastIndexOf(':');
            return [part.slice(0, Math.max(at, 0)), part.slice(at + 1)] as const;
          })
      : Object.entries(written).map(([object, words]) => [object, String(words)] as const);
  const all = new Map<string, ReadonlySet<string>>();
  for (const [object, words] of parts) {
    const name = objectIn(object.trim());
    if (name === undefined)
      return `priv is DATABASE.TABLE:PRIVILEGE,... not "${object === '' ? words : object}"`;
    const privileges = splitList(words).map(privilegeIn);
    if (privileges.includes('REQUIRESSL'))
      return 'priv takes no REQUIRESSL: write tls_requires with SSL instead';
    all.set(name, new Set(privileges.filter((one) => one !== 'USAGE')));
  }
  return all;
}

/** Reads what SHOW GRANTS prints. Roles and proxies are not among it. */
export function readGrants(lines: readonly string[]): Privileges {
  const all = new Map<string, Set<string>>();
  for (const line of lines) {
    const [, words, object, rest] =
      /^GRANT (.+?) ON ((?:(?:TABLE|FUNCTION|PROCEDURE) )?(?:\*|`(?:[^`]|``)*`)\.(?:\*|`(?:[^`]|``)*`)) TO (.*)$/.exec(
        line,
      ) ?? [];
    const name = object === undefined ? undefined : objectIn(object);
    if (name === undefined) continue;
    const privileges = all.get(name) ?? new Set();
    for (const word of splitList(words!)) if (word !== 'USAGE') privileges.add(privilegeIn(word));
    if (/ WITH(?: MAX_\w+ \d+)* GRANT OPTION/.test(rest!)) privileges.add('GRANT');
    all.set(name, privileges);
  }
  return all;
}

/** Gives an object's name as it stands in a statement. */
function objectIn(written: string): string | undefined {
  const [, kind = '', database, table] =
    /^(?:(table|function|procedure) +)?(\*|`(?:[^`]|``)*`|[^.`]+)\.(\*|`(?:[^`]|``)*`|[^`]+)$/i.exec(
      written,
    ) ?? [];
  if (database === undefined) return undefined;
  const name = (part: string): string =>
    part === '*' ? part : part.startsWith('`') ? part : sqlName(part.trim());
  const prefix = /^(?:function|procedure)$/i.test(kind) ? `${kind.toUpperCase()} ` : '';
  return `${prefix}${name(database)}.${name(table!)}`;
}

/** Splits at commas that are in no parentheses. */
function splitList(words: string): string[] {
  return words
    .split(/,(?![^(]*\))/)
    .map((word) => word.trim())
    .filter((word) => word !== '');
}

/** `select ( b, a )` and `` SELECT (`a`, `b`) `` are the same. */
function privilegeIn(word: string): string {
  const [, name, columns] = /^([^(]+?)\s*(?:\((.*)\))?$/.exec(word) ?? [];
  const upper = (name ?? word).toUpperCase().replace(/\s+/g, ' ');
  if (columns !== undefined) {
    const names = columns.split(',').map((column) => column.trim().replace(/^`(.*)`$/, '$1'));
    return `${upper} (${names.sort().map(sqlName).join(', ')})`;
  }
  if (upper === 'ALL PRIVILEGES') return 'ALL';
  return upper === 'GRANT OPTION' ? 'GRANT' : upper;
}

/** What has to be given and taken of one object. */
export interface Difference {
  readonly object: string;
  readonly grant: readonly string[];
  readonly revoke: readonly string[];
}

/** Privileges that ALL is made of, as MySQL 8 lists them where all of a server are meant. */
const ALL =
  'SELECT INSERT UPDATE DELETE CREATE DROP RELOAD PROCESS REFERENCES INDEX ALTER SUPER EXECUTE'.split(' ');

/** Compares what is with what shall be. `mode`: others are taken away, others stay, or these are taken away. */
export function differences(
  present: Privileges,
  wanted: Privileges,
  mode: 'exact' | 'append' | 'subtract',
): Difference[] {
  const objects = new Set([...(mode === 'exact' ? present.keys() : []), ...wanted.keys()]);
  return [...objects]
    .map((object) => ({
      object,
      ...differ(present.get(object) ?? new Set(), wanted.get(object) ?? new Set(), mode),
    }))
    .filter(({ grant, revoke }) => grant.length + revoke.length > 0);
}

function differ(present: ReadonlySet<string>, wanted: ReadonlySet<string>, mode: string) {
  const hasAll = present.has('ALL') || ALL.every((one) => present.has(one));
  if (mode === 'subtract') {
    const revoke = [...wanted].filter((one) => present.has(one) || (one === 'ALL' && present.size > 0));
    return { grant: [], revoke };
  }
  const holds = (one: string): boolean => present.has(one) || (hasAll && one !== 'GRANT');
  const grant = [...wanted].filter((one) => !holds(one));
  if (mode === 'append') return { grant, revoke: [] };
  const tooMuch = [...present].filter((one) => !wanted.has(one) && !(wanted.has('ALL') && one !== 'GRANT'));
  // Taking ALL away takes the wanted ones too.
  const again = tooMuch.includes('ALL') ? [...wanted] : grant;
  return { grant: again, revoke: tooMuch };
}

/** Gives the statements for one object. */
export function privilegeStatements({ object, grant, revoke }: Difference, account: string): string[] {
  const words = (list: readonly string[]) => list.filter((one) => one !== 'GRANT').join(', ');
  return [
    ...(revoke.includes('GRANT') ? [`REVOKE GRANT OPTION ON ${object} FROM ${account}`] : []),
    ...(words(revoke) === '' ? [] : [`REVOKE ${words(revoke)} ON ${object} FROM ${account}`]),
    ...(grant.length === 0
      ? []
      : [
          `GRANT ${words(grant) || 'USAGE'} ON ${object} TO ${account}${grant.includes('GRANT') ? ' WITH GRANT OPTION' : ''}`,
        ]),
  ];
}
