import { describe, expect, it } from 'vitest';
import { ErrorList } from '../../src/errors/index.ts';
import { parseYaml, positionOf } from '../../src/source/index.ts';
import { BigInteger, Float, keysOf, UnsafeText, VaultText } from '../../src/values/index.ts';

const read = (text: string) => parseYaml({ text, file: 'a.yml' });

function problems(text: string): string[] {
  try {
    read(text);
    return [];
  } catch (error) {
    return error instanceof ErrorList
      ? error.errors.map((one) => `${one.position?.line}:${one.position?.column} ${one.message}`)
      : [String(error)];
  }
}

describe('values', () => {
  it.each([
    ['yes', true],
    ['no', false],
    ['On', true],
    ['off', false],
    ['true', true],
    ['"yes"', 'yes'],
    ['y', 'y'],
    ['12', 12],
    ['1_000', 1000],
    ['1.50', 1.5],
    ['1.5e-3', 0.0015],
    ['7e10', '7e10'],
    ['1.5e3', '1.5e3'],
    ['0755', 0o755],
    ['0o17', 0o17],
    ['089', '089'],
    ['12e4', '12e4'],
    ['1.5e+3', new Float(1500)],
    ['12345678901234567890', new BigInteger(12345678901234567890n)],
    ['0', 0],
    ['~', null],
    ['2020-01-01', '2020-01-01'],
    ['22:22', '22:22'],
  ])('%s', (text, value) => {
    expect(read(`a: ${text}`)).toEqual({ a: value });
  });

  it('keeps the text of a mode, because 0644 and 644 are different there', () => {
    expect(read('mode: 0644\ndirectory_mode: 0o755\nother: 0644')).toEqual({
      mode: '0644',
      directory_mode: '0755',
      other: 420,
    });
  });

  it('reads a key as it would read the word as a value, unless it is quoted', () => {
    const keys = (text: string) => keysOf(read(text) as Record<string, unknown>);
    expect(keys('on: 1\nNo: 2\n3: 4\ny: 5')).toEqual([true, false, 3, 'y']);
    expect(keys('\'on\': 1\n"true": 2')).toEqual(['on', 'true']);
  });

  it('knows !vault and !unsafe, and no other tag', () => {
    const value = read('a: !vault |\n  $ANSIBLE_VAULT;1.1;AES256\n  00\nb: !unsafe "{{ x }}"') as Record<
      string,
      unknown
    >;
    expect(value.a).toBeInstanceOf(VaultText);
    expect(value.b).toEqual(new UnsafeText('{{ x }}'));
    expect(problems('a: !ruby x')).toEqual(['1:10 YAML: the tag !ruby is not known']);
  });

  it('follows anchors and merges, own keys first', () => {
    expect(read('base: &b {x: 1, y: 2}\nmore:\n  <<: *b\n  y: 3')).toEqual({
      base: { x: 1, y: 2 },
      more: { x: 1, y: 3 },
    });
  });

  it('refuses an alias of nothing, and one inside of what it names', () => {
    expect(problems('a: *b')).toEqual(['1:4 YAML: no value before this one is named &b']);
    expect(problems('a: &b {c: *b}')).toEqual(['1:11 YAML: no value before this one is named &b']);
  });

  it('refuses what is nested too deeply, at once', () => {
    expect(problems(`a:\n${' - '.repeat(100_000)}`)).toEqual(['2:2 YAML: nested too deeply']);
  });

  it('counts what aliases stand for: a short text may unfold to more than any memory holds', () => {
    const levels = Array.from(
      { length: 9 },
      (_, i) => `l${i}: &l${i} [${Array(9).fill(i === 0 ? 'x' : `*l${i - 1}`)}]`,
    );
    expect(() => read(levels.join('\n'))).toThrow('YAML: the file is too large');
  });

  it('takes __proto__ as a key like any other', () => {
    const value = read('__proto__: {polluted: true}') as object;
    expect(Object.keys(value)).toEqual(['__proto__']);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });

  it('reads a quoted text whose later lines stand left of its key, as PyYAML does', () => {
    expect(read('a:\n    b: "{{ x + [\n  1\n] }}"\nc: 2')).toEqual({ a: { b: '{{ x + [ 1 ] }}' }, c: 2 });
  });

  it.each([
    ['a: [\n"x [y",\n# it\'s \n"z" ]\nb: 1', { a: ['x [y', 'z'], b: 1 }],
    ['a:\n  - b: {k: don\'t,\n l: "1\n2"\n  }\n    c: 3', { a: [{ b: { k: "don't", l: '1 2' }, c: 3 }] }],
    ["a:\n  b: [[1,\n2], 'x''y'\n]\n  c: [3]", { a: { b: [[1, 2], "x'y"], c: [3] } }],
  ])('reads brackets whose later lines stand left of their key: %j', (text, value) => {
    expect(read(text)).toEqual(value);
  });

  it('is undefined for a file of comments', () => {
    expect(read('# nothing\n')).toBeUndefined();
  });
});

describe('places', () => {
  it('knows keys, values and items', () => {
    const value = read('- name: x\n  vars:\n    a: 1') as Record<string, unknown>[];
    expect(positionOf(value[0], 'name')).toEqual({ file: 'a.yml', line: 1, column: 9 });
    expect(positionOf(value[0], 'vars', 'key')).toEqual({ file: 'a.yml', line: 2, column: 3 });
    expect(positionOf(value, 0)).toEqual({ file: 'a.yml', line: 1, column: 3 });
  });
});

describe('errors', () => {
  it.each([
    ['a: 1\na: 2', '2:1 YAML: the same key is written twice in one mapping'],
    ['{{ x }}: 1', '1:1 YAML: a key must be a word, not a list or a mapping'],
  ])('%j', (text, message) => {
    expect(problems(text)[0]).toBe(message);
  });

  it('says what is wrong once, and not what comes of it', () => {
    const text = `a: [1\n${'- b: [2\n'.repeat(20)}`;
    const lines = problems(text).map((one) => Number(one.split(':')[0]));
    expect(lines[0]).toBe(2);
    expect(lines).toHaveLength(3);
    expect(new Set(lines).size).toBe(3);
    expect(problems('a: b: c\nd: e: f')).toHaveLength(2);
  });

  it('says all of them', () => {
    expect(problems('a: 1\na: 2\nb: 3\nb: 4')).toHaveLength(2);
  });
});
