import { describe, expect, it } from 'vitest';
import { BigInteger, Float, OMIT, tuple, UnsafeText, VaultText } from '../../src/values/index.ts';
import { render, scopeOf, templarWith } from './scope.ts';

const VARIABLES = {
  list: [1, 2],
  mapping: { a: 1 },
  number: 5,
  text: '[1, 2]',
  digits: '7',
  nothing: null,
  yes: true,
};

describe('types', () => {
  it.each<[text: string, result: unknown]>([
    ['{{ list }}', [1, 2]],
    ['{{ number }}', 5],
    ['{{ yes }}', true],
    ['{{ nothing }}', null],
    ['{{ [10 / 2, 10 / 4, 2] }}', [new Float(5), 2.5, 2]],
    ['{{ mapping.items() }}', [tuple('a', 1)]],
    ['{{ list }}\n', [1, 2]],
    ['{{ list }} ', [1, 2]],
    ['{% if yes %}{{ list }}{% endif %}', [1, 2]],
    ['{% set x = list %}{{ x }}', [1, 2]],
    ["{{ mapping.update({'b': 2}) }}{{ mapping }}", { a: 1, b: 2 }],
    ['{{ omit }}', OMIT],
  ])('keeps the type of a lone value: %j', (text, result) => {
    expect(render(text, VARIABLES)).toEqual(result);
  });

  it.each<[text: string, result: unknown]>([
    ['{{ number + 1 }}', 6],
    ['{{ 10 / 4 }}', 2.5],
    ['{{ 10 / 2 }}', new Float(5)],
    ['{{ 2 ** 64 }}', new BigInteger(18446744073709551616n)],
    ['{{ (1, 2) }}', tuple(1, 2)],
    ['{{ none }}', null],
    ["{{ '5' }}", 5],
    ["{{ '0x10' }}", 16],
    ["{{ 'None' }}", null],
    ["{{ '(1, 2)' }}", tuple(1, 2)],
    ["{{ '[true]' }}", '[true]'],
    ["{{ '2.0' if yes else 'x' }}", new Float(2)],
    ['{{ text }}', '[1, 2]'],
    ['{{ list }} ', [1, 2]],
    ['{{ number }} ', 5],
    ['{{ nothing }}x', 'Nonex'],
    ["[{{ number }}, '{{ text }}']", [5, '[1, 2]']],
    ['{{ number }}{{ number }}', 55],
    ['-{{ number }}', -5],
    ['{{ number }}.{{ number }}', 5.5],
    ['{{ number }}{{ digits }}', '57'],
    ['0{{ number }}', '05'],
    ["{{ '0644' }}", '0644'],
    ["{{ nope | default('0755') }}", '0755'],
    ["{{ nope | default('12') }}", 12],
    ['{% if yes %}12{% endif %}', 12],
    ['{% if yes %}0644{% endif %}', '0644'],
    ['{% if yes %}yes{% endif %}', 'yes'],
    ['{% for i in list %}{{ i }}{% endfor %}', 12],
    ['{{ yes }}{{ yes }}', 'TrueTrue'],
  ])('keeps all types, and reads what the template spells, with jinja2_native: %j', (text, result) => {
    expect(templarWith({}, { native: true }).render(text, scopeOf(VARIABLES))).toEqual(result);
  });

  it.each<[text: string, result: unknown]>([
    ['{{ number + 1 }}', '6'],
    ['{{ 10 / 2 }}', '5.0'],
    ['{{ (1, 2) }}', '(1, 2)'],
    ['{{ none }}', ''],
    ['{{ number }}\n', 5],
    ['{{ number }} ', '5 '],
    [' {{ list }}', ' [1, 2]'],
    ['{{ list }}{{ list }}', '[1, 2][1, 2]'],
    ['{{ number }}{{ number }}', '55'],
    ['{{ nothing }}x', 'x'],
    ['{{ yes }}x', 'Truex'],
    ['a\n{{ number }}\n\n', 'a\n5\n\n'],
  ])('makes text of what is joined: %j', (text, result) => {
    expect(render(text, VARIABLES)).toBe(result);
  });

  it('reads a list or mapping that the template itself spells out, as playbooks before 2.19 do', () => {
    expect(render("[{% for i in list %}'h{{ i }}',{% endfor %}]", VARIABLES)).toEqual(['h1', 'h2']);
    expect(render("{'a': {{ list }}}", VARIABLES)).toEqual({ a: [1, 2] });
    expect(render('{% if yes %}True{% else %}False{% endif %}', VARIABLES)).toBe(true);
    expect(render('{% if yes %}[{{ list[0] }}, true, null]{% endif %}', VARIABLES)).toEqual([1, true, null]);
    expect(render("{{ '[1, 2.0]' }}", VARIABLES)).toEqual([1, new Float(2)]);
    expect(render("{{ nope | default('{}') }}", VARIABLES)).toEqual({});
    expect(render("{{ 'True' if yes else 'False' }}", VARIABLES)).toBe(true);
    expect(render("{{ '[' ~ list | join(',') ~ ']' }}", VARIABLES)).toEqual([1, 2]);
    expect(render("{{ ['{x', '}'] | join }}", VARIABLES)).toBe('{x}');
    expect(render('{{ list | to_json }}', VARIABLES)).toBe('[1, 2]');
    expect(render('{{ list | tojson }}', VARIABLES)).toEqual([1, 2]);
  });

  it('does so too where an "if" chooses between spellings', () => {
    expect(render('{% if yes %}[1, 2]{% else %}[]{% endif %}', VARIABLES)).toEqual([1, 2]);
    expect(
      render("{% if not yes %}x{% else %}{% if yes %}{'a': 1}{% endif %}{% endif %}", VARIABLES),
    ).toEqual({ a: 1 });
    expect(render('{% if yes %}{{ text }}{% else %}x{% endif %}', VARIABLES)).toBe('[1, 2]');
  });

  it.each<[text: string, result: unknown]>([
    ["{{ lookup('file', 'list.json') }}", [1, { a: null }]],
    ["{{ lookup('ansible.builtin.file', 'list.json') }}", [1, { a: null }]],
    ["{{ lookup('file', 'list.json') | string }}", '[1, {"a": null}]'],
    ["{{ lookup('file', 'words') }}", '{ not data'],
    ["{{ lookup('vars', 'text') }}", '[1, 2]'],
    ['{{ (1, "a") }}', "(1, 'a')"],
    ["{{ 'a.b' | splitext }}", "('a', '.b')"],
    ['{{ [(1, 2)] }}', [[1, 2]]],
  ])('without jinja2_native: %j', (text, result) => {
    const files = { '/play/files/list.json': '[1, {"a": null}]', '/play/files/words': '{ not data' };
    expect(templarWith(files).render(text, scopeOf(VARIABLES))).toEqual(result);
  });

  it('never reads the value of a variable as anything else', () => {
    expect(render('{{ text }}', VARIABLES)).toBe('[1, 2]');
    expect(render('{{ text }}{{ nothing }}', VARIABLES)).toBe('[1, 2]');
    expect(render("{{ text | default('[]') }}", VARIABLES)).toBe('[1, 2]');
    expect(render("{{ text ~ '' }}", VARIABLES)).toBe('[1, 2]');
    expect(render('{{ x }}', { x: '{{ 1 + 1 }}' })).toBe('{{ 1 + 1 }}');
    expect(render('{{ x }}!', { x: '{{ 1 + 1 }}' })).toBe('{{ 1 + 1 }}!');
  });

  it('does not change the variables of the scope', () => {
    const variables = { list: [1], nested: { list: [1] } };
    expect(render('{{ list.append(2) }}{{ nested.list.append(2) }}{{ list }}{{ nested }}', variables)).toBe(
      "[1, 2]{'list': [1, 2]}",
    );
    expect(variables).toEqual({ list: [1], nested: { list: [1] } });
  });

  it('keeps backslashes of playbook strings inside {{ }}, and reads them as escapes in conditions and files', () => {
    const templar = templarWith();
    const scope = scopeOf({ tab: 'a\tb' });
    expect(templar.render(String.raw`{{ 'a\tb' }}`, scope)).toBe(String.raw`a\tb`);
    expect(templar.render(String.raw`{{ 'x1' | regex_replace('x(\d)', 'y\1') }}`, scope)).toBe('y1');
    expect(templar.evaluate(String.raw`tab == 'a\tb'`, scope)).toBe(true);
    expect(templar.renderFile(String.raw`{{ 'a\tb' }}`, scope, { file: 'x' })).toBe('a\tb');
  });

  it('renders deeply: all but names, unsafe and vault texts as they are, omit left for whoever takes arguments', () => {
    const templar = templarWith();
    const value = {
      '{{ key }}': ['{{ number }}', new UnsafeText('{{ number }}')],
      secret: new VaultText('xyz'),
      left: '{{ omit }}',
    };
    expect(templar.renderDeep(value, scopeOf({ key: 'k', number: 5 }))).toEqual({
      '{{ key }}': [5, '{{ number }}'],
      secret: 'opened xyz',
      left: OMIT,
    });
  });

  it('leaves a text without a template untouched', () => {
    expect(render('plain { text } %')).toBe('plain { text } %');
    expect(templarWith().isTemplate('a {% b')).toBe(true);
    expect(templarWith().isTemplate('a { b')).toBe(false);
  });
});

describe('conditions', () => {
  it.each<[condition: string, result: unknown]>([
    ['{{ yes }}', true],
    ["text in {{ ['[1, 2]', 'x'] }}", true],
    ["'{{ number }}' == '5'", true],
    ["number == {{ number }} and '{{ number + 1 }}x' == '6x'", true],
    ["{'a': {'b': 1}}.a.b == 1", true],
  ])('may hold {{ }} although that is not needed: %s', (condition, result) => {
    expect(templarWith().evaluate(condition, scopeOf(VARIABLES))).toEqual(result);
  });

  it('do not evaluate values again', () => {
    expect(templarWith().evaluate("'{{ x }}' == y", scopeOf({ x: '{{ 1 }}', y: '{{ 1 }}' }))).toBe(true);
  });
});
