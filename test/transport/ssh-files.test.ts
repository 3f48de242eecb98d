import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { Target } from '../../src/transport/index.ts';
import { expandTokens, readSshSettings } from '../../src/transport/ssh/config.ts';
import { appendHostKey, fingerprint, KnownHosts } from '../../src/transport/ssh/known-hosts.ts';
import { matchesPatterns } from '../../src/transport/ssh/patterns.ts';
import { jumpTarget, resolveHop } from '../../src/transport/ssh/route.ts';
import { makeKey } from './sshd.ts';

const folder = mkdtempSync(join(tmpdir(), 'cutover-files-'));
let files = 0;
function file(text: string): string {
  const path = join(folder, `file-${++files}`);
  writeFileSync(path, text);
  return path;
}
afterAll(() => rmSync(folder, { recursive: true }));

test.each([
  ['web1', ['web1'], true],
  ['WEB1', ['web1'], true],
  ['web1', ['web?'], true],
  ['web12', ['web?'], false],
  ['web1.example.org', ['*.example.org'], true],
  ['web1xexample.org', ['*.example.org'], false],
  ['web1', ['*', '!web1'], false],
  ['web1', ['!web1', '*'], false],
  ['web2', ['*', '!web1'], true],
  ['web2', ['!web1'], false],
  ['[::1]:2222', ['[::1]:2222'], true],
])('%s matches %j: %s', (name, patterns, matches) => {
  expect(matchesPatterns(name, patterns)).toBe(matches);
});

describe('known_hosts', () => {
  const keys = ['a', 'b'].map((name) => {
    makeKey(join(folder, name));
    return readFileSync(join(folder, `${name}.pub`), 'utf8').split(' ')[1]!;
  });
  const rsa = 'AAAAB3NzaC1yc2EAAAADAQABAAAAgQC7';
  const [a, b] = keys.map((key) => Buffer.from(key, 'base64')) as [Buffer, Buffer];
  const ed = (names: string, key: string, marker = '') => `${marker}${names} ssh-ed25519 ${key} comment\n`;

  test.each([
    ['plain', ed('web1,10.0.0.1', keys[0]!), 'web1', 22, 'known'],
    ['by address', ed('web1,10.0.0.1', keys[0]!), '10.0.0.1', 22, 'known'],
    ['case', ed('web1', keys[0]!), 'WEB1', 22, 'known'],
    ['wildcard', ed('*.example.org,!bad.example.org', keys[0]!), 'web.example.org', 22, 'known'],
    ['negation', ed('*.example.org,!bad.example.org', keys[0]!), 'bad.example.org', 22, 'unknown'],
    ['port', ed('[web1]:2222', keys[0]!), 'web1', 2222, 'known'],
    ['another port', ed('[web1]:2222', keys[0]!), 'web1', 22, 'unknown'],
    ['the bare name serves a port', ed('web1', keys[0]!), 'web1', 2222, 'known'],
    [
      'a foreign key under the bare name does not condemn a port',
      ed('web1', keys[1]!),
      'web1',
      2222,
      'unknown',
    ],
    ['changed', ed('web1', keys[1]!), 'web1', 22, 'other'],
    ['both keys', ed('web1', keys[1]!) + ed('web1', keys[0]!), 'web1', 22, 'known'],
    ['known by another type only', `web1 ssh-rsa ${rsa}\n`, 'web1', 22, 'other'],
    ['revoked wins', ed('web1', keys[0]!) + ed('*', keys[0]!, '@revoked '), 'web1', 22, 'revoked'],
    ['another key revoked', ed('web1', keys[0]!) + ed('*', keys[1]!, '@revoked '), 'web1', 22, 'known'],
    ['authorities are no host keys', ed('web1', keys[0]!, '@cert-authority '), 'web1', 22, 'unknown'],
    ['comments and rubbish', `# web1\n\nweb1\n   \n${ed('web1', keys[0]!)}`, 'web1', 22, 'known'],
  ])('%s', (_name, text, address, port, verdict) => {
    expect(new KnownHosts([file(text)]).check(address, port, a).is).toBe(verdict);
  });

  test('says where the other key stands', () => {
    const path = file(`# first\n${ed('web1', keys[1]!)}`);
    expect(new KnownHosts([join(folder, 'missing'), path]).check('web1', 22, a)).toEqual({
      is: 'other',
      file: path,
      line: 2,
      type: 'ssh-ed25519',
    });
  });

  test('reads what ssh-keygen hashes, and ssh-keygen finds what it writes', () => {
    const path = join(folder, 'new', 'known_hosts');
    appendHostKey(path, 'Web1', 2222, a);
    appendHostKey(path, 'web2', 22, b);
    execFileSync('ssh-keygen', ['-q', '-F', '[web1]:2222', '-f', path]);
    execFileSync('ssh-keygen', ['-q', '-H', '-f', path], { stdio: 'ignore' });
    const known = new KnownHosts([path]);
    expect(known.check('web1', 2222, a).is).toBe('known');
    expect(known.check('web2', 22, b).is).toBe('known');
    expect(known.check('web2', 22, a).is).toBe('other');
    expect(known.check('web3', 22, a).is).toBe('unknown');
    expect(known.types('web1', 2222)).toEqual(['ssh-ed25519']);
  });

  test('a file without a last newline is not spoilt', () => {
    const path = file(ed('web1', keys[0]!).trimEnd());
    appendHostKey(path, 'web2', 22, b);
    const known = new KnownHosts([path]);
    expect([known.check('web1', 22, a).is, known.check('web2', 22, b).is]).toEqual(['known', 'known']);
  });

  test('fingerprints are those of ssh-keygen', () => {
    const shown = execFileSync('ssh-keygen', ['-l', '-f', join(folder, 'a.pub')]).toString();
    expect(shown).toContain(fingerprint(a));
  });
});

