import { describe, expect, it, test } from 'vitest';
import cronvar from '../../src/modules/cronvar/index.ts';
import { parseParams } from '../../src/modules/index.ts';
import { run } from './paper-host.ts';

const TABLE = '# mine\nA="1"\n* * * * * root A=2 x\nA = 3\nB=1\n';
const at = (text: string) => ({ files: { '/etc/cron.d/site': text } });
const file = { cron_file: 'site' };

describe('cronvar', () => {
  test.each<[string, Record<string, unknown>, string]>([
    ['every line of a name', { name: 'A', value: '4' }, '# mine\nA=4\n* * * * * root A=2 x\nA=4\nB=1\n'],
    ['what differs in its spelling only', { name: 'B', value: '"1"' }, TABLE.replace('B=1', 'B="1"')],
    ['a new one at the top', { name: 'C', value: ' x y' }, `C= x y\n${TABLE}`],
    [
      'a new one beside another',
      { name: 'C', value: '', insertbefore: 'B' },
      TABLE.replace('B=1', 'C=\nB=1'),
    ],
    ['none of a name', { name: 'A', state: 'absent' }, '# mine\n* * * * * root A=2 x\nB=1\n'],
  ])('writes %s', async (_name, args, after) => {
    const ran = await run(cronvar, { ...file, ...args }, at(TABLE));
    expect(ran.text('/etc/cron.d/site')).toBe(after);
    expect((await ran.again()).changes).toEqual([]);
  });

  it('tells which variables there are', async () => {
    const ran = await run(cronvar, { ...file, name: 'C', value: 1, insertafter: 'A' }, at('A=1\nB=1\n'));
    expect(ran.result).toMatchObject({ vars: ['A', 'C', 'B'], cron_file: 'site' });
  });

  it('leaves what is right, and is not without a file', async () => {
    expect((await run(cronvar, { ...file, name: 'B', value: 1 }, at(TABLE))).changes).toEqual([]);
    const gone = await run(
      cronvar,
      { ...file, name: 'B', state: 'absent' },
      { files: { '/etc/cron.d': { dir: true } } },
    );
    expect(gone.changes).toEqual([]);
  });

  it('fails beside a variable that is not there', async () => {
    const ran = await run(cronvar, { ...file, name: 'C', value: 1, insertafter: 'X' }, at(TABLE));
    expect(ran.plan.failed).toBe("Variable named 'X' not found.");
  });

  test.each<[Record<string, unknown>, RegExp]>([
    [{ name: 'A' }, /"value"/],
    [{ name: 'A', value: 'a\nb' }, /one line/],
    [{ name: 'A=', value: 'a' }, /without =/],
    [{ name: 'A', value: 'a', insertafter: 'B', insertbefore: 'C' }, /not both/],
  ])('refuses %o', (args, words) => {
    expect(() => parseParams(cronvar, args)).toThrow(words);
  });
});
