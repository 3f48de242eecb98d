import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import patch from '../../src/modules/patch/index.ts';
import { hasProgram } from '../machine.ts';
import { openThisHost, type ThisHost } from './this-host.ts';

const ONE = '--- f\n+++ f\n@@ -1,3 +1,3 @@\n one\n-two\n+2\n three\n';
const MANY = [
  '--- a/x/a file\t\n+++ b/x/a file\t\n@@ -1,3 +1,3 @@\n one\n-two\n+2\n three\n',
  '--- /dev/null\n+++ b/y/new\n@@ -0,0 +1 @@\n+new\n',
  '--- a/x/old\n+++ /dev/null\n@@ -1 +0,0 @@\n-old\n',
].join('');

describe.runIf(hasProgram('patch'))('patch', () => {
  let here: ThisHost;
  const at = (path: string) => join(here.folder, path);
  const text = (path: string) => readFileSync(at(path), 'utf8');
  const run = (args: Record<string, unknown>, checkMode = false) =>
    here.run(patch as never, args, { checkMode, files: { one: at('one.patch'), many: at('many.patch') } });

  beforeEach(async () => {
    here = await openThisHost();
    mkdirSync(at('base/x'), { recursive: true });
    for (const path of ['f', 'base/x/a file']) writeFileSync(at(path), 'one\ntwo\nthree\n');
    writeFileSync(at('base/x/old'), 'old\n');
    writeFileSync(at('one.patch'), ONE);
    writeFileSync(at('many.patch'), MANY);
    chmodSync(at('f'), 0o755);
  });
  afterEach(() => here.close());

  test('one file, there and back', async () => {
    const args = { src: 'one', dest: at('f') };
    expect(await run(args, true)).toMatchObject({ changed: true, failed: false });
    expect(text('f')).toBe('one\ntwo\nthree\n');
    expect(await run(args)).toMatchObject({ changed: true, failed: false });
    expect(text('f')).toBe('one\n2\nthree\n');
    expect(await run(args)).toMatchObject({ changed: false });
    expect(await run({ ...args, state: 'absent' })).toMatchObject({ changed: true });
    expect(text('f')).toBe('one\ntwo\nthree\n');
    expect(await run({ ...args, state: 'absent' })).toMatchObject({ changed: false });
  });

  test('many files, with copies of what was there, and a rollback', async () => {
    const args = { src: at('many.patch'), remote_src: true, basedir: at('base'), strip: 1, backup: true };
    writeFileSync(at('base/x/a file.~1~'), 'older\n');
    expect(await run(args)).toMatchObject({ changed: true, failed: false });
    expect([text('base/x/a file'), text('base/y/new')]).toEqual(['one\n2\nthree\n', 'new\n']);
    expect([text('base/x/a file.~1~'), text('base/x/a file.~2~')]).toEqual(['older\n', 'one\ntwo\nthree\n']);
    expect(existsSync(at('base/x/old'))).toBe(false);
    expect(await run(args)).toMatchObject({ changed: false });
    await here.undo();
    expect([text('base/x/a file'), text('base/x/old')]).toEqual(['one\ntwo\nthree\n', 'old\n']);
    expect([existsSync(at('base/y')), existsSync(at('base/x/a file.~2~'))]).toEqual([false, false]);
  });

  test('what does not fit changes nothing', async () => {
    writeFileSync(at('f'), 'other\n');
    const ended = await run({ src: 'one', dest: at('f') });
    expect(ended).toMatchObject({ failed: true, result: { msg: '1 out of 1 hunk FAILED\n' } });
    expect([text('f'), existsSync(at('f.orig'))]).toEqual(['other\n', false]);
    expect(await run({ src: 'one', dest: at('f') }, true)).toMatchObject({ failed: false });
  });

  test('what is not there', async () => {
    expect((await run({ src: 'one', dest: at('no') })).result.msg).toBe(
      `dest ${at('no')} doesn't exist or not writable`,
    );
    expect((await run({ src: 'one', basedir: at('no') })).result.msg).toBe(
      `basedir ${at('no')} doesn't exist`,
    );
  });
});
