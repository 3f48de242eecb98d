import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, test } from 'vitest';
import privatekey from '../../src/modules/openssl_privatekey/index.ts';
import { keyProbe, making, readKey } from '../../src/modules/openssl_privatekey/key.ts';
import { privatekeyParams } from '../../src/modules/openssl_privatekey/params.ts';
import { hasProgram } from '../machine.ts';
import { run, type Situation } from './paper-host.ts';
import { ended } from './task-plan.ts';

const PUBLIC = '-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA\n-----END PUBLIC KEY-----\n';
const rsa = (start = 'open', begin = 'RSA PRIVATE KEY') =>
  `${start}\n-----BEGIN ${begin}-----\nPublic-Key: (4096 bit)\nModulus:\nExponent: 65537 (0x10001)\n${PUBLIC}`;
const around = (said: string): Situation => ({
  files: said === 'absent\n' ? { '/k': { dir: true } } : { '/k/a.pem': { text: 'x', mode: 0o600 } },
  answers: {
    'command:{"argv":["/bin/sh","-c","if [ -e': ended(0, said === 'absent\n' ? said : '1 1\n'),
    command: ended(0, said),
  },
});

describe('openssl_privatekey', () => {
  const wish = { path: '/k/a.pem' };
  const secret = { passphrase: 'p', cipher: 'auto' };
  test.each<[string, Record<string, unknown>, string, string[]]>([
    ['none', {}, 'absent\n', ['make the RSA key /k/a.pem']],
    ['right', {}, rsa(), []],
    ['right, in the other format', {}, rsa('open', 'PRIVATE KEY'), []],
    ['the other format is wished', { format: 'pkcs8' }, rsa(), ['make the RSA key /k/a.pem']],
    [
      'only the format is wrong',
      { format: 'pkcs8', format_mismatch: 'convert' },
      rsa(),
      ['convert the RSA key /k/a.pem'],
    ],
    ['another size', { size: 2048 }, rsa(), ['make the RSA key /k/a.pem']],
    ['another size may stay', { size: 2048, regenerate: 'never' }, rsa(), []],
    ['another kind', { type: 'ECC', curve: 'secp256r1' }, rsa(), ['make the ECC key /k/a.pem']],
    ['broken', {}, 'broken\n', ['make the RSA key /k/a.pem']],
    ['locked, as it shall be', secret, rsa('protected'), []],
    ['open, but shall be locked', secret, rsa(), ['make the RSA key /k/a.pem']],
    ['in any case', { force: true }, rsa(), ['make the RSA key /k/a.pem']],
  ])('%s', async (_name, args, said, summaries) => {
    const ran = await run(privatekey, { ...wish, ...args }, around(said));
    expect(ran.plan.failed).toBeUndefined();
    expect(ran.summaries).toEqual(summaries);
    for (const { undo } of ran.changes)
      expect(undo).toBe(said === 'absent\n' ? 'invertible' : 'irreversible');
  });

  test.each<[Record<string, unknown>, string, RegExp]>([
    [{ regenerate: 'partial_idempotence' }, 'broken\n', /^Unable to read the key/],
    [{ size: 2048, regenerate: 'fail' }, rsa(), /^Key has wrong type and\/or size/],
    [{ format: 'pkcs8', regenerate: 'fail' }, rsa(), /^Key has wrong format/],
    [{ path: '/no/such.pem' }, 'absent\n', /^The directory \/no does not exist/],
  ])('fails: %j', async (args, said, message) => {
    const ran = await run(privatekey, { ...wish, ...args }, around(said));
    expect([ran.plan.failed, ran.changes]).toEqual([expect.stringMatching(message), []]);
  });

  it('sees to the mode, and tells the fingerprints', async () => {
    const ran = await run(privatekey, { ...wish, mode: '0640' }, around(rsa()));
    expect(ran.state('/k/a.pem')?.mode).toBe(0o640);
    expect(ran.result).toMatchObject({ filename: '/k/a.pem', size: 4096, type: 'RSA' });
    expect((ran.result.fingerprint as Record<string, string>).sha1).toMatch(
      /^[0-9a-f]{2}(:[0-9a-f]{2}){19}$/,
    );
  });

  it('removes it', async () => {
    const ran = await run(privatekey, { ...wish, state: 'absent' }, around(rsa()));
    expect([ran.state('/k/a.pem')?.type, ran.result.fingerprint]).toEqual(['absent', null]);
  });

  test.each([
    [{ passphrase: 'x' }, /required together/],
    [{ type: 'ECC' }, /curve/],
  ])('refused: %j', async (args, message) => {
    await expect(run(privatekey, { ...wish, ...args })).rejects.toThrow(message);
  });
});

describe.runIf(hasProgram('openssl'))('with the openssl of this machine', () => {
  const secret = { passphrase: "o'p q", cipher: 'auto' };
  const kinds: [Record<string, unknown>, string][] = [
    [{ size: 1024 }, 'RSA PRIVATE KEY'],
    [{ size: 1024, format: 'pkcs8' }, 'PRIVATE KEY'],
    [{ size: 1024, ...secret }, 'RSA PRIVATE KEY'],
    [{ type: 'ECC', curve: 'secp256r1' }, 'EC PRIVATE KEY'],
    [{ type: 'Ed25519', format: 'pkcs8' }, 'PRIVATE KEY'],
    [{ type: 'Ed25519', format: 'pkcs8', ...secret }, 'ENCRYPTED PRIVATE KEY'],
  ];
  test.each(kinds)('%j is made and read', (args, begin) => {
    const folder = mkdtempSync(join(tmpdir(), 'cutover-key-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const given = privatekeyParams.parse({ path: join(folder, 'key'), ...args });
    const format = given.format === 'pkcs8' ? 'pkcs8' : 'pkcs1';
    const sh = ({ argv, stdin }: { argv?: readonly string[]; stdin?: unknown }) =>
      execFileSync(argv![0]!, argv!.slice(1), { input: String(stdin), encoding: 'utf8' });
    expect(readKey(sh(keyProbe(given).query as never)).state).toBe('absent');
    const key = readKey(sh(making(given, { format, backup: undefined, converts: false })));
    expect(key).toMatchObject({ state: 'readable', format, type: given.type, isProtected: 'cipher' in args });
    if (given.type === 'RSA') expect(key.bits).toBe(1024);
    expect(readFileSync(given.path, 'utf8').split('\n')[0]).toBe(`-----BEGIN ${begin}-----`);
    expect(statSync(given.path).mode & 0o777).toBe(0o600);
    expect(readKey(sh(keyProbe(given).query as never))).toEqual(key);
    if ('cipher' in args) {
      const other = privatekeyParams.parse({ path: given.path });
      expect(readKey(sh(keyProbe(other).query as never)).state).toBe('broken');
    }
    writeFileSync(given.path, 'x\n');
    expect(readKey(sh(keyProbe(given).query as never)).state).toBe('broken');
  });
});
