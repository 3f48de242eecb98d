import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseParams } from '../../src/modules/index.ts';
import certificate from '../../src/modules/x509_certificate/index.ts';
import info from '../../src/modules/x509_certificate_info/index.ts';
import { moment } from '../../src/modules/x509_certificate_info/moment.ts';
import { hasProgram } from '../machine.ts';
import { openThisHost, type ThisHost } from './this-host.ts';

describe.runIf(hasProgram('openssl'))('certificates', () => {
  let here: ThisHost;
  const at = (path: string) => join(here.folder, path);
  const openssl = (...words: string[]) => execFileSync('openssl', words, { encoding: 'utf8', stdio: 'pipe' });
  const request = (name: string, subject: string, ...extensions: string[]) =>
    openssl(
      'req',
      '-new',
      '-key',
      at(`${name}.key`),
      '-subj',
      subject,
      '-out',
      at(`${name}.csr`),
      ...extensions.flatMap((one) => ['-addext', one]),
    );
  const run = (args: Record<string, unknown>, checkMode = false) =>
    here.run(certificate as never, args, { checkMode });
  const told = async (path: string, more: Record<string, unknown> = {}) =>
    (await here.run(info as never, { path: at(path), ...more })).result;

  beforeAll(async () => {
    here = await openThisHost();
    openssl(
      'genpkey',
      '-algorithm',
      'EC',
      '-pkeyopt',
      'ec_paramgen_curve:P-256',
      '-aes-128-cbc',
      '-pass',
      'pass:hunter2',
      '-out',
      at('ca.key'),
    );
    openssl('genpkey', '-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:2048', '-out', at('a.key'));
    openssl(
      'req',
      '-new',
      '-key',
      at('ca.key'),
      '-passin',
      'pass:hunter2',
      '-subj',
      '/CN=My CA',
      '-out',
      at('ca.csr'),
      '-addext',
      'basicConstraints=critical,CA:TRUE,pathlen:1',
      '-addext',
      'keyUsage=critical,keyCertSign,cRLSign',
    );
    request(
      'a',
      '/C=DE/O=A and B/CN=a.example',
      'subjectAltName=DNS:a.example,IP:10.0.0.1,IP:2001:db8::1,URI:https://a.example/x',
      'extendedKeyUsage=serverAuth,clientAuth',
      'tlsfeature=status_request',
    );
  });
  afterAll(() => here.close());

  const authority = () => ({
    path: at('ca.crt'),
    csr_path: at('ca.csr'),
    privatekey_path: at('ca.key'),
    privatekey_passphrase: 'hunter2',
    provider: 'selfsigned',
  });
  const signed = () => ({
    path: at('a.crt'),
    csr_path: at('a.csr'),
    ownca_path: at('ca.crt'),
    ownca_privatekey_path: at('ca.key'),
    ownca_privatekey_passphrase: 'hunter2',
    provider: 'ownca',
    ownca_not_before: '20200101000000Z',
    ownca_not_after: '+52w',
  });

  test('by its own key, and by an authority', async () => {
    expect(await run(authority(), true)).toMatchObject({ changed: true, failed: false });
    expect(await run(authority())).toMatchObject({ changed: true, failed: false });
    expect(await run(authority())).toMatchObject({ changed: false, failed: false });
    const done = await run({ ...signed(), return_content: true, mode: '0640' });
    expect(done).toMatchObject({
      changed: true,
      result: {
        filename: at('a.crt'),
        csr: at('a.csr'),
        ca_cert: at('ca.crt'),
        notBefore: '20200101000000Z',
      },
    });
    expect(done.result.certificate).toBe(readFileSync(at('a.crt'), 'utf8'));
    expect(openssl('verify', '-no_check_time', '-CAfile', at('ca.crt'), at('a.crt'))).toContain('OK');
    expect(await run(signed())).toMatchObject({ changed: false });
  });

  test('what makes it anew', async () => {
    await run(authority());
    await run(signed());
    expect(await run({ ...signed(), ownca_not_after: '20400101000000Z' })).toMatchObject({ changed: false });
    const strict = { ...signed(), ownca_not_after: '20400101000000Z', ignore_timestamps: false };
    expect(await run(strict)).toMatchObject({ changed: true, result: { notAfter: '20400101000000Z' } });
    expect(await run(strict)).toMatchObject({ changed: false });
    const before = readFileSync(at('a.csr'));
    request('a', '/CN=other');
    expect(await run(strict, true)).toMatchObject({ changed: true });
    writeFileSync(at('a.csr'), before);
    // Another authority of the same name and key.
    rmSync(at('ca.crt'));
    await run(authority());
    expect(await run(strict)).toMatchObject({ changed: false });
    openssl('genpkey', '-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256', '-out', at('ca2.key'));
    openssl('req', '-x509', '-key', at('ca2.key'), '-subj', '/CN=My CA', '-days', '9', '-out', at('ca2.crt'));
    const other = { ownca_path: at('ca2.crt'), ownca_privatekey_path: at('ca2.key') };
    expect(await run({ ...strict, ...other }, true)).toMatchObject({ changed: true });
  });

  test('without a request, without identifiers, and gone', async () => {
    const args = { path: at('s.crt'), privatekey_path: at('a.key'), provider: 'selfsigned' };
    expect(await run(args)).toMatchObject({ changed: true, failed: false, result: { csr: null } });
    expect(await told('s.crt')).toMatchObject({ subject: {}, issuer_ordered: [], version: 3 });
    expect(
      await run({ ...args, selfsigned_create_subject_key_identifier: 'never_create', csr_path: at('a.csr') }),
    ).toMatchObject({ changed: true });
    expect(await told('s.crt')).toMatchObject({
      subject_key_identifier: null,
      subject: { commonName: 'a.example' },
    });
    expect(await run({ path: at('s.crt'), state: 'absent' })).toMatchObject({ changed: true });
    expect((await run({ ...args, csr_path: at('no.csr') })).result.msg).toBe(
      `The certificate signing request file ${at('no.csr')} does not exist`,
    );
  });

  test('tells what openssl tells', async () => {
    await run(authority());
    await run(signed());
    const x509 = new X509Certificate(readFileSync(at('a.crt')));
    const keys = await told('a.crt', { valid_at: { later: '20210101', never: '20010101000000Z' } });
    expect(keys).toMatchObject({
      subject: { countryName: 'DE', organizationName: 'A and B', commonName: 'a.example' },
      subject_ordered: [
        ['countryName', 'DE'],
        ['organizationName', 'A and B'],
        ['commonName', 'a.example'],
      ],
      issuer: { commonName: 'My CA' },
      subject_alt_name: ['DNS:a.example', 'IP:10.0.0.1', 'IP:2001:db8::1', 'URI:https://a.example/x'],
      extended_key_usage: ['TLS Web Server Authentication', 'TLS Web Client Authentication'],
      ocsp_must_staple: true,
      basic_constraints: null,
      key_usage: null,
      public_key_type: 'RSA',
      public_key_data: { size: 2048, exponent: 65537 },
      signature_algorithm: 'ecdsa-with-SHA256',
      not_before: '20200101000000Z',
      valid_at: { later: true, never: false },
      version: 3,
    });
    expect((keys.fingerprints as Record<string, string>).sha256).toBe(x509.fingerprint256.toLowerCase());
    expect(BigInt(String(keys.serial_number))).toBe(BigInt(`0x${x509.serialNumber}`));
    const own = await told('ca.crt');
    expect(own).toMatchObject({
      basic_constraints: ['CA:TRUE', 'pathlen:1'],
      basic_constraints_critical: true,
      key_usage: ['CRL Sign', 'Certificate Sign'],
      public_key_type: 'ECC',
      public_key_data: { curve: 'secp256r1', exponent_size: 256 },
    });
    expect(keys.authority_key_identifier).toBe(own.subject_key_identifier);
    expect((await told('a.key')).msg).toBe('Cannot parse certificate: it is none');
    expect((await told('no')).msg).toContain('No such file or directory');
  });
});

test.each([
  ['+1w2d', '19700110000000Z'],
  ['-1s', '19691231235959Z'],
  ['20301231235959Z', '20301231235959Z'],
  ['2030-12-31', '20301231000000Z'],
  ['soon', undefined],
])('the time %s', (written, expected) => {
  expect(moment(written, 0)).toBe(expected);
});

test.each([
  [{}, 'all of the following are missing: provider'],
  [{ provider: 'ownca' }, 'needs csr_path or csr_content for the provider ownca'],
  [{ provider: 'selfsigned' }, 'needs either privatekey_path or privatekey_content'],
  [{ provider: 'selfsigned', privatekey_path: '/k', selfsigned_not_after: 'later' }, 'is no time: "later"'],
])('what does not go together: %j', (args, message) => {
  expect(() => parseParams(certificate, { path: '/c', ...args })).toThrow(message);
});
