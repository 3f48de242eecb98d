import { describe, expect, it, test } from 'vitest';
import knownHosts from '../../src/modules/known_hosts/index.ts';
import { type HostKey, isAbout, readHostKey, withHostKeys } from '../../src/modules/known_hosts/lines.ts';
import { run } from './paper-host.ts';

const key = (type: string, end: string) =>
  Buffer.concat([Buffer.from([0, 0, 0, type.length]), Buffer.from(type + end)]).toString('base64');
const ED1 = `ssh-ed25519 ${key('ssh-ed25519', '1')}`;
const ED2 = `ssh-ed25519 ${key('ssh-ed25519', '2')}`;
const RSA = `ssh-rsa ${key('ssh-rsa', '1')}`;
const FILE = '/root/.ssh/known_hosts';
const HOME = { 'command:{"argv":["/bin/sh","-c","printf': { rc: 0, stdout: '/root', stderr: '' } };

describe('lines', () => {
  const others = `# mine\nz ${ED1} of z\n`;
  test.each<[string, string, string[], string]>([
    ['added', others, [`a ${ED1}`], `${others}a ${ED1}\n`],
    ['left', `a ${ED1} comment\n`, [`a ${ED1}`], `a ${ED1} comment\n`],
    ['of another type stay', `a ${RSA}\n`, [`a ${ED1}`], `a ${RSA}\na ${ED1}\n`],
    ['of the type replaced', `a ${ED1}\n${others}`, [`a ${ED2}`], `${others}a ${ED2}\n`],
    ['under more names replaced', `a,10.0.0.1 ${ED1}\n`, [`a ${ED1}`], `a ${ED1}\n`],
    ['under a pattern replaced', `*.b,a* ${ED1}\n`, [`a ${ED1}`], `a ${ED1}\n`],
    ['with a marker are others', `@revoked a ${ED1}\n`, [`a ${ED1}`], `@revoked a ${ED1}\na ${ED1}\n`],
    ['behind a line without end', `z ${ED1}`, [`a ${ED1}`], `z ${ED1}\na ${ED1}\n`],
    ['several at once', '', [`a ${ED1}`, `a ${RSA}`], `a ${ED1}\na ${RSA}\n`],
  ])('%s', (_name, text, lines, after) => {
    const keys = lines.map((line) => readHostKey(line) as HostKey);
    const wish = { name: 'A', keys, present: true, hash: false, seed: '' };
    expect(withHostKeys(text, wish)).toBe(after);
    expect(withHostKeys(after, wish)).toBe(after);
  });

  test.each<[string, string[], string]>([
    ['all of the host', [], `z ${ED1}\n`],
    ['one of them', [`a ${ED1}`], `a ${RSA}\nz ${ED1}\n`],
    ['none that it has not', [`a ${ED2}`], `a ${ED1}\na ${RSA}\nz ${ED1}\n`],
  ])('gone: %s', (_name, lines, after) => {
    const keys = lines.map((line) => readHostKey(line) as HostKey);
    const text = `a ${ED1}\na ${RSA}\nz ${ED1}\n`;
    expect(withHostKeys(text, { name: 'a', keys, present: false, hash: false, seed: '' })).toBe(after);
  });

  // Made by ssh-keygen -H of OpenSSH 9.2.
  it('are found by a hashed name', () => {
    const line = `|1|FpqVAfX8GnIkBwnPPwRuc194WSQ=|ohysMYI9ZYlzIMbfjILM8E6xOpU= ${ED1}`;
    expect(isAbout(readHostKey(line)!, 'H.example')).toBe(true);
    expect(isAbout(readHostKey(line)!, 'other.example')).toBe(false);
  });

  it('are hashed, once', () => {
    const wish = { name: 'a', keys: [readHostKey(`a ${ED1}`)!], present: true, hash: true, seed: 's' };
    const once = withHostKeys(`a ${ED1}\n`, wish);
    expect(once).toMatch(/^\|1\|[\w+/]{27}=\|[\w+/]{27}= ssh-ed25519 \S+\n$/);
    expect(isAbout(readHostKey(once)!, 'a')).toBe(true);
    expect(withHostKeys(once, wish)).toBe(once);
    expect(withHostKeys(`a ${ED1}\n`, { ...wish, seed: 't' })).not.toBe(once);
  });
});

describe('known_hosts', () => {
  it('is in the home folder unless told otherwise', async () => {
    const around = { files: { '/root/.ssh': { dir: true as const } }, answers: HOME };
    const ran = await run(knownHosts, { name: 'a', key: `a ${ED1}` }, around);
    expect(ran.text(FILE)).toBe(`a ${ED1}\n`);
    expect(ran.result).toMatchObject({ name: 'a', path: FILE, hash_host: false, state: 'file' });
    expect((await ran.again()).changes).toEqual([]);
  });

  test.each([
    ['a key of another host', { key: `b ${ED1}` }, /Host parameter does not match/],
    ['a key without a name', { key: ED1 }, /Host parameter does not match/],
    ['what is no key', { key: 'a ssh-ed25519 AAAA' }, /^Host parameter does not match[^:]*$/],
    ['several names', { name: 'a,b', key: `a,b ${ED1}` }, /^Comma separated list of names/],
    ['no key', {}, /No key specified/],
    [
      'no folder',
      { key: `a ${ED1}`, path: '/no/such/folder/x' },
      /Destination directory \/no\/such\/folder does not/,
    ],
  ])('refuses %s', async (_name, args, message) => {
    const ran = await run(knownHosts, { name: 'a', path: '/etc/keys', ...args }, { files: { '/etc/x': '' } });
    expect(ran.plan.failed).toMatch(message);
    expect(ran.changes).toEqual([]);
  });

  it('shows the line that is wrong', async () => {
    const ran = await run(knownHosts, { name: 'a', path: '/etc/keys', key: `b ${ED1}` }, {});
    expect(ran.plan.warnings).toEqual([expect.stringMatching(/"b ssh-ed25519 .* is no line .* about a$/)]);
  });

  it('tells the difference, also without --diff and where there is none', async () => {
    const added = await run(knownHosts, { name: 'a', path: '/keys', key: `a ${ED1}` }, { files: {} });
    const headers = { before_header: '/dev/null', after_header: '/keys' };
    expect(added.result.diff).toEqual({ before: '', after: `a ${ED1}\n`, ...headers });
    const same = { before: `a ${ED1}\n`, after: `a ${ED1}\n`, before_header: '/keys', after_header: '/keys' };
    expect((await added.again()).result.diff).toEqual(same);
  });

  it('takes all keys of a host out', async () => {
    const files = { '/etc/keys': `a,b ${ED1}\nc ${RSA}\n` };
    const ran = await run(knownHosts, { host: 'b', path: '/etc/keys', state: 'absent' }, { files });
    expect(ran.text('/etc/keys')).toBe(`c ${RSA}\n`);
    const none = await run(knownHosts, { name: 'b', path: '/no/keys', state: 'absent' }, { files });
    expect(none.changes).toEqual([]);
    expect(none.result).toMatchObject({ key: null, state: 'absent' });
  });
});
