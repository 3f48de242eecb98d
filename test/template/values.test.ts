import { describe, expect, it } from 'vitest';
import { render, renderNative, scopeOf, templarWith } from './scope.ts';

/** What the tables of test/language cannot hold: results that differ from ansible-core 2.14 on purpose, or depend on chance. */
describe('values', () => {
  it.each<[text: string, result: unknown]>([
    ["{{ 'abc' | regex_search('x') }}", null],
    ["{{ 'aaa' | regex_replace('a', 'b', count=2) }}", 'bba'],
    ["{{ 'it\\'s' }}", "it's"],
    ["{{ query('sequence', start=1, end=3) }}", ['1', '2', '3']],
    ["{{ '192.168.1.5/24' | ipaddr('ip_wildcard') }}", '192.168.1.5 0.0.0.255'],
    ["{{ 'a1' | ansible.builtin.upper }} {{ 'x' is ansible.builtin.match('x') }}", 'A1 True'],
    ["{{ [{'a': 1}] | index_of('eq', 1, 'a') }}", 0],
    ["{{ {'a': {'b': [1, 2]}} | to_paths }}", { 'a.b[0]': 1, 'a.b[1]': 2 }],
    ["{{ {'a': {'b': [1, 2]}} | get_path('a.b[1]') }}", 2],
    ["{{ ['1.10', '1.9'] | version_sort }}", ['1.9', '1.10']],
    ["{{ '30min 5s' | community.general.to_seconds | int }}", 1805],
    ["{{ [{'n': 1, 'a': 1}, {'n': 1, 'b': 2}] | lists_mergeby('n') }}", [{ n: 1, a: 1, b: 2 }]],
    ["{{ ['a', 'b', 'a'] | community.general.counter }}", { a: 2, b: 1 }],
    ["{{ [['a', 1]] | community.general.dict }}", { a: 1 }],
  ])('%s', (text, result) => {
    expect(renderNative(text)).toEqual(result);
  });

  it('now() follows the clock it is given', () => {
    const templar = templarWith({}, { now: () => new Date(Date.UTC(2026, 0, 2, 3, 4, 5)) });
    expect(
      templar.render(
        "{{ now(utc=true).strftime('%Y-%m-%dT%H:%M:%SZ') }} {{ now(utc=true, fmt='%j') }} {{ now(true).year }}",
        scopeOf({}),
      ),
    ).toBe('2026-01-02T03:04:05Z 002 2026');
  });

  it('chooses by chance where there is no seed', () => {
    expect([1, 2, 3]).toContain(renderNative('{{ [1, 2, 3] | random }}'));
    expect((render('{{ [3, 1, 2] | shuffle | sort }}') as number[]).join()).toBe('1,2,3');
    expect(render("{{ '52:54:00' | random_mac }}")).toMatch(/^52:54:00(:[\da-f]{2}){3}$/);
    expect(render("{{ 'p' | password_hash('sha512', rounds=1000) }}")).toMatch(
      /^\$6\$rounds=1000\$[A-Za-z0-9./]{16}\$[A-Za-z0-9./]{86}$/,
    );
  });

  it('refuses regular expressions that JavaScript does not have, by name', () => {
    expect(() => render("{{ 'a' is match('a++') }}")).toThrow('possessive repetition is not supported');
    expect(() => render("{{ 'a' is match('(?P<x>a)(?P<x>b)') }}")).toThrow('two groups are named "x"');
    expect(() => render(String.raw`{{ 'a' is match('\p{L}') }}`)).toThrow('bad escape');
  });
});
