import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { EXPRESSIONS } from '../language/tables/expressions.ts';
import { FILTERS } from '../language/tables/filters.ts';
import { LOOKUPS } from '../language/tables/lookups.ts';
import { type Table, VARIABLES } from '../language/tables/table.ts';
import { TEMPLATES } from '../language/tables/templates.ts';
import { TESTS } from '../language/tables/tests.ts';
import { present } from '../machine.ts';

const PYTHON = '/usr/bin/python3';
const hasAnsible = present(
  `ansible for ${PYTHON}`,
  spawnSync(PYTHON, ['-c', 'import ansible.template']).status === 0,
);

/** Renders every text with ansible's own templar, strings kept strings. */
const PROGRAM = `
import json, sys, warnings
warnings.filterwarnings('ignore')
from ansible.template import Templar
from ansible.parsing.dataloader import DataLoader
given = json.load(sys.stdin)
templar = Templar(DataLoader(), variables=given['variables'])
print(json.dumps([str(templar.template(text, convert_data=False)) for text in given['texts']]))
`;

function withAnsible(texts: readonly string[]): string[] {
  const done = spawnSync(PYTHON, ['-c', PROGRAM], {
    input: JSON.stringify({ variables: VARIABLES, texts }),
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  });
  if (done.status !== 0) throw new Error(done.stderr);
  return JSON.parse(done.stdout);
}

const wrapped = (table: Table): [string, string][] =>
  Object.values(table)
    .flat()
    .map(([written, gives]) => [`|{{ ${written} }}|`, `|${gives}|`]);
const whole = (table: Table): [string, string][] =>
  Object.values(table)
    .flat()
    .map(([written, gives]) => [written, gives]);

describe.runIf(hasAnsible)('the tables of test/language agree with the ansible that is installed', () => {
  it.each<[string, [string, string][]]>([
    ['expressions', wrapped(EXPRESSIONS)],
    ['filters', wrapped(FILTERS)],
    ['tests', wrapped(TESTS)],
    ['lookups', wrapped(LOOKUPS)],
    ['templates', whole(TEMPLATES)],
  ])('%s', (_name, rows) => {
    const real = withAnsible(rows.map(([text]) => text));
    expect(rows.map(([text], index) => [text, real[index]])).toEqual(rows);
  });
});
