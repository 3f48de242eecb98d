import { describe, expect, test } from 'vitest';
import { environmentCommand, pipProbe, rehearsal } from '../../src/modules/pip/command.ts';
import pip from '../../src/modules/pip/index.ts';
import { pipParams } from '../../src/modules/pip/params.ts';
import { holds, readInstalled, readRequirements } from '../../src/modules/pip/requirement.ts';
import type { CommandSpec } from '../../src/resources/index.ts';
import { fileState } from '../../src/resources/index.ts';
import { isUnknown } from '../../src/values/index.ts';
import { ended, planTask } from './task-plan.ts';

const LIST = 'Flask==2.3.1\nold_thing==2004d\nrequests==2.31.0\n';
const installed = readInstalled(LIST);

describe('pip: requirements', () => {
  test.each([
    ['requests', true],
    ['Requests', true],
    ['old.thing', true],
    ['old-thing>=2004', undefined],
    ['requests==2.31', true],
    ['requests == 2.31.0', true],
    ['requests===2.31', false],
    ['requests==2.*', true],
    ['requests!=2.30.*', true],
    ['requests!=2.31.*', false],
    ['requests~=2.30', true],
    ['requests~=2.30.0', false],
    ['requests>2,<3', true],
    ['requests>2.31', false],
    ['requests<=2.30', false],
    ['django', false],
    ['requests[socks]', undefined],
    ["requests; python_version<'3'", undefined],
    ['git+https://example.org/x.git', undefined],
    ['./x.whl', undefined],
    ['flask @ file:///x.whl', undefined],
  ])('%s: %s', (written, is) => {
    expect(holds(readRequirements([written], undefined)[0]!, installed)).toBe(is);
  });

  test.each([
    [['a>1', '<2', 'b'], undefined, ['a>1,<2', 'b']],
    [['a'], '1.0', ['a==1.0']],
    [['a'], '>=1.0', ['a>=1.0']],
    [['', ' a '], undefined, ['a']],
  ])('%j with version %s', (names, version, written) => {
    expect(readRequirements(names, version).map((one) => one.written)).toEqual(written);
  });
});

const around = (args: Record<string, unknown>, list = `/usr/bin/pip3\n${LIST}`, rc = 0, stderr = '') => {
  const given = pipParams.parse(args);
  const states: [ReturnType<typeof pipProbe> | ReturnType<typeof fileState>, unknown][] = [
    [pipProbe(given), ended(rc, list, stderr)],
  ];
  if (given.virtualenv !== undefined)
    states.push([
      fileState(given.virtualenv, { checksum: false }),
      { path: given.virtualenv, type: 'absent', parent: 'directory', umask: 0o22 },
    ]);
  return { states };
};
const run = (args: Record<string, unknown>) => planTask(pip, args, around(args));
const argv = (plan: { changes: readonly { detail: unknown }[] }) =>
  plan.changes.map((change) => (change.detail as { spec: CommandSpec }).spec.argv?.slice(1).join(' '));

describe('pip: what has to be done', () => {
  test.each([
    [{ name: 'requests' }, []],
    [{ name: ['requests', 'Flask>=2'] }, []],
    [{ name: ['requests', 'django'] }, ['install requests django']],
    [{ name: 'requests', version: '2.30' }, ['install requests==2.30']],
    [{ name: 'requests', state: 'latest' }, ['install -U requests']],
    [{ name: 'requests', state: 'forcereinstall' }, ['install -U --force-reinstall requests']],
    [
      { name: 'requests', extra_args: "--upgrade -i 'http://a b'" },
      ['install --upgrade -i http://a b requests'],
    ],
    [{ name: 'requests', extra_args: '--no-deps' }, []],
    [{ name: '/src/x', editable: true }, ['install -e /src/x']],
    [{ requirements: 'r.txt', chdir: '/srv' }, ['install -r r.txt']],
    [{ name: ['requests', 'django'], state: 'absent' }, ['uninstall -y requests django']],
    [{ name: 'django', state: 'absent' }, []],
    [{ requirements: '/r.txt', state: 'absent' }, ['uninstall -y -r /r.txt']],
  ])('%j', async (args, commands) => {
    expect(argv(await run(args))).toEqual(commands);
  });

  test('result', async () => {
    const plan = await run({ name: 'django', version: '4' });
    const keys = { name: ['django'], version: '4', requirements: null, virtualenv: null, state: 'present' };
    const cmd = ['/usr/bin/pip3', 'install', 'django==4'];
    expect(plan.resultWith(ended(0, 'Successfully installed django-4\n'))).toMatchObject({
      ...keys,
      cmd,
      changed: true,
      stdout_lines: ['Successfully installed django-4'],
    });
    const failed = ended(
      1,
      '',
      'ERROR: Could not find it\nERROR: No matching distribution found for django==4\n',
    );
    expect(plan.resultWith(failed)).toMatchObject({
      cmd,
      failed: true,
      changed: false,
      msg: 'pip: No matching distribution found for django==4',
    });
  });

  test.each([
    [{ name: 'requests', state: 'latest' }, 'Requirement already satisfied\n', false],
    [{ requirements: '/r.txt' }, 'Successfully installed x-1\n', true],
    [{ name: 'django', extra_args: '-q' }, '', true],
  ])('%j that says %j: changed %s', async (args, stdout, changed) => {
    expect((await run(args)).resultWith(ended(0, stdout)).changed).toBe(changed);
  });
});

