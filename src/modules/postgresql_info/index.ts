import type { z } from 'zod';
import { fnmatch } from '../../regex/index.ts';
import { type CommandResult, commandOutput, type Probe } from '../../resources/index.ts';
import { isUnknown } from '../../values/index.ts';
import { answer, unknownPlan } from '../answer.ts';
import { strings, withAliases } from '../params.ts';
import { unanswered } from '../postgresql_client/answers.ts';
import { loggedIn, roleOf } from '../postgresql_client/client.ts';
import { databaseOf, databaseParam } from '../postgresql_client/database.ts';
import { loginAliases, loginParams } from '../postgresql_client/login.ts';
import { readVersion } from '../postgresql_client/version.ts';
import { defineModule, type Plan } from '../types.ts';
import { DATABASES, OF_A_DATABASE, QUERIES, type Subset } from './queries.ts';

const params = withAliases(
  { login_db: 'db', ...loginAliases },
  {
    filter: strings
      .optional()
      .describe(`What to tell, with wildcards, \`!\` before what not: ${Object.keys(QUERIES).join(', ')}.`),
    db: databaseParam,
    ...loginParams,
  },
);

type Params = z.output<typeof params>;

/** Facts about a server of PostgreSQL. */
export default defineModule({
  name: 'postgresql_info',
  summary: 'Tells what a server of PostgreSQL is, has and is set to.',
  params,
  needs: (given) => [infoProbe(given)],
  plan(given, seen, context): Plan {
    const said = answer(seen, infoProbe(given));
    if (isUnknown(said)) return unknownPlan(said);
    if (said.rc !== 0) return unanswered(said, context.checkMode);
    const result = resultOf(said.stdout);
    return { changes: [], result: () => result };
  },
});

/** Gives the subsets that a filter asks for: all but those that it excludes, when it names none. */
export function wantedSubsets(filter: readonly string[] = []): Subset[] {
  const all = Object.keys(QUERIES) as Subset[];
  const named = filter.filter((one) => !one.startsWith('!'));
  const not = filter.filter((one) => one.startsWith('!')).map((one) => one.slice(1));
  const matches = (patterns: readonly string[], name: string) =>
    patterns.some((pattern) => fnmatch(pattern).test(name));
  return all.filter((name) =>
    filter.length === 0 || named.length === 0 ? !matches(not, name) : matches(named, name),
  );
}

// $1 the questions to the server, $2 those to each database, or none; $3 names the databases.
const ASK = `
printf '%s\\n' "$1" | sql || exit
[ -n "$2" ] || exit 0
names=$(printf '%s\\n' "$3" | sql) || exit
server=$info
printf '%s\\n' "$names" | while IFS= read -r name; do
  info="$server $name"
  printf '%s\\n' "$2" | sql || exit
done
`;

function infoProbe(given: Params): Probe<CommandResult> {
  const subsets = wantedSubsets(given.filter);
  const session = roleOf(given).map((one) => `${one};`);
  const questions = subsets.map((name) => `SELECT json_build_object('${name}', (${QUERIES[name]}));`);
  const each = subsets.includes('databases') ? [...session, OF_A_DATABASE].join('\n') : '';
  const words = [[...session, ...questions, 'SELECT 1 WHERE false;'].join('\n'), each, DATABASES];
  return { ...commandOutput(loggedIn(given, databaseOf(given), ASK, words)), volatile: true };
}

type Json = Record<string, unknown>;

/** Gives the result: of what was not asked there is nothing in it. `shown`: a line of JSON for each answer. */
function resultOf(shown: string): Json {
  const lines = shown.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as Json]));
  const told = Object.assign({}, ...lines.filter((line) => !('parts' in line))) as Partial<
    Record<Subset, unknown>
  >;
  const databases = (told.databases ?? {}) as Record<string, Json>;
  for (const { name, parts } of lines.filter((line) => 'parts' in line))
    Object.assign(databases[String(name)] ?? {}, partsOf(parts as Parts));
  const settings = (told.settings ?? {}) as Record<string, Json>;
  const version = told.version === undefined ? {} : readVersion(String(told.version));
  return {
    version,
    in_recovery: told.in_recovery ?? null,
    databases,
    tablespaces: told.tablespaces ?? {},
    roles: told.roles ?? {},
    replications: told.replications ?? {},
    repl_slots: told.repl_slots ?? {},
    settings: Object.fromEntries(Object.entries(settings).map(([name, one]) => [name, withBytes(one)])),
    pending_restart_settings: Object.keys(settings).filter(
      (name) => settings[name]!.pending_restart === true,
    ),
  };
}

type Parts = Readonly<Record<string, Readonly<Record<string, Json>>>>;

function partsOf({ extensions, publications, subscriptions, ...others }: Parts): Json {
  return {
    ...others,
    extensions: each(extensions, (one) => ({ ...one, extversion: extensionVersion(String(one.extversion)) })),
    publications: each(publications, withNumbers),
    subscriptions: each(subscriptions, withNumbers),
  };
}

function each(all: Readonly<Record<string, Json>> = {}, change: (one: Json) => Json): Json {
  return Object.fromEntries(Object.entries(all).map(([name, one]) => [name, change(one)]));
}

function extensionVersion(raw: string): Json {
  const [major = 0, minor = 0] = raw.split('.').map((part) => Number.parseInt(part, 10) || 0);
  return { raw, major, minor };
}

/** JSON of the server has numbers of objects as texts. */
function withNumbers(one: Json): Json {
  const isNumber = (name: string) => /^(?:oid|pubowner|subowner|subdbid)$/.test(name);
  return Object.fromEntries(
    Object.entries(one).map(([name, value]) => [name, isNumber(name) ? Number(value) : value]),
  );
}

const BYTES: Readonly<Record<string, number>> = { kB: 2 ** 10, MB: 2 ** 20 };

function withBytes(setting: Json): Json {
  const [, count, unit] = /^(\d*)([kM]B)$/.exec(String(setting.unit)) ?? [];
  if (unit === undefined) return setting;
  const value = Number(setting.setting);
  return { ...setting, val_in_bytes: Math.max(0, value) * Number(count || 1) * BYTES[unit]! };
}
