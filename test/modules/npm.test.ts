import { describe, expect, it, test } from 'vitest';
import { listProbe, outdatedProbe } from '../../src/modules/npm/command.ts';
import npm from '../../src/modules/npm/index.ts';
import { npmParams } from '../../src/modules/npm/params.ts';
import { isUnknown } from '../../src/values/index.ts';
import { run } from './paper-host.ts';
import { ended } from './task-plan.ts';

const LIST = JSON.stringify({
  dependencies: {
    express: { version: '4.1.0' },
    lost: { missing: true },
    odd: { version: '1', invalid: 'x' },
  },
});

const around = (args: Record<string, unknown>, list = LIST, rc = 0) => {
  const given = npmParams.parse(args);
  return {
    answers: {
      [listProbe(given).key]: ended(rc, list, rc === 0 ? '' : 'there is no program npm on the target\n'),
      [outdatedProbe(given).key]: ended(0, '{"express":{"current":"4.1.0","latest":"5.0.0"}}'),
      command: ended(0, '4.1.0\n'),
    },
  };
};

describe('npm', () => {
  const app = { path: '/srv/app' };
  test.each<[Record<string, unknown>, string[], string?]>([
    [{ ...app, name: 'express' }, []],
    [{ ...app, name: 'express', version: '4.1.0' }, []],
    [{ ...app, name: 'express', version: '5.0.0' }, ['npm install express@5.0.0']],
    [{ ...app, name: 'express', state: 'latest' }, ['npm update express']],
    [{ ...app, name: 'express', state: 'absent' }, ['npm uninstall express']],
    [{ ...app, name: 'other', state: 'absent' }, []],
    [{ ...app, name: 'other' }, ['npm install other']],
    [{ name: '@a/b', global: true, registry: 'http://r' }, ['npm install --global --registry http://r @a/b']],
    [{ ...app, production: true, ignore_scripts: true }, ['npm install --production --ignore-scripts']],
    [app, [], '{"dependencies":{"express":{"version":"4.1.0"}}}'],
    [app, [], ''],
    [{ ...app, ci: true }, ['npm ci']],
  ])('%j', async (args, commands, list) => {
    expect((await run(npm, args, around(args, list))).summaries).toEqual(commands);
  });

  it('takes back what is named, not what package.json names', async () => {
    const undo = async (args: Record<string, unknown>) =>
      (await run(npm, args, around(args))).changes.map((change) => change.undo);
    expect(await undo({ ...app, name: 'other' })).toEqual(['invertible']);
    expect(await undo({ ...app, name: '/srv/lib' })).toEqual(['irreversible']);
    expect(await undo(app)).toEqual(['irreversible']);
  });

  it('fails without npm; a dry run does not know', async () => {
    const args = { ...app, name: 'x' };
    expect((await run(npm, args, around(args, '', 127))).plan.failed).toBe(
      'npm: there is no program npm on the target',
    );
    const dry = await run(npm, args, { ...around(args, '', 127), checkMode: true });
    expect(isUnknown(dry.plan.changed)).toBe(true);
  });

  test.each([
    [{ name: 'x' }, /path must be specified when not using global/],
    [{ global: true, state: 'absent' }, /only available for named packages/],
  ])('refused: %j', async (args, message) => {
    await expect(run(npm, args)).rejects.toThrow(message);
  });
});
