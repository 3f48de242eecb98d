import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import dhparam from '../../src/modules/openssl_dhparam/index.ts';
import { hasProgram } from '../machine.ts';
import { openThisHost, type ThisHost } from './this-host.ts';

describe.runIf(hasProgram('openssl'))('with the openssl of this machine', () => {
  let host: ThisHost;
  const at = (name: string) => join(host.folder, name);
  beforeAll(async () => {
    host = await openThisHost();
  });
  afterAll(() => host.close());
  const made = (args: Record<string, unknown>, around = {}) =>
    host.run(dhparam as never, { path: at('dh.pem'), size: 512, ...args }, around);

  it('makes parameters, and leaves those of the right size', async () => {
    const first = await made({ mode: '0640', return_content: true });
    const text = readFileSync(at('dh.pem'), 'utf8');
    expect(first.changed).toBe(true);
    expect(first.result).toMatchObject({ filename: at('dh.pem'), size: 512, dhparams: text });
    expect(text).toMatch(/^-----BEGIN DH PARAMETERS-----\n/);
    expect(statSync(at('dh.pem')).mode & 0o777).toBe(0o640);
    const again = await made({ return_content: true });
    expect([again.changed, again.result.dhparams]).toEqual([false, text]);
  });

  it('makes none in a dry run', async () => {
    writeFileSync(at('junk'), 'junk');
    expect((await made({ path: at('none') }, { checkMode: true })).changed).toBe(true);
    expect((await made({ path: at('junk') }, { checkMode: true })).changed).toBe(true);
    expect((await made({}, { checkMode: true })).changed).toBe(false);
    expect(existsSync(at('none'))).toBe(false);
    expect(readFileSync(at('junk'), 'utf8')).toBe('junk');
  });

  it('makes others of another size, keeps the old ones beside, and removes', async () => {
    const before = readFileSync(at('dh.pem'), 'utf8');
    const other = await made({ size: 520, backup: true });
    expect(other.changed).toBe(true);
    expect(readFileSync(String(other.result.backup_file), 'utf8')).toBe(before);
    expect((await made({ state: 'absent' })).changed).toBe(true);
    expect(readdirSync(host.folder)).not.toContain('dh.pem');
  });

  it('needs the folder', async () => {
    expect(await made({ path: at('no/dh.pem') })).toMatchObject({ failed: true });
  });
});
