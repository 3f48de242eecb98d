import { describe, expect, it, test } from 'vitest';
import apache2Module from '../../src/modules/apache2_module/index.ts';
import { isUnknown } from '../../src/values/index.ts';
import { run, type Situation } from './paper-host.ts';
import { ended } from './task-plan.ts';

const LISTED = 'Loaded Modules:\n core_module (static)\n mpm_event_module (shared)\n php_module (shared)\n';
const LINKS = '/etc/apache2/mods-enabled/mpm_event.load ../mods-available/mpm_event.load\n';
const around = (rc = 0, listed = LISTED, stderr = ''): Situation => ({
  answers: {
    'command:{"argv":["/bin/sh","-c","set --': ended(0, LINKS),
    command: ended(rc, listed, stderr),
  },
});

describe('apache2_module', () => {
  test.each<[Record<string, unknown>, string[]]>([
    [{ name: 'mpm_event' }, []],
    [{ name: 'rewrite' }, ['a2enmod rewrite']],
    [{ name: 'mpm_event', state: 'absent' }, ['a2dismod mpm_event']],
    [{ name: 'rewrite', state: 'absent' }, []],
    [{ name: 'php8.2' }, []],
    [{ name: 'php7.4' }, ['a2enmod php7.4']],
    [{ name: 'odd', identifier: 'core_module' }, []],
  ])('%j', async (args, summaries) => {
    const ran = await run(apache2Module, args, around());
    expect([ran.summaries, ran.changes.map(({ undo }) => undo)]).toEqual([
      summaries,
      summaries.map(() => 'invertible'),
    ]);
    expect(ran.result.result).toBe(`Module ${args.name} ${args.state === 'absent' ? 'disabled' : 'enabled'}`);
  });

  it('looks whether it was reached', async () => {
    const { plan } = await run(apache2Module, { name: 'rewrite' }, around());
    const resultOf = (stdout: string, rc = 0) =>
      plan.result!([{ change: plan.changes[0]!, status: 'done', result: { rc, stdout, stderr: 'e' } }]);
    expect(resultOf(`said\n-- loaded\n${LISTED} rewrite_module (shared)\n`)).toEqual({
      result: 'Module rewrite enabled',
    });
    expect(resultOf(`-- loaded\nAH00558: no name\n${LISTED} rewrite_module (shared)\n`)).toEqual({
      result: 'Module rewrite enabled',
    });
    expect(resultOf(`said\n-- loaded\n${LISTED}`)).toMatchObject({ failed: true, stdout: 'said\n', rc: 0 });
    expect(resultOf('said\n', 1).msg).toMatch(/^Failed to set module rewrite to enabled:\nsaid\n/);
    expect(resultOf('-- loaded\nAH00534: no mpm\n').msg).toBe(
      'Error executing apache2ctl: AH00534: no mpm\n',
    );
  });

  it('goes on with a configuration that is not accepted when told to', async () => {
    const broken = around(1, '', 'AH00534: no MPM loaded.\n');
    expect((await run(apache2Module, { name: 'a' }, broken)).plan.failed).toMatch(/AH00534/);
    const told = await run(apache2Module, { name: 'a', ignore_configcheck: true }, broken);
    expect([told.summaries, told.plan.warnings]).toEqual([['a2enmod a'], ['AH00534: no MPM loaded.']]);
    const quiet = { name: 'a', ignore_configcheck: true, warn_mpm_absent: false };
    expect((await run(apache2Module, quiet, broken)).plan.warnings).toEqual([]);
  });

  it('a dry run does not know what a server that is not there yet loads', async () => {
    const none = around(127, '', 'there is no apache2ctl on the target\n');
    expect((await run(apache2Module, { name: 'a' }, none)).plan.failed).toMatch(/no apache2ctl/);
    const dry = await run(apache2Module, { name: 'a' }, { ...none, checkMode: true });
    expect(isUnknown(dry.plan.changed)).toBe(true);
  });
});
