import { homedir } from 'node:os';
import { describe, expect, test } from 'vitest';
import { parseSshArgs, type SshArgs, splitWords } from '../../src/config/index.ts';

describe('ssh arguments', () => {
  test.each<[string, Partial<SshArgs>]>([
    ['', {}],
    [
      '-C -o ControlMaster=auto -o ControlPersist=60s',
      { ignored: ['-C', 'ControlMaster', 'ControlPersist'] },
    ],
    ['-J ops@bastion:2222', { jump: ['ops@bastion:2222'] }],
    ['-o ProxyJump=a,ops@b', { jump: ['a', 'ops@b'] }],
    ['-oProxyJump=none', { jump: [] }],
    ['-o ProxyCommand="ssh -W %h:%p -q ops@bastion"', { jump: ['ops@bastion'] }],
    [
      `-o 'ProxyCommand=ssh -q -p 2222 -i ~/k -l ops -W [%h]:%p bastion'`,
      { jump: ['ops@bastion:2222'], jumpIdentityFile: `${homedir()}/k` },
    ],
    [`-o ProxyCommand='ssh -o ProxyJump=outer -o User=u -W %h:%p inner'`, { jump: ['outer', 'u@inner'] }],
    ['-o ProxyCommand="nc -x proxy %h %p"', { proxyCommand: 'nc -x proxy %h %p' }],
    ['-o ProxyCommand=none', {}],
    [
      '-o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null',
      { hostKeyChecking: 'off', knownHostsFiles: ['/dev/null'] },
    ],
    ['-o StrictHostKeyChecking=accept-new', { hostKeyChecking: 'accept-new' }],
    ['-o "StrictHostKeyChecking yes"', { hostKeyChecking: 'strict' }],
    ['-o stricthostkeychecking=no -o StrictHostKeyChecking=yes', { hostKeyChecking: 'off' }],
    [
      '-o ConnectTimeout=5 -o Port=22 -p 23 -l me -i a -o IdentityFile=b',
      { connectTimeout: 5, port: 22, user: 'me', identityFiles: ['a', 'b'] },
    ],
    ['-4tCp2200', { port: 2200, ignored: ['-4', '-t', '-C'] }],
    [
      '-F /dev/null -o ServerAliveInterval=30 -o ServerAliveCountMax=4',
      { configFile: '/dev/null', serverAliveInterval: 30, serverAliveCountMax: 4 },
    ],
  ])('%s', (text, expected) => expect(parseSshArgs(text)).toEqual({ ignored: [], ...expected }));

  test.each([
    ['-o "ProxyJump=a', 'a " is opened here and never closed'],
    ['-o ConnectTimeout=soon', 'the ssh option ConnectTimeout must be a whole number, not "soon"'],
  ])('%s', (text, message) => expect(() => parseSshArgs(text)).toThrow(message));
});

describe('words', () => {
  test.each<[string, string[]]>([
    ['a  b\tc', ['a', 'b', 'c']],
    [`'a b' "c d"e f\\ g`, ['a b', 'c de', 'f g']],
    [`"a\\"b\\\\c\\d" 'e\\f'`, ['a"b\\c\\d', 'e\\f']],
    ['a#b c', ['a']],
    ['a "#" # b', ['a', '#']],
    ['"" x', ['', 'x']],
  ])('%s', (line, words) => expect(splitWords(line).map((word) => word.text)).toEqual(words));

  test('a hash is a letter when there are no comments', () => {
    expect(splitWords('a #b', { comments: false }).map((word) => word.text)).toEqual(['a', '#b']);
  });
});
