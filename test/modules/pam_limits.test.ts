import { describe, expect, it, test } from 'vitest';
import pamLimits from '../../src/modules/pam_limits/index.ts';
import { withLimit } from '../../src/modules/pam_limits/limits.ts';
import { run } from './paper-host.ts';

describe('limits', () => {
  const wish = { domain: 'joe', type: 'soft', item: 'nofile', value: '8', comment: '', keep: undefined };
  test.each<[string, string, Partial<Parameters<typeof withLimit>[1]>, string]>([
    ['new', '# End', {}, '# End\njoe\tsoft\tnofile\t8\n'],
    ['new with a comment', '', { comment: 'few' }, 'joe\tsoft\tnofile\t8\t#few\n'],
    ['changed, its comment stays', 'joe soft  nofile 5 # old\n', {}, 'joe\tsoft\tnofile\t8\t# old\n'],
    [
      'changed with a comment',
      'joe soft nofile 5 # old\n',
      { comment: 'new' },
      'joe\tsoft\tnofile\t8\t#new\n',
    ],
    ['right already', 'joe soft nofile 8\n', { comment: 'new' }, 'joe soft nofile 8\n'],
    [
      'on every line',
      'joe soft nofile 5\nx\njoe soft nofile 6\n',
      {},
      'joe\tsoft\tnofile\t8\nx\njoe\tsoft\tnofile\t8\n',
    ],
    [
      'of others',
      '#joe soft nofile 5\njoe hard nofile 5\n* soft nofile 5\n',
      {},
      '#joe soft nofile 5\njoe hard nofile 5\n* soft nofile 5\njoe\tsoft\tnofile\t8\n',
    ],
    ['larger stays', 'joe soft nofile 9\n', { keep: 'larger' }, 'joe soft nofile 9\n'],
    ['unlimited is larger', 'joe soft nofile unlimited\n', { keep: 'larger' }, 'joe soft nofile unlimited\n'],
    ['smaller goes', 'joe soft nofile 7\n', { keep: 'larger' }, 'joe\tsoft\tnofile\t8\n'],
    ['smaller stays', 'joe soft nofile 7\n', { keep: 'smaller' }, 'joe soft nofile 7\n'],
    ['unlimited goes', 'joe soft nofile -1\n', { keep: 'smaller' }, 'joe\tsoft\tnofile\t8\n'],
  ])('%s', (_name, text, more, after) => {
    expect(withLimit(text, { ...wish, ...more }).text).toBe(after);
  });
});

describe('pam_limits', () => {
  const args = { domain: '@dev', limit_type: '-', limit_item: 'nproc', value: 100 };
  it('edits limits.conf', async () => {
    const ran = await run(pamLimits, args, { files: { '/etc/security/limits.conf': '# End of file\n' } });
    expect(ran.text('/etc/security/limits.conf')).toBe('# End of file\n@dev\t-\tnproc\t100\n');
    expect(ran.result.msg).toBe('@dev\t-\tnproc\t100\n');
    expect((await ran.again()).changes).toEqual([]);
  });

  it('makes a file, but no folder', async () => {
    const situation = { files: { '/etc/security/x': '' } };
    const ran = await run(pamLimits, { ...args, dest: '/etc/security/limits.d' }, situation);
    expect(ran.text('/etc/security/limits.d')).toBe('@dev\t-\tnproc\t100\n');
    const lost = await run(pamLimits, { ...args, dest: '/no/such/file' }, situation);
    expect(lost.plan.failed).toMatch(/folder around it does not exist/);
  });

  test.each([
    [{ value: 'many' }, /from 0 on/],
    [{ value: -2 }, /from 0 on/],
    [{ limit_item: 'nice', value: 30 }, /from -20 to 19/],
    [{ use_max: true, use_min: true }, /not both/],
  ])('refuses %j', async (odd, message) => {
    await expect(run(pamLimits, { ...args, ...odd })).rejects.toThrow(message);
  });
});
