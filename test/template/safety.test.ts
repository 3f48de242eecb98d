import { describe, expect, it } from 'vitest';
import { CutoverError } from '../../src/errors/index.ts';
import { render, scopeOf, templarWith } from './scope.ts';

const NAMES = [
  'constructor',
  '__proto__',
  'prototype',
  '__class__',
  '__defineGetter__',
  '__lookupGetter__',
  'hasOwnProperty',
  'toString',
  'valueOf',
  'isPrototypeOf',
  'caller',
  'callee',
  'arguments_',
  'process',
  'globalThis',
  'require',
  'Function',
  'eval',
  'apply',
  'bind',
  'then',
  'run',
  'around',
];
const VALUES = [
  "''",
  '5',
  '1.5',
  'true',
  '[]',
  '{}',
  '(1,)',
  'range',
  'lookup',
  'dict',
  'namespace(a=1)',
  'cycler(1)',
  'joiner()',
  'now()',
  'thing',
  'thing.list',
  "''.upper",
  '[].append',
  '{}.get',
  'omit',
];

describe('safety', () => {
  it.each(VALUES)('no inherited name of %s can be reached', (value) => {
    for (const name of NAMES) {
      for (const written of [`(${value}).${name}`, `(${value})['${name}']`, `(${value}) | attr('${name}')`]) {
        const result = templarWith().evaluate(`(${written}) is defined`, scopeOf({ thing: { list: [1] } }));
        expect(result, written).toBe(false);
      }
      const mapped = `[${value}] | map(attribute='${name}', default='none') | list`;
      expect(templarWith().evaluate(mapped, scopeOf({ thing: { list: [1] } })), mapped).toEqual(['none']);
    }
  });

  it.each(NAMES)('%s is not a variable', (name) => {
    expect(templarWith().evaluate(`${name} is defined`, scopeOf({}))).toBe(false);
    expect(() => templarWith().lookup(name, [], scopeOf({}))).toThrow(/lookup plugin \(.*\) not found/);
    expect(() => render(`{{ 1 | ${name} }}`)).toThrow(/there is no filter/);
    expect(() => render(`{{ 1 is ${name} }}`)).toThrow(/there is no test/);
  });

  it('formats own data only', () => {
    expect(() => render("{{ '{0.constructor}'.format('x') }}")).toThrow(/has no attribute 'constructor'/);
    expect(() => render("{{ '{0[__proto__]}'.format({}) }}")).toThrow(/has no attribute '__proto__'/);
    expect(() => render("{{ '%(constructor)s' % {} }}")).toThrow(/names "constructor"/);
  });

  it('cannot change a prototype', () => {
    const text =
      "{% set d = {} %}{% set _ = d.update({'__proto__': {'hit': 1}}) %}{{ d | combine({'__proto__': {'hit': 2}}, recursive=true) | to_json }}{{ d.hit is defined }}{{ [{'key': '__proto__', 'value': {'hit': 3}}] | items2dict }}{{ '{\"__proto__\": {\"hit\": 4}}' | from_json }}";
    expect(render(text)).toContain('False');
    expect(({} as { hit?: unknown }).hit).toBeUndefined();
    expect(Object.hasOwn(Object.prototype, 'hit')).toBe(false);
  });

  it('does not reach files, programs or the environment but through the lookups that the engine opens', () => {
    for (const text of [
      "{{ lookup('pipe', 'id') }}",
      "{{ lookup('url', 'http://127.0.0.1:1/') }}",
      "{{ lookup('lines', 'id') }}",
      "{{ '/etc/passwd' is exists }}",
      "{{ '/etc/*' | fileglob }}",
      "{{ '/etc' | realpath }}",
      "{{ lookup('password', '/tmp/never-made') }}",
    ])
      expect(() => render(text), text).toThrow(/not allowed here/);
    expect(render("{{ lookup('env', 'PATH') }}")).toBe('');
    expect(render("{{ '$PATH' | expandvars }}")).toBe('$PATH');
    expect(() => render("{{ lookup('file', '/etc/passwd') }}")).toThrow(/could not locate file/);
  });

  it.each([
    '{{ range(100000000) }}',
    '{% for i in range(999999) %}{% for j in range(999999) %}{% endfor %}{% endfor %}',
    '{% macro a() %}{{ a() }}{% endmacro %}{{ a() }}',
    '{% for i in [1] recursive %}{{ loop([1]) }}{% endfor %}',
    "{{ 'a' * 100000000000 }}",
    '{{ [1] * 1000000000 }}',
    '{{ 2 ** 100000000 }}',
    "{{ '%1000000000d' % 5 }}",
    "{{ '{:1000000000}'.format(5) }}",
    '{% set x = [1] %}{% set _ = x.append(x) %}{{ x }}',
    '{% set x = {} %}{% set _ = x.update({"x": x}) %}{{ x | to_json }}',
    '{{ range(3000) | product(range(3000)) | list | length }}',
    '{{ range(12) | permutations | list | length }}',
    '{{ "x" | regex_search("(x{9999}){9999}") }}',
    "{{ ('a' * 50 ~ 'b') is match('(a+)+$') }}",
    "{{ ('a' * 50 ~ 'b') | regex_replace('(a|aa)+$', 'x') }}",
    "{{ ('a' * 50000) | regex_findall('a*a*a*a*b') }}",
    `{{ ${'('.repeat(5000)}1${')'.repeat(5000)} }}`,
    '{% if 1 %}'.repeat(3000) + '{% endif %}'.repeat(3000),
    '{% set ns = namespace(t="xxxxxxxxxx") %}{% for i in range(100) %}{% set ns.t = ns.t + ns.t %}{% endfor %}',
    "{{ '192.0.0.0/3' | usable_range }}",
    "{{ (('<!--<' * 100000) | striptags)[:0] }}",
    "{{ range(1000) | map('string') | map('center', 1000000) | list }}",
    "{{ ('- ' * 100000) | from_yaml }}",
    `{% set b %}${Array.from({ length: 12 }, (_, i) => `l${i}: &l${i} [${Array(9).fill(i === 0 ? 'x' : `*l${i - 1}`)}]\n`).join('')}{% endset %}{{ b | from_yaml }}`,
  ])('cannot hang the controller: %#', (text) => {
    const started = Date.now();
    let outcome: unknown;
    try {
      outcome = render(text);
    } catch (error) {
      outcome = error;
    }
    expect(outcome === '' || outcome instanceof CutoverError, String(outcome).slice(0, 200)).toBe(true);
    expect(Date.now() - started).toBeLessThan(10_000);
  });
});
