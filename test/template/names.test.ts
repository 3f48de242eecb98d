import { describe, expect, it } from 'vitest';
import { namesUsed } from '../../src/template/index.ts';

/** Text, how it is read, the names that it reads, and those that may be missing. */
const CASES: readonly (readonly [string, 'text' | 'expression' | 'file', string, string])[] = [
  ['no template', 'text', '', ''],
  ['a == 1 and b.c[d] in e', 'expression', 'a b d e', ''],
  ['{{ a }} {{ "b" }} {{ c.d }}', 'text', 'a c', ''],
  ['{{ a | default(b) }}', 'text', 'a b', 'a'],
  ['a.b is defined or c is undefined', 'expression', 'a c', 'a c'],
  ['{% for x, y in pairs %}{{ x }}{{ y }}{{ loop.index }}{% endfor %}', 'text', 'pairs', ''],
  ['{% set a = b %}{{ a }}', 'text', 'b', ''],
  ['{% macro m(p, q=r) %}{{ p }}{{ q }}{% endmacro %}{{ m(s) }}', 'text', 'r s', ''],
  ['{% with a = b %}{{ a }}{% endwith %}', 'text', 'b', ''],
  ['{% import "x.j2" as lib %}{{ lib.f(a) }}', 'text', 'a', ''],
  ['{% from "x.j2" import f as g %}{{ g(a) }}', 'text', 'a', ''],
  ["{{ lookup('env', name) }} {{ range(n) }} {{ omit }}", 'text', 'name n', ''],
  ['{% if a %}{{ b }}{% elif c %}{{ d }}{% else %}{{ e }}{% endif %}', 'text', 'a b c d e', ''],
  ["#jinja2: variable_start_string:'<<', variable_end_string:'>>'\n<< a >> {{ b }}", 'file', 'a', ''],
  ['{{ a b }}', 'text', '', ''],
];

describe('namesUsed', () => {
  it.each(CASES)('%s', (text, as, names, optional) => {
    const sorted = (set: ReadonlySet<string>) => [...set].sort().join(' ');
    const used = namesUsed(text, as);
    expect(sorted(used.names)).toBe(names.split(' ').sort().join(' '));
    expect(sorted(used.optional)).toBe(optional);
  });
});
