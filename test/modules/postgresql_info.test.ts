import { describe, expect, it, test } from 'vitest';
import postgresqlInfo, { wantedSubsets } from '../../src/modules/postgresql_info/index.ts';
import { run } from './paper-host.ts';
import { ended } from './task-plan.ts';

describe('postgresql_info', () => {
  test.each([
    [
      ['version', 'roles'],
      ['version', 'roles'],
    ],
    [['ver*', '!settings'], ['version']],
    [
      ['!settings', '!databases', '!repl*'],
      ['version', 'in_recovery', 'tablespaces', 'roles'],
    ],
    [['nonsense'], []],
  ])('filter %j', (filter, subsets) => {
    expect(wantedSubsets(filter)).toEqual(subsets);
  });

  it('puts the answers together', async () => {
    const lines = [
      { version: 'PostgreSQL 15.18 (Debian) on x' },
      {
        settings: {
          work_mem: { setting: '4', unit: 'kB', pending_restart: true },
          x: { setting: 'a', unit: '' },
        },
      },
      { databases: { shop: { owner: 'al' } } },
      {
        name: 'shop',
        parts: {
          extensions: { citext: { extversion: '1.6' } },
          publications: { p: { oid: '7', pubinsert: true } },
          subscriptions: {},
        },
      },
    ];
    const stdout = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
    const { result } = await run(postgresqlInfo, {}, { answers: { command: ended(0, stdout) } });
    expect(result).toMatchObject({
      version: { full: '15.18', major: 15, minor: 18 },
      in_recovery: null,
      settings: { work_mem: { val_in_bytes: 4096 }, x: { setting: 'a', unit: '' } },
      pending_restart_settings: ['work_mem'],
      databases: {
        shop: {
          owner: 'al',
          extensions: { citext: { extversion: { raw: '1.6', major: 1, minor: 6 } } },
          publications: { p: { oid: 7, pubinsert: true } },
        },
      },
    });
  });

  it('fails in the words of the server', async () => {
    const refused = ended(2, '', 'psql: error: connection failed: FATAL:  no\n');
    const ran = await run(postgresqlInfo, {}, { answers: { command: refused } });
    expect(ran.plan.failed).toBe('unable to connect to database: connection failed: FATAL:  no\n');
  });
});
