import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseParams } from '../../src/modules/index.ts';
import javaCert from '../../src/modules/java_cert/index.ts';
import { hasProgram } from '../machine.ts';
import { run as onPaper } from './paper-host.ts';
import { openThisHost, type ThisHost } from './this-host.ts';

const PROGRAMS = ['keytool', 'openssl'].every(hasProgram);

// Every look at a keystore starts Java.
describe.runIf(PROGRAMS)('java_cert', { timeout: 120_000 }, () => {
  let here: ThisHost;
  const at = (path: string) => join(here.folder, path);
  const openssl = (...words: string[]) => execFileSync('openssl', words, { stdio: 'pipe' });
  const store = () => ({ keystore_path: at('t.jks'), keystore_pass: 'changeit' });
  const run = (args: Record<string, unknown>, checkMode = false) =>
    here.run(javaCert as never, { ...store(), ...args }, { checkMode });
  const aliases = () =>
    execFileSync('keytool', ['-list', '-keystore', at('t.jks'), '-storepass', 'changeit'], {
      encoding: 'utf8',
      stdio: 'pipe',
    })
      .split('\n')
      .flatMap((line) => /^(\w+), .*(PrivateKeyEntry|trustedCertEntry)/.exec(line)?.slice(1).join(' ') ?? []);

  beforeAll(async () => {
    here = await openThisHost();
    for (const name of ['a', 'b'])
      openssl(
        'req',
        '-x509',
        '-newkey',
        'ec',
        '-pkeyopt',
        'ec_paramgen_curve:P-256',
        '-nodes',
        '-keyout',
        at(`${name}.key`),
        '-out',
        at(`${name}.crt`),
        '-subj',
        `/CN=${name}`,
      );
    openssl(
      'pkcs12',
      '-export',
      '-in',
      at('b.crt'),
      '-inkey',
      at('b.key'),
      '-name',
      'bee',
      '-passout',
      'pass:p12pass',
      '-out',
      at('b.p12'),
    );
  });
  afterAll(() => here.close());

  test('in, again, another one, with its key, out, and back', async () => {
    const a = { cert_path: at('a.crt'), cert_alias: 'one', keystore_create: true };
    expect(await run(a, true)).toMatchObject({ changed: true, failed: false });
    expect(existsSync(at('t.jks'))).toBe(false);
    expect(await run(a)).toMatchObject({
      changed: true,
      failed: false,
      result: { diff: { before: '\n', after: 'one\n' } },
    });
    expect(await run(a)).toMatchObject({ changed: false, result: {} });
    const first = readFileSync(at('t.jks'));
    expect(await run({ ...a, cert_path: at('b.crt') })).toMatchObject({ changed: true });
    const p12 = {
      pkcs12_path: at('b.p12'),
      pkcs12_alias: 'bee',
      pkcs12_password: 'p12pass',
      cert_alias: 'two',
    };
    expect(await run(p12)).toMatchObject({ changed: true, failed: false });
    expect(aliases()).toEqual(['one trustedCertEntry', 'two PrivateKeyEntry']);
    expect(await run({ cert_alias: 'one', state: 'absent' })).toMatchObject({ changed: true, failed: false });
    expect(aliases()).toEqual(['two PrivateKeyEntry']);
    expect(first.equals(readFileSync(at('t.jks')))).toBe(false);
    await here.undo();
    expect(existsSync(at('t.jks'))).toBe(false);
  });

  test('what cannot be', async () => {
    const missing = { keystore_path: at('no.jks'), cert_alias: 'x' };
    const message = `Module require existing keystore at keystore_path '${at('no.jks')}'`;
    expect((await run({ ...missing, cert_path: at('a.crt') })).result.msg).toBe(message);
    expect((await run({ ...missing, state: 'absent' })).result.msg).toBe(message);
    const made = {
      keystore_path: at('u.jks'),
      cert_path: at('a.crt'),
      cert_alias: 'x',
      keystore_create: true,
    };
    await run(made);
    const wrong = await run({ ...made, keystore_pass: 'no such word' });
    expect(wrong).toMatchObject({ failed: true, result: { rc: 1 } });
    expect(wrong.result.msg).toContain('keystore password was incorrect');
  });
});

test('passwords are in no argument and no difference', async () => {
  const args = { keystore_path: '/t.jks', keystore_pass: 'hunter2', cert_path: '/a.crt', cert_alias: 'a' };
  const said = { rc: 0, stdout: '', stderr: '', stdoutBytes: Buffer.from('other there\nbytes') };
  const ran = await onPaper(javaCert, args, { answers: { command: said } });
  expect(ran.text('/t.jks')).toBe('bytes');
  expect(JSON.stringify([ran.result, ran.changes.map(({ diff, summary }) => [diff, summary])])).not.toContain(
    'hunter2',
  );
  expect(ran.result.diff).toEqual({ before: 'a\n', after: 'a\n' });
});

test.each([
  [{ cert_path: '/a' }, 'requires alias argument'],
  [{ cert_alias: 'a' }, 'any of the following are missing: cert_path'],
  [{ cert_path: '/a', cert_url: 'b', cert_alias: 'a' }, 'mutually exclusive'],
  [{ state: 'absent' }, 'state is absent but any of the following are missing'],
])('what does not go together: %j', (args, message) => {
  expect(() => parseParams(javaCert, { keystore_path: '/k', keystore_pass: 'p', ...args })).toThrow(message);
});
