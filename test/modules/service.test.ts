import { describe, expect, test } from 'vitest';
import type { Module } from '../../src/modules/index.ts';
import service from '../../src/modules/service/index.ts';
import systemd from '../../src/modules/systemd/index.ts';
import systemdService from '../../src/modules/systemd_service/index.ts';
import sysvinit from '../../src/modules/sysvinit/index.ts';
import { type ServiceState, serviceState } from '../../src/resources/index.ts';
import { isUnknown } from '../../src/values/index.ts';
import { planTask, unknown } from './task-plan.ts';

const running: ServiceState = {
  name: 'nginx',
  scope: 'system',
  manager: 'systemd',
  exists: true,
  active: 'active',
  enabled: 'enabled',
  needsReload: false,
  properties: { ActiveState: 'active', Id: 'nginx.service' },
};
const stopped = { ...running, active: 'inactive', enabled: 'disabled' };
const masked = { ...stopped, enabled: 'masked' };
const missing = { ...stopped, exists: false, enabled: 'unknown', properties: {} };

const plan = (module: Module<never>, args: Record<string, unknown>, state: unknown, checkMode = false) =>
  planTask(module, { name: 'nginx', ...args }, { states: [[serviceState('nginx'), state]], checkMode });

describe.each([
  ['service', service],
  ['systemd', systemd],
  ['systemd_service', systemdService],
  ['sysvinit', sysvinit],
])('%s', (_name, module) => {
  test.each([
    [{ state: 'started' }, running, []],
    [{ state: 'started' }, stopped, ['start nginx']],
    [{ state: 'stopped' }, running, ['stop nginx']],
    [{ state: 'stopped' }, stopped, []],
    [{ state: 'restarted' }, running, ['restart nginx']],
    [{ state: 'restarted' }, stopped, ['start nginx']],
    [{ state: 'reloaded' }, running, ['reload nginx']],
    [{ enabled: 'yes' }, running, []],
    [{ enabled: true, state: 'started' }, stopped, ['enable nginx', 'start nginx']],
    [{ enabled: 'no' }, running, ['disable nginx']],
  ])('%j', async (args, state, summaries) => {
    const planned = await plan(module as Module<never>, args, state);
    expect(planned.summaries).toEqual(summaries);
    expect(planned.changed).toBe(summaries.length > 0);
  });

  test('a service that is not there fails, and is open in a dry run', async () => {
    const real = await plan(module as Module<never>, { state: 'started' }, missing);
    expect(real.failed).toBe('Could not find the requested service nginx: host');
    const dry = await plan(module as Module<never>, { state: 'started' }, missing, true);
    expect(isUnknown(dry.changed)).toBe(true);
    expect(dry.failed).toBeUndefined();
  });

  test('nothing known, nothing said', async () => {
    expect((await plan(module as Module<never>, { state: 'started' }, unknown)).changed).toBe(unknown);
  });
});

describe('systemd', () => {
  test('tells state, enabled and all that systemctl shows', async () => {
    const planned = await plan(systemd as Module<never>, { state: 'restarted', enabled: true }, running);
    expect(planned.resultWith({})).toEqual({
      name: 'nginx',
      state: 'started',
      enabled: true,
      status: running.properties,
    });
  });

  test.each([
    [{ daemon_reload: true }, running, ['daemon-reload'], false],
    [{ 'daemon-reload': 'yes', state: 'started' }, stopped, ['daemon-reload', 'start nginx'], true],
    [{ daemon_reload: true, state: 'started' }, missing, ['daemon-reload', 'start nginx'], true],
    [{ daemon_reexec: true }, running, ['daemon-reexec'], false],
    [{ masked: true }, stopped, ['mask nginx'], true],
    [{ masked: false }, masked, ['unmask nginx'], true],
    [{ masked: true }, masked, [], false],
  ])('%j gives %j', async (args, state, summaries, changed) => {
    const planned = await plan(systemd as Module<never>, args, state);
    expect(planned.summaries).toEqual(summaries);
    expect(planned.changed).toBe(changed);
  });

  test('reloads without naming a unit', async () => {
    const states = [[serviceState('default.target'), { ...running, name: 'default.target' }]] as const;
    const planned = await planTask(systemd, { daemon_reload: 'yes' }, { states });
    expect(planned).toMatchObject({ summaries: ['daemon-reload'], changed: false });
    expect(planned.resultWith({})).toEqual({ name: null, status: {} });
  });

  test('fails where another manager rules', async () => {
    const planned = await plan(
      systemd as Module<never>,
      { state: 'started' },
      { ...stopped, manager: 'sysv' },
    );
    expect(planned.failed).toBe('the target was not started with systemd');
  });

  test('asks in the scope of the user', async () => {
    const states = [[serviceState('sync', 'user'), { ...stopped, name: 'sync', scope: 'user' }]] as const;
    const planned = await planTask(systemd, { unit: 'sync', scope: 'user', state: 'started' }, { states });
    expect(planned.summaries).toEqual(['start sync']);
  });

  test.each([
    [{}, /needs one of state/],
    [{ state: 'started' }, /needs the parameter "name"/],
    [{ name: 'x', state: 'start' }, /must be one of: started, stopped, restarted, reloaded/],
  ])('refuses %j', async (args, message) => {
    await expect(planTask(systemd, args)).rejects.toThrow(message);
  });
});