describe('pip: virtual environments', () => {
  const args = { name: 'requests', virtualenv: '/srv/ve' };

  test('one that is not there is made, and is ours as a whole', async () => {
    const given = { ...args, virtualenv_command: 'python3 -m venv', umask: '0077' };
    const plan = await planTask(pip, given, around(given, 'new\n'));
    expect(plan.changes.map(({ undo }) => undo)).toEqual(['restorable', 'irreversible']);
    const { spec } = plan.changes[1]!.detail as { spec: CommandSpec };
    expect(spec.script).toContain('python3 -m venv /srv/ve || exit\n/srv/ve/bin/pip3 install requests\n');
    expect(spec.umask).toBe(0o077);
    const gone = { ...args, state: 'absent' };
    expect((await planTask(pip, gone, around(gone, 'new\n'))).changes).toEqual([]);
  });

  test('one that is there has its own pip', async () => {
    const plan = await planTask(pip, args, around(args, '/srv/ve/bin/pip3\nsix==1.0\n'));
    expect(plan.resultWith().cmd).toEqual(['/srv/ve/bin/pip3', 'install', 'requests']);
  });

  test('how it is made', () => {
    const words = environmentCommand(
      pipParams.parse({
        ...args,
        virtualenv: 've',
        chdir: '/srv',
        virtualenv_site_packages: true,
        virtualenv_python: 'python3.9',
      }),
    );
    expect(words.join(' ')).toBe('virtualenv --system-site-packages -p python3.9 /srv/ve');
  });
});

describe('pip: dry runs ask pip', () => {
  const dry = async (args: Record<string, unknown>, said?: Record<string, unknown>) => {
    const given = pipParams.parse(args);
    const { states } = around(args);
    const verb = given.state === 'latest' ? ['install', '-U', 'requests'] : ['install', 'django'];
    const probe = rehearsal(given, ['/usr/bin/pip3', ...verb]);
    return planTask(pip, args, { checkMode: true, states: said ? [...states, [probe, said]] : states });
  };

  test('what it would install', async () => {
    const plan = await dry({ name: 'django' }, ended(0, 'Collecting\nWould install django-4.0\n'));
    expect(plan.changes[0]!.diff).toEqual({ prepared: 'install django-4.0' });
    expect(plan.asked.at(-1)).toContain('--dry-run');
    const latest = await dry(
      { name: 'requests', state: 'latest' },
      ended(0, 'Requirement already satisfied\n'),
    );
    expect(latest).toMatchObject({ changes: [], changed: false });
  });

  test('why it could not', async () => {
    const plan = await dry({ name: 'django' }, ended(1, '', 'ERROR: No matching distribution found\n'));
    expect(plan.failed).toBe('pip: No matching distribution found');
  });

  test('an old pip cannot tell', async () => {
    const old = ended(2, '', 'Usage: pip\n\nno such option: --dry-run\n');
    expect((await dry({ name: 'django' }, old)).changes).toHaveLength(1);
    expect(isUnknown((await dry({ name: 'requests', state: 'latest' }, old)).changed)).toBe(true);
  });

  test('nothing to ask', async () => {
    expect((await dry({ name: 'requests' })).changes).toEqual([]);
    expect((await dry({ name: 'requests', state: 'absent' })).changes).toHaveLength(1);
    expect(isUnknown((await dry({ requirements: '/r', state: 'absent' })).changed)).toBe(true);
  });
});

describe('pip: refusals', () => {
  test.each([
    [{}, /"name" and "requirements"/],
    [{ name: 'x', requirements: 'y' }, /not both/],
    [{ name: 'x', executable: 'pip3', virtualenv: '/v' }, /not both/],
    [{ name: 'x', version: '1', state: 'latest' }, /no version/],
    [{ name: 'x', umask: '9' }, /octal/],
    [
      { name: 'x', virtualenv: '/v', virtualenv_command: 'python3 -m venv', virtualenv_python: 'p' },
      /virtualenv_python/,
    ],
  ])('%j', async (args, message) => {
    await expect(planTask(pip, args)).rejects.toThrow(message);
  });

  test('on the target', async () => {
    const several = { name: ['a', 'b'], version: '1' };
    expect((await run(several)).failed).toMatch(/several packages/);
    const missing = around({ name: 'x' }, '', 127, 'there is no pip on the target\n');
    expect((await planTask(pip, { name: 'x' }, missing)).failed).toBe('pip: there is no pip on the target');
  });
});
