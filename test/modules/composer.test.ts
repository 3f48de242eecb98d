import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, test } from 'vitest';
import composer from '../../src/modules/composer/index.ts';
import { isUnknown } from '../../src/values/index.ts';
import { run } from './paper-host.ts';
import { ended, planTask } from './task-plan.ts';

interface Detail {
  readonly spec: { readonly argv: readonly [string, ...string[]] };
}

/** A composer that knows a few options, and prints what it gets. */
function aComposer(): string {
  const folder = mkdtempSync(join(tmpdir(), 'cutover-composer-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const program = join(folder, 'composer');
  writeFileSync(
    program,
    `#!/bin/sh
case $1 in help) echo '{"definition":{"options":{"a":{"name":"--no-ansi"},"b":{"name":"--no-dev"},"c":{"name":"--apcu"}}}}' ;; *) echo "$*" ;; esac
`,
  );
  chmodSync(program, 0o755);
  return program;
}

describe('composer', () => {
  const app = { working_dir: '/srv/app' };

  test.each<[Record<string, unknown>, string]>([
    [app, '--no-ansi --no-dev --working-dir=/srv/app install'],
    [
      { ...app, command: 'require', arguments: 'a/b "c d"', no_dev: false },
      '--no-ansi --working-dir=/srv/app require a/b c d',
    ],
    [{ global_command: true, command: 'update' }, '--no-ansi --no-dev global update'],
    [
      { ...app, command: 'dump-autoload', apcu_autoloader: true },
      '--no-ansi --no-dev --apcu --working-dir=/srv/app dump-autoload',
    ],
  ])('%j: only with options that the command knows', async (args, said) => {
    const ran = await run(composer, { ...args, composer_executable: aComposer() });
    const [program, ...words] = (ran.changes[0]!.detail as Detail).spec.argv;
    expect(execFileSync(program, words, { encoding: 'utf8' }).trim()).toBe(said);
  });

  test.each([
    ['Nothing to install, update or remove\nGenerating optimized autoload files\n', false],
    ['Package operations: 1 install, 0 updates, 0 removals\n', true],
  ])('that says %j: changed %s', async (stderr, changed) => {
    const result = (await planTask(composer, app)).resultWith(ended(0, '', stderr));
    expect(result).toMatchObject({ changed, stdout: stderr, msg: stderr.replace(/\n/g, ' ').trim() });
  });

  it('fails with its words', async () => {
    expect((await planTask(composer, app)).resultWith(ended(2, '', 'Your requirements\n  fail\n'))).toEqual({
      failed: true,
      changed: false,
      msg: 'Your requirements fail',
      stdout: 'Your requirements\n  fail\n',
    });
  });

  it('rehearses in a dry run, where the command can', async () => {
    const dry = (said: Record<string, unknown>) =>
      run(composer, app, { checkMode: true, answers: { command: said } });
    expect((await dry(ended(0, 'Nothing to install, update or remove\n'))).changes).toEqual([]);
    expect((await dry(ended(0, '  - Installing a/b (1.0)\n'))).changes).toHaveLength(1);
    expect(isUnknown((await dry(ended(69, '', 'run has no --dry-run\n'))).plan.changed)).toBe(true);
  });

  test.each([
    [{ ...app, command: 'in stall' }, /Use the 'arguments' param/],
    [{}, /working_dir is needed/],
  ])('refused: %j', async (args, message) => {
    await expect(run(composer, args)).rejects.toThrow(message);
  });
});