describe('~/.ssh/config', () => {
  const settings = (host: string, text: string, user?: string) => readSshSettings(host, user, [file(text)]);

  test('the first value wins, identity files add up', () => {
    const text = `
Host web1
  HostName 10.0.0.5
  Port 2222
  IdentityFile ~/one
Host web*
  User deploy
  Port 22
  IdentityFile "~/two words"
  IdentitiesOnly yes
Host * !web1
  User nobody
Host *
  ConnectTimeout 7
  ProxyJump none
  StrictHostKeyChecking accept-new
  UserKnownHostsFile /a /b
`;
    expect(settings('web1', text)).toMatchObject({
      hostName: '10.0.0.5',
      port: 2222,
      user: 'deploy',
      identityFiles: ['~/one', '~/two words'],
      identitiesOnly: true,
      proxyJump: [],
      connectTimeoutMs: 7000,
      strictHostKeyChecking: 'accept-new',
      userKnownHostsFiles: ['/a', '/b'],
    });
    expect(settings('db1', text)).toMatchObject({ user: 'nobody', port: undefined, identityFiles: [] });
  });

  test('Include: globs, order, inside of Host, and no end in a circle', () => {
    mkdirSync(join(folder, 'd'));
    writeFileSync(join(folder, 'd', '1.conf'), 'User first\nHost web1\n  Port 1111\n');
    writeFileSync(join(folder, 'd', '2.conf'), 'User second\nHost db1\n  Port 3333\n');
    const circle = join(folder, 'circle');
    writeFileSync(circle, `Include ${circle}\nPort 5555\n`);
    expect(settings('web1', `Include ${folder}/d/*.conf\nPort 2222\n`)).toMatchObject({
      user: 'first',
      port: 1111,
    });
    expect(settings('app1', `Include ${folder}/d/*.conf\nHost *\nPort 2222\n`)).toMatchObject({
      user: 'first',
      port: 2222,
    });
    const inside = `Host db*\n  Include ${folder}/d/*.conf\n  User db\n`;
    expect(settings('db1', inside)).toMatchObject({ user: 'first', port: 3333 });
    expect(settings('web1', inside)).toMatchObject({ user: undefined, port: undefined });
    expect(settings('x', `Include ${circle}`).port).toBe(5555);
  });

  test.each([
    ['Match host web*', 'web1', 'any', true],
    ['Match host web*,!web1', 'web1', 'any', false],
    ['Match !host web*', 'web1', 'any', false],
    ['Match user root,deploy', 'web1', 'deploy', true],
    ['Match host web* user root', 'web1', 'deploy', false],
    ['Match originalhost web1', 'web1', 'any', true],
    ['Match all', 'web1', 'any', true],
    ['Match exec "true"', 'web1', 'any', false],
    [`Match localuser ${userInfo().username}`, 'web1', 'any', true],
  ])('%s for %s as %s: %s', (line, host, user, holds) => {
    expect(settings(host, `${line}\n  Port 77\n`, user).port).toBe(holds ? 77 : undefined);
  });

  test('Match host looks at the HostName that came before', () => {
    expect(settings('alias', 'Host alias\n  HostName real.example\nMatch host real.*\n  Port 9\n').port).toBe(
      9,
    );
  });

  test('tokens', () => {
    expect(expandTokens('~/.ssh/%r@%h-%p-%%-%x', { r: 'me', h: 'web1', p: '22' })).toBe(
      `${homedir()}/.ssh/me@web1-22-%-%x`,
    );
  });
});

