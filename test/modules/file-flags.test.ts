import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it, test } from 'vitest';
import copy from '../../src/modules/copy/index.ts';
import { withFlags } from '../../src/modules/file-flags.ts';
import type { Change, FileState } from '../../src/resources/index.ts';
import { run } from './paper-host.ts';

const file: FileState = { path: '/f', type: 'file' };
const none: Change = { resource: 'file', key: 'file:/f', summary: '', undo: 'restorable', detail: {} };

/** The commands that a plan about `/f` gets for these flags. */
function chattr(attributes: string, found: string, changes: readonly Change[] = []): string[] {
  const answers = { get: () => ({ stdout: found }) as never };
  const plan = withFlags({ changes }, { attributes }, file, answers);
  return plan.changes.filter(({ key }) => key === 'flags:/f').map(({ summary }) => summary);
}

describe('attributes', () => {
  test.each([
    ['+i', 'e', ['chattr +i /f']],
    ['+i', 'ei', []],
    ['-i', 'e', []],
    ['-i', 'ei', ['chattr -i /f']],
    ['Ae', 'e', ['chattr =Ae /f']],
    ['=eA', 'Ae', []],
  ])('%s of a file that has %s', (wish, found, commands) => {
    expect(chattr(wish, found)).toEqual(commands);
  });

  it('are set again of a file that is written', () => {
    expect(chattr('+i', 'i', [none])).toEqual(['chattr +i /f']);
  });

  it('cost nothing where nobody says them, and must be flags', async () => {
    const ran = await run(copy, { content: 'x', dest: '/f' });
    expect(ran.plan.changes.map(({ key }) => key)).toEqual(['file:/f']);
    await expect(run(copy, { content: 'x', dest: '/f', attr: '+ i' })).rejects.toThrow(/flags of chattr/);
  });
});

/** The two programs that a host would run. */
const flags = withFlags({ changes: [] }, { attributes: '+A' }, file, { get: () => undefined });
const inverse = (flags.changes[0]!.detail as { inverse: string }).inverse;

describe('the flags of a real file', () => {
  const folder = mkdtempSync('/var/tmp/cutover-flags-');
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('are shown and put back by what the journal keeps', (context) => {
    const path = join(folder, 'f');
    writeFileSync(path, 'x');
    const script = join(folder, 'inverse');
    writeFileSync(script, inverse.replaceAll("'/f'", `'${path}'`).replaceAll(' /f', ` ${path}`));
    const act = (word: string, input = '') => execFileSync('sh', [script, word], { encoding: 'utf8', input });
    try {
      execFileSync('chattr', ['+d', path], { stdio: 'pipe' });
    } catch {
      context.skip('no flags on this file system');
    }
    const before = act('look');
    expect(before).toContain('d');
    execFileSync('chattr', ['-d', '+A', path]);
    expect(act('look')).not.toBe(before);
    act('back', before);
    expect(act('look')).toBe(before);
    execFileSync('chattr', ['+A', path]);
    act('back', '');
    expect(readFileSync(path, 'utf8')).toBe('x');
  });
});
