import { globSync } from 'node:fs';
import { join } from 'node:path';
import { type Definition, SETTINGS, type SettingName } from '../../src/config/settings.ts';
import type { ModuleDescription } from '../../src/modules/index.ts';
import { LOOP_FORMS, RETIRED } from '../../src/playbook/keywords.ts';
import { FILTERS } from '../../src/template/filters/index.ts';
import { GLOBALS } from '../../src/template/globals/index.ts';
import type { Routines } from '../../src/template/routine.ts';
import { TESTS } from '../../src/template/tests/index.ts';
import { KEYWORD_LEVELS, KEYWORDS_WITHOUT_EFFECT, keywordSentence } from './keywords.ts';
import { cell } from './module-pages.ts';
import { SETTING_SENTENCES } from './settings.ts';

/** Gives the tables of ansible-compatibility.md, by the name in their marks. */
export async function tables(
  modules: readonly ModuleDescription[],
): Promise<Readonly<Record<string, string>>> {
  return {
    modules: moduleList(modules),
    keywords: keywordTable(),
    retired: table(
      ['keyword', 'write'],
      Object.entries(RETIRED).map(([name, advice]) => [`\`${name}\``, cell(advice)]),
    ),
    loops: list(LOOP_FORMS.map((form) => `with_${form}`)),
    filters: calls(FILTERS),
    tests: calls(TESTS),
    settings: settingTable(),
    lookups: list(await lookupNames()),
    globals: list(Object.keys(GLOBALS)),
  };
}

/** A list, because a table of such long rows cannot be read. */
function moduleList(modules: readonly ModuleDescription[]): string {
  return modules
    .map(({ name, parameters, open }) => {
      const names = parameters.map((one) => (one.required ? `**${one.name}**` : one.name));
      const all = [...names, ...(open ? ['any other key'] : [])].join(', ');
      return `- [${name}](modules/${name}.md)${all === '' ? '' : `: ${all}`}`;
    })
    .join('\n');
}

function keywordTable(): string {
  const names = new Set(KEYWORD_LEVELS.flatMap(({ keywords }) => Object.keys(keywords)));
  return table(
    ['keyword', 'where', 'what it does'],
    [...names].sort().map((name) => [
      `\`${name}\``,
      KEYWORD_LEVELS.filter(({ keywords }) => Object.hasOwn(keywords, name))
        .map(({ level }) => level)
        .join(', '),
      `${keywordSentence(name)}${KEYWORDS_WITHOUT_EFFECT.has(name) ? ' *Read, without effect so far.*' : ''}`,
    ]),
  );
}

function settingTable(): string {
  return table(
    ['ansible.cfg', 'environment', 'what it does', 'default'],
    Object.entries<Definition>(SETTINGS)
      .map(([name, { keys, env, fallback }]) => [
        keys.map((key) => `\`[${key.replace('.', ']` `')}\``).join(', '),
        env.map((one) => `\`${one}\``).join(', '),
        cell(SETTING_SENTENCES[name as SettingName]),
        fallback === undefined || (Array.isArray(fallback) && fallback.length === 0)
          ? ''
          : `\`${String(fallback)}\``,
      ])
      .sort(([a = ''], [b = '']) => (a < b ? -1 : 1)),
  );
}

/** The lookups have no table in one place: each file of the folder exports its own. */
async function lookupNames(): Promise<string[]> {
  const folder = join(import.meta.dirname, '../../src/template/lookups');
  const names: string[] = [];
  for (const file of globSync('*.ts', { cwd: folder })) {
    const exported = (await import(join(folder, file))) as Record<string, object>;
    for (const [name, lookups] of Object.entries(exported))
      if (name.endsWith('_LOOKUPS')) names.push(...Object.keys(lookups));
  }
  return names.sort();
}

/** Names with their arguments, as a person calls them. */
function calls(routines: Routines): string {
  return list(
    Object.entries(routines).map(([name, { signature }]) => {
      const words = signature.parameters.map((one) =>
        one.required ? one.name : `${one.name}=${python(one.initial)}`,
      );
      if (signature.takesRest) words.push('*');
      if (signature.takesNamed) words.push('**');
      return words.length > 0 ? `${name}(${words.join(', ')})` : name;
    }),
  );
}

function python(value: unknown): string {
  if (value === null) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  return JSON.stringify(value);
}

function list(names: readonly string[]): string {
  return [...names]
    .sort()
    .map((name) => `\`${name}\``)
    .join(', ');
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [
    `| ${head.join(' | ')} |`,
    `|${head.map(() => '---').join('|')}|`,
    ...rows.map((row) => `| ${row.join(' | ')} |`),
  ].join('\n');
}
