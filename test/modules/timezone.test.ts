import { expect, it, test } from 'vitest';
import timezone from '../../src/modules/timezone/index.ts';
import { run } from './paper-host.ts';
import { ended } from './task-plan.ts';

const zones = { '/usr/share/zoneinfo/Asia/Tokyo': 'TZif', '/usr/share/zoneinfo/Etc/UTC': 'TZif' };

it('writes both files that tell the zone, once', async () => {
  const files = {
    ...zones,
    '/etc/localtime': { link: '../usr/share/zoneinfo/Etc/UTC' },
    '/etc/timezone': 'Etc/UTC\n',
  };
  const ran = await run(timezone, { name: 'Asia/Tokyo' }, { files });
  expect(ran.state('/etc/localtime')).toMatchObject({
    type: 'link',
    target: '/usr/share/zoneinfo/Asia/Tokyo',
  });
  expect(ran.text('/etc/timezone')).toBe('Asia/Tokyo\n');
  expect(ran.result.diff).toEqual({ before: { name: 'Etc/UTC' }, after: { name: 'Asia/Tokyo' } });
  expect((await ran.again()).changes).toEqual([]);
  expect((await run(timezone, { name: 'Etc/UTC' }, { files })).changes).toEqual([]);
});

it('has one file where Debian has two', async () => {
  const files = { ...zones, '/etc/localtime': 'TZif' };
  const ran = await run(timezone, { name: 'Asia/Tokyo' }, { files });
  expect(ran.summaries).toHaveLength(1);
  expect(ran.state('/etc/localtime')).toMatchObject({ type: 'link' });
});

it('knows the zones of the target only', async () => {
  const ran = await run(
    timezone,
    { name: 'Nowhere/City' },
    { files: { ...zones, '/etc/localtime': 'TZif' } },
  );
  expect(ran.plan.failed).toMatch(/given timezone "Nowhere\/City" is not available/);
});

test.each([
  ['UTC', 'local', ['hardware clock: UTC -> local']],
  ['LOCAL', 'UTC', ['hardware clock: local -> UTC']],
  ['UTC', 'UTC', []],
])('sets the hardware clock: %s, %s', async (now, hwclock, summaries) => {
  const ran = await run(timezone, { hwclock }, { answers: { command: ended(0, `${now}\n`) } });
  expect(ran.summaries).toEqual(summaries);
  for (const change of ran.changes) expect(change.undo).toBe('invertible');
});

test.each([{}, { name: '../passwd' }, { name: '/etc/passwd' }])('refuses %j', async (args) => {
  await expect(run(timezone, args)).rejects.toThrow();
});