describe('a route', () => {
  const target: Target = {
    name: 'web1',
    connection: 'ssh',
    address: 'alias',
    hostKeyChecking: 'strict',
    connectTimeoutMs: 10_000,
  };

  test('the inventory wins over ~/.ssh/config', () => {
    const config = file(
      'Host alias\n HostName 10.9.8.7\n Port 2200\n User cfg\n ProxyJump a,b@c:5\n IdentityFile ~/k-%h\n',
    );
    expect(resolveHop({ ...target, sshConfigFile: config })).toMatchObject({
      address: '10.9.8.7',
      port: 2200,
      user: 'cfg',
      jump: ['a', 'b@c:5'],
      keyFiles: [join(homedir(), 'k-10.9.8.7')],
    });
    const own = { port: 23, user: 'inv', jump: [], privateKeyFile: '/k', sshConfigFile: config };
    expect(resolveHop({ ...target, ...own })).toMatchObject({
      port: 23,
      user: 'inv',
      jump: [],
      keyFiles: ['/k', join(homedir(), 'k-10.9.8.7')],
    });
  });

  test('a configuration can ask for accept-new but never switch the check off', () => {
    const warnings: string[] = [];
    const config = file('StrictHostKeyChecking no\n');
    expect(
      resolveHop({ ...target, sshConfigFile: config }, (text) => warnings.push(text)).hostKeyChecking,
    ).toBe('accept-new');
    expect(warnings).toHaveLength(1);
    const soft = file('StrictHostKeyChecking accept-new\n');
    expect(resolveHop({ ...target, sshConfigFile: soft }).hostKeyChecking).toBe('accept-new');
    expect(resolveHop({ ...target, sshConfigFile: null }).hostKeyChecking).toBe('strict');
  });

  test('ProxyCommand is refused with the way out', () => {
    const config = file('ProxyCommand nc %h %p\n');
    expect(() => resolveHop({ ...target, sshConfigFile: config })).toThrow(/ProxyCommand .*alias/);
  });

  test.each([
    ['bastion', { address: 'bastion', user: undefined, port: undefined }],
    ['ops@bastion:2222', { address: 'bastion', user: 'ops', port: 2222 }],
    ['[fe80::1]:22', { address: 'fe80::1', port: 22 }],
    ['ssh://ops@bastion:22', { address: 'bastion', user: 'ops', port: 22 }],
  ])('jump host %s', (spec, expected) => {
    const jump = jumpTarget(spec, { ...target, password: 'secret', privateKeyFile: '/k' });
    expect(jump).toMatchObject({ ...expected, privateKeyFile: '/k', name: 'web1' });
    expect(jump.password).toBeUndefined();
  });

  test('a malformed jump host is said', () => {
    expect(() => jumpTarget('a:b:c', target)).toThrow(/jump host "a:b:c" is not/);
  });
});
