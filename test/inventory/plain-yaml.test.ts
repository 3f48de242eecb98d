import { describe, expect, test } from 'vitest';
import { describeError } from '../../src/errors/index.ts';
import { readPlainYaml } from '../../src/inventory/plain-yaml.ts';
import { parseYaml, positionOf } from '../../src/source/index.ts';
import { isMapping } from '../../src/values/index.ts';

const file = 'h.yml';

/** Texts that the fast reader takes, whole or with blocks given to the general parser. */
const PLAIN: readonly string[] = [
  'all:\n  hosts:\n    a:\n    b: {}\n    c: {x: 1, y: two}\n',
  '---\n# c\n\nall:\n  # c\n  hosts:   # c\n    web[01:50]:\n    "c:22": {ansible_host: 10.0.0.1}\n    \'d\': {a: "b c", e: \'f\'}\n',
  'a:\n  vars:\n    s: word\n    i: 12\n    z: 0\n    q: "{{ x }}"\n    v: 1.2.3\n    p: /opt/x-1\n',
  'a:\n  vars:\n    t: true\n    y: yes\n    o: 0755\n    mode: 0644\n    n: ~\n    e: null\n    f: 4.5\n    u: 1_000\n    g: -1\n    big: 12345678901234567890\n    s: text with blanks\n    c: a # comment\n    d: a#b\n    h: \'#x\'\n    k: ""\n',
  'a:\n  vars:\n    l:\n      - 1\n      - {a: b}\n    m:\n    - x\n    - y\n    n: [1, 2]\n    o: {a: [1], b: {c: d}}\n  hosts:\n    h:\n',
  'a:\n  vars:\n    t: |\n      one\n\n      two: x\n    f: >-\n      folded\n      text\n    p: plain\n      goes on\n    z: 1\n  hosts: {h: }\n',
  'a:\n  vars:\n    v: !vault |\n      $ANSIBLE_VAULT;1.1;AES256\n      00\n    u: !unsafe "{{ x }}"\n    w: 1\n',
  'a:\n  hosts:\n    x: {a: 1}   \n    y: { a: 1 , b: 2 }\n\n\nb:\n  children:\n    a:\n',
  'a:\r\n  hosts:\r\n    x:\r\n      k: v\r\n',
  'a:\n    hosts:\n     x:\n        k: v\n     y:\n      k: v\n',
  'a:\n  hosts:\n    __proto__: {x: 1}\n    constructor:\n',
  'a:\n  vars:\n    deep:\n      er:\n        est: 1\n      two: 2\n    k:\n      # only a comment\n  hosts:\n',
  'a:\n  hosts:\n    x: {on: word}\n',
  'a:\n  vars:\n    text: |\n      # not a comment\n      x\n\n    k: 1\n',
];

/** Texts that only the general parser may judge. */
const NOT_PLAIN: readonly string[] = [
  '',
  '- a\n',
  'a: &x {b: 1}\nc: *x\n',
  'a:\n  <<: {b: 1}\n',
  'a:\n\tb: 1\n',
  'a:\n    b:\n  c:\n   d:\n',
  'a:\n  b: 1\n c: 2\n',
  'a: 1\n---\nb: 2\n',
  'a:\n  vars: {x: [1\n',
  'a:\n  vars:\n    x: "open\n',
  '? a\n: b\n',
  'a:\n  hosts:\n    x:\n    no:\n    y: {z: 1}\n',
  'text\n',
];

function places(value: unknown, locate: (container: object, key: string) => unknown, path = ''): string[] {
  if (!isMapping(value)) return [];
  return Object.entries(value).flatMap(([key, item]) => [
    `${path}/${key} ${JSON.stringify(locate(value, key))}`,
    ...places(item, locate, `${path}/${key}`),
  ]);
}

describe('the fast reader gives what the general parser gives', () => {
  test.each(PLAIN)('%j', (text) => {
    const plain = readPlainYaml({ text, file });
    const general = parseYaml({ text, file });
    expect(plain?.data).toEqual(general);
    expect(places(plain!.data, (container, key) => plain!.locate(container, key, 'key'))).toEqual(
      places(general, (container, key) => positionOf(container, key, 'key')),
    );
  });
});

describe('the fast reader leaves to the general parser', () => {
  test.each(NOT_PLAIN)('%j', (text) => expect(readPlainYaml({ text, file })).toBeUndefined());
});

test('JSON is read by the engine, flow YAML is not', () => {
  const text = '{"a": {"hosts": {"x": {"__proto__": 1}}}}';
  expect(readPlainYaml({ text, file })?.data).toEqual(JSON.parse(text));
  expect(readPlainYaml({ text: '{a: {hosts: {x: }}}', file })).toBeUndefined();
});

test('keys written twice are errors, all of them', () => {
  let said: unknown;
  try {
    readPlainYaml({ text: 'a:\n  hosts:\n    x:\n    y:\n    x:\na:\n', file });
  } catch (thrown) {
    said = describeError(thrown);
  }
  expect(said).toBe(
    'h.yml:5:5: YAML: the same key is written twice in one mapping\nh.yml:6:1: YAML: the same key is written twice in one mapping',
  );
});
