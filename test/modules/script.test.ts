import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import script from '../../src/modules/script/index.ts';
import { type CommandSpec, fileState } from '../../src/resources/index.ts';
import { ended, planTask } from './task-plan.ts';

let folder: string;
let files: Record<string, string>;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'cutover-test-'));
  const path = join(folder, 'show.sh');
  writeFileSync(path, '#!/bin/sh\nprintf "<%s>" "${0##*/}" "$@"\nexit 3\n');
  files = { 'show.sh': path };
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs the planned command here. */
function run(spec: CommandSpec): { out: string; rc: number | null; left: string[] } {
  const scratch = mkdtempSync(join(folder, 'tmp-'));
  const [program, ...args] = spec.argv!;
  const env = { PATH: process.env.PATH!, TMPDIR: scratch };
  const result = spawnSync(program!, args, { input: spec.stdin as Buffer, env, encoding: 'utf8' });
  return { out: result.stdout + result.stderr, rc: result.status, left: readdirSync(scratch) };
}

describe('script', () => {
  test.each([
    ['show.sh', {}, '<show.sh>'],
    [`show.sh one "two three" ''`, {}, '<show.sh><one><two three><>'],
    ['show.sh a', { executable: '/bin/sh' }, '<show.sh><a>'],
    [`show.sh a 'b c'`, { executable: '/bin/sh -e' }, '<show.sh><a><b c>'],
    [`"show.sh" "$((2 + 3))" '$HOME' $1 a\\ b >&2`, {}, '<show.sh><5><$HOME><a b>'],
    ['show.sh "a\nb" \\\n  c', {}, '<show.sh><a\nb><c>'],
  ])('%s %j runs, and leaves nothing behind', async (cmd, more, out) => {
    const plan = await planTask(script, { cmd, ...more }, { files });
    const { spec } = plan.changes[0]!.detail as { spec: CommandSpec };
    expect(run(spec)).toEqual({ out, rc: 3, left: [] });
  });

  test('has the output keys but no cmd', async () => {
    const plan = await planTask(script, { cmd: 'show.sh' }, { files });
    const result = plan.resultWith(ended(3, 'x\n'));
    expect(result).toMatchObject({ rc: 3, stdout: 'x\n', failed: true });
    expect(result).not.toHaveProperty('cmd');
  });

  test.each([
    [{ creates: '/x' }, 'file', '/x exists, matching creates option'],
    [{ removes: '/x' }, 'absent', '/x does not exist, matching removes option'],
  ])('%j skips', async (guards, type, skipped) => {
    const states = [[fileState('/x', { checksum: false }), { path: '/x', type }]] as const;
    expect(await planTask(script, { cmd: 'show.sh', ...guards }, { files, states })).toMatchObject({
      changes: [],
      skipped,
    });
  });

  test("what stands behind the script is the shell's: what follows a pipe tells the outcome", async () => {
    const plan = await planTask(script, { cmd: 'show.sh a | tr a b' }, { files });
    expect(run((plan.changes[0]!.detail as { spec: CommandSpec }).spec)).toEqual({
      out: '<show.sh><b>',
      rc: 0,
      left: [],
    });
  });

  test('a quote that is never closed in the path is told', async () => {
    await expect(planTask(script, { cmd: `'show.sh a` }, { files })).rejects.toThrow('never closed');
  });

  test('a missing script is an error that names it', async () => {
    await expect(planTask(script, { cmd: 'gone.sh' })).rejects.toThrow('gone.sh');
  });
});
