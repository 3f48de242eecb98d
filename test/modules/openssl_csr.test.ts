import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import csr from '../../src/modules/openssl_csr/index.ts';
import { csrParams } from '../../src/modules/openssl_csr/params.ts';
import { alternativeNames, configuration } from '../../src/modules/openssl_csr/request.ts';
import publickey from '../../src/modules/openssl_publickey/index.ts';
import { hasProgram } from '../machine.ts';
import { openThisHost, type ThisHost } from './this-host.ts';

test('the configuration of a request', () => {
  const text = configuration(
    csrParams.parse({
      path: '/x',
      privatekey_path: '/k',
      C: 'DE',
      common_name: 'a$b #1',
      subject: { OU: ['one', 'two'] },
      subject_alt_name: ['DNS:a.example', 'IP:10.0.0.1'],
      key_usage: 'digitalSignature,keyAgreement',
      key_usage_critical: true,
      name_constraints_permitted: ['DNS:.example'],
    }),
  );
  expect(text).toContain('[subject]\n0.C = DE\n1.CN = a\\$b \\#1\n2.OU = one\n3.OU = two\n');
  expect(text).toContain('[names]\nDNS.0 = a.example\nIP.1 = 10.0.0.1\n');
  expect(text).toContain('keyUsage = critical,digitalSignature,keyAgreement\n');
  expect(text).toContain('nameConstraints = permitted;DNS:.example\n');
});

test('a common name is an alternative name, unless it shall not be', () => {
  const names = (args: Record<string, unknown>) =>
    alternativeNames(csrParams.parse({ path: '/x', privatekey_path: '/k', ...args }));
  expect(names({ subject: { CN: 'z' } })).toEqual(['DNS:z']);
  expect(names({ common_name: 'z', use_common_name_for_san: false })).toBeUndefined();
  expect(names({ common_name: 'z', subject_alt_name: 'IP:1.2.3.4' })).toEqual(['IP:1.2.3.4']);
});

test.each([
  [{}, /privatekey_path or privatekey_content/],
  [{ privatekey_path: '/k', subject: {}, subject_ordered: [] }, /mutually exclusive/],
  [{ privatekey_path: '/k', crl_distribution_points: [{}] }, /not supported/],
])('refused: %j', (args, message) => {
  const read = csrParams.safeParse({ path: '/x', ...args });
  expect(read.error?.message).toMatch(message);
});

describe.runIf(hasProgram('openssl'))('with the openssl of this machine', () => {
  let host: ThisHost;
  const at = (name: string) => join(host.folder, name);
  const openssl = (...words: string[]) =>
    execFileSync('openssl', words, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  beforeAll(async () => {
    host = await openThisHost();
    openssl('genpkey', '-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:1024', '-out', at('key'));
    openssl('genpkey', '-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-out', at('other'));
    openssl('rsa', '-in', at('key'), '-aes128', '-passout', 'pass:p w', '-out', at('locked'));
  });
  afterAll(() => host.close());
  const request = (args: Record<string, unknown>, around = {}) =>
    host.run(csr as never, { path: at('csr'), privatekey_path: at('key'), ...args }, around);

  it('makes a request, anew when it says something else or the key is another', async () => {
    const wish = { common_name: 'www.example', C: 'DE', basic_constraints: ['CA:FALSE'] };
    expect((await request(wish, { checkMode: true })).changed).toBe(true);
    expect(existsSync(at('csr'))).toBe(false);
    const first = await request({ ...wish, return_content: true });
    expect(first).toMatchObject({
      changed: true,
      result: {
        subject: [
          ['C', 'DE'],
          ['CN', 'www.example'],
        ],
        subjectAltName: ['DNS:www.example'],
        csr: readFileSync(at('csr'), 'utf8'),
      },
    });
    const text = openssl('req', '-in', at('csr'), '-noout', '-text', '-verify');
    expect(text).toMatch(/DNS:www\.example/);
    expect(text).toMatch(/CA:FALSE/);
    expect((await request(wish)).changed).toBe(false);
    expect((await request({ ...wish, ocsp_must_staple: true })).changed).toBe(true);
    expect((await request({ ...wish, privatekey_path: at('other') })).changed).toBe(true);
    expect((await request({ ...wish, privatekey_path: at('other'), mode: '0640' })).changed).toBe(true);
    writeFileSync(at('csr'), 'x');
    const repaired = await request({ ...wish, backup: true });
    expect(readFileSync(repaired.result.backup_file as string, 'utf8')).toBe('x');
    expect((await request({ state: 'absent' })).changed).toBe(true);
    expect(existsSync(at('csr'))).toBe(false);
  });

  it('reads keys that are locked, or given by their text', async () => {
    const key = { privatekey_path: undefined, privatekey_content: readFileSync(at('locked'), 'utf8') };
    const wish = { common_name: 'x', path: at('by-text') };
    expect((await request({ ...wish, ...key, privatekey_passphrase: 'p w' })).changed).toBe(true);
    expect(
      (await request({ ...wish, privatekey_path: at('locked'), privatekey_passphrase: 'p w' })).changed,
    ).toBe(false);
    expect((await request({ ...wish, privatekey_path: at('locked') })).failed).toBe(true);
    expect((await request({ ...wish, privatekey_path: at('none') })).result.msg).toMatch(/does not exist$/);
    expect((await request({ path: at('no/such') })).result.msg).toMatch(/does not exist/);
  });

  it('writes public keys', async () => {
    const wish = { path: at('pub'), privatekey_path: at('key') };
    const run = (args: Record<string, unknown>) => host.run(publickey as never, { ...wish, ...args });
    const first = await run({});
    const pem = openssl('pkey', '-in', at('key'), '-pubout');
    expect([first.changed, readFileSync(at('pub'), 'utf8')]).toEqual([true, pem]);
    expect((first.result.fingerprint as Record<string, string>).sha256).toMatch(
      /^[0-9a-f]{2}(:[0-9a-f]{2}){31}$/,
    );
    expect((await run({})).changed).toBe(false);
    expect((await run({ privatekey_path: at('other') })).changed).toBe(true);
    expect((await run({ state: 'absent' })).changed).toBe(true);
    expect(existsSync(at('pub'))).toBe(false);
  });

  it.runIf(hasProgram('ssh-keygen'))('writes public keys for OpenSSH', async () => {
    const wish = { path: at('ssh'), privatekey_path: at('key'), format: 'OpenSSH' };
    const first = await host.run(publickey as never, wish);
    const text = readFileSync(at('ssh'), 'utf8');
    expect([first.changed, text]).toEqual([true, expect.stringMatching(/^ssh-rsa AAAA/)]);
    writeFileSync(at('ssh'), text.replace(/\n$/, ' me@here\n'));
    expect((await host.run(publickey as never, wish)).changed).toBe(false);
  });
});
