import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import make from '../../src/modules/make/index.ts';
import { isUnknown } from '../../src/values/index.ts';
import { hasProgram } from '../machine.ts';
import { run } from './paper-host.ts';
import { ended } from './task-plan.ts';
import { openThisHost, type ThisHost } from './this-host.ts';

describe('make', () => {
  it('fails without make; a dry run does not know', async () => {
    const around = { answers: { command: ended(127, '', 'there is no program make on the target\n') } };
    expect((await run(make, { chdir: '/w' }, around)).plan.failed).toMatch(/there is no program make/);
    const dry = await run(make, { chdir: '/w' }, { ...around, checkMode: true });
    expect(isUnknown(dry.plan.changed)).toBe(true);
  });

  it('says its words', async () => {
    const args = { chdir: '/w', target: 'all', file: '/m', jobs: 2, params: { A: true, B: 'x y' } };
    const ran = await run(make, args, { answers: { command: ended(1, '') } });
    const { argv } = (ran.changes[0]!.detail as { spec: { argv: string[] } }).spec;
    expect(argv.slice(-7)).toEqual(['-j', '2', '-f', '/m', 'all', 'A=True', 'B=x y']);
    expect([ran.changes[0]!.undo, ran.result.command]).toEqual([
      'irreversible',
      'make -j 2 -f /m all A=True B=x y',
    ]);
  });
});

describe.runIf(hasProgram('make'))('with the make of this machine', () => {
  let host: ThisHost;
  beforeAll(async () => {
    host = await openThisHost();
    writeFileSync(
      join(host.folder, 'Makefile'),
      'a.txt:\n\techo $(X) >a.txt\nbad:\n\t@echo no >&2; exit 3\n',
    );
  });
  afterAll(() => host.close());
  const making = (args: Record<string, unknown>, around = {}) =>
    host.run(make as never, { chdir: host.folder, ...args }, around);

  it('makes what is not up to date, once', async () => {
    expect((await making({}, { checkMode: true })).changed).toBe(true);
    expect(existsSync(join(host.folder, 'a.txt'))).toBe(false);
    const first = await making({ params: { X: 5 } });
    expect(first).toMatchObject({ changed: true, result: { stdout: 'echo 5 >a.txt', params: { X: 5 } } });
    expect((await making({})).changed).toBe(false);
  });

  it('fails with what make said', async () => {
    expect(await making({ target: 'bad' })).toMatchObject({
      failed: true,
      result: { rc: 2, msg: expect.stringMatching(/^no\n/) },
    });
  });
});
