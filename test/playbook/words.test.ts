import { describe, expect, it } from 'vitest';
import { splitArguments } from '../../src/playbook/words.ts';

describe('key=value text', () => {
  const cases: readonly [string, Record<string, string>, string?][] = [
    ['src=a dest=b', { src: 'a', dest: 'b' }],
    ['  src=a\n  dest=b\n', { src: 'a', dest: 'b' }],
    ['name="{{ wso2_user }}" uid=802', { name: '{{ wso2_user }}', uid: '802' }],
    ["name='two words' state=present", { name: 'two words', state: 'present' }],
    ['msg={{ a | default("x y") }} b=1', { msg: '{{ a | default("x y") }}', b: '1' }],
    ['msg="say \\"hi\\"\\tnow" x=1', { msg: 'say "hi"\tnow', x: '1' }],
    ['regexp="^a\\.b\\d+$"', { regexp: '^a\\.b\\d+$' }],
    ['line="a=b c=d"', { line: 'a=b c=d' }],
    ['path=/x=y', { path: '/x=y' }],
    ['line="{% if x %}a b{% endif %}" y=2', { line: '{% if x %}a b{% endif %}', y: '2' }],
    ['empty= x=1', { empty: '', x: '1' }],
    ['file.yml a=1 b="2 3"', { a: '1', b: '2 3' }, 'file.yml'],
    ['{{ x }}.yml', {}, '{{ x }}.yml'],
    ["{{ 'port_' + name }}={{ port }}", { "{{ 'port_' + name }}": '{{ port }}' }],
    ['of_{{ a == b }}_x=1 y=2', { 'of_{{ a == b }}_x': '1', y: '2' }],
    ['{{ a == b }}', {}, '{{ a == b }}'],
  ];
  it.each(cases)('%s', (text, pairs, rest = '') => {
    expect(splitArguments('copy', text)).toEqual({ pairs, rest });
  });
});

it('a backslash between pairs is the end of a line that YAML folded', () => {
  const pairs = { path: '/x', state: 'touch' };
  expect(splitArguments('file', 'path=/x \\ state=touch')).toEqual({ pairs, rest: '' });
});

describe('free text of command-like modules keeps everything but its own options', () => {
  const cases: readonly [string, string, Record<string, string>, string][] = [
    ['command', 'uptime', {}, 'uptime'],
    ['command', 'creates=/x make all', { creates: '/x' }, 'make all'],
    ['shell', 'FOO=bar env | grep a=b', {}, 'FOO=bar env | grep a=b'],
    [
      'shell',
      'echo a   b chdir=/tmp   && echo "chdir=/x"',
      { chdir: '/tmp' },
      'echo a   b && echo "chdir=/x"',
    ],
    ['shell', 'echo "a\n  b"\necho c\n', {}, 'echo "a\n  b"\necho c\n'],
    ['shell', 'echo a \\\n  b\necho   "d"\n', {}, 'echo a  b\necho   "d"\n'],
    ['shell', 'echo a \\\n"b c" \\\n| cat', {}, 'echo a "b c" | cat'],
    ['shell', 'echo a\\\nb', {}, 'echo a\\\nb'],
    ['command', 'make a \\ b \\ chdir=/x \\', { chdir: '/x' }, 'make a b'],
    ['shell', 'echo "a \\ b" c\\ d \\; e', {}, 'echo "a \\ b" c\\ d \\; e'],
    ['shell', 'echo a \\  b \\\\ c', {}, 'echo a  b \\\\ c'],
    ['shell', 'echo a \\\n\necho b', {}, 'echo a\necho b'],
    ['shell', "awk '{print $1}' \"x y\" removes='/a b'", { removes: '/a b' }, 'awk \'{print $1}\' "x y"'],
    ['command', 'echo {{ "creates=/no" }}', {}, 'echo {{ "creates=/no" }}'],
    ['raw', 'creates=/x ls executable=/bin/sh', { executable: '/bin/sh' }, 'creates=/x ls'],
    ['script', 'a.sh --b=c creates=/x', { creates: '/x' }, 'a.sh --b=c'],
    ['shell', "it's fine chdir=/tmp", {}, "it's fine chdir=/tmp"],
  ];
  it.each(cases)('%s: %s', (module, text, pairs, rest) => {
    expect(splitArguments(module, text)).toEqual({ pairs, rest });
  });
});
