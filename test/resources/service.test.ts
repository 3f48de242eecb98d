import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { applyChanges, serviceState, setService } from '../../src/resources/index.ts';
import { SHELLS, type TestHost, testHost, undo, writeScript } from './host.ts';

/** A host whose systemctl keeps its state in files and writes down how it was called. */
async function systemdHost(shell: string): Promise<TestHost & { calls(): string[] }> {
  let folder = '';
  const host = await testHost(shell, {
    wrap: (path) => {
      folder = join(
        path === '/bin/dash' || !path.includes('cutover-res') ? '/dev/shm' : join(path, '..'),
        `ctl-${process.pid}-${shell}`,
      );
      mkdirSync(join(folder, 'bin'), { recursive: true });
      writeScript(join(folder, 'bin/systemctl'), SYSTEMCTL.replaceAll('@DIR@', folder));
      const wrapper = join(folder, 'sh');
      // busybox sets its own PATH; the fake goes in front of it there.
      writeScript(wrapper, `PATH=${folder}/bin:$PATH; export PATH\nexec ${path} "$@"`);
      return wrapper;
    },
  });
  const { onTestFinished } = await import('vitest');
  const { rmSync } = await import('node:fs');
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, 'mi'), 'inactive disabled\n');
  return {
    ...host,
    calls: () => {
      const path = join(folder, 'calls');
      return existsSync(path) ? readFileSync(path, 'utf8').trim().split('\n') : [];
    },
  };
}

const SYSTEMCTL = `d=@DIR@
case "$*" in *show*) ;; *) echo "$*" >>$d/calls ;; esac
for last; do :; done
verb=
for word; do case $word in start|stop|restart|reload|enable|disable|mask|unmask|show|daemon-reload) verb=$word; break ;; esac; done
unit=$d/\${last%.service}
if [ "$verb" = show ] && [ "$last" = Version ]; then echo Version=252; exit 0; fi
if [ "$verb" = daemon-reload ]; then exit 0; fi
if [ ! -f "$unit" ]; then
  if [ "$verb" = show ]; then echo LoadState=not-found; echo ActiveState=inactive; echo UnitFileState=; exit 0; fi
  echo "Unit $last.service could not be found." >&2; exit 5
fi
read -r a e <$unit
case $verb in
  show) l=loaded; [ $e = masked ] && l=masked; echo LoadState=$l; echo ActiveState=$a; echo UnitFileState=$e; echo NeedDaemonReload=no; exit 0 ;;
  start|restart|reload) [ -f $d/broken ] && { echo "Job for mi.service failed." >&2; exit 1; }; a=active ;;
  stop) a=inactive ;;
  enable) e=enabled ;;
  disable) e=disabled ;;
  mask) e=masked ;;
  unmask) e=disabled ;;
esac
echo $a $e >$unit`;

describe.each(SHELLS.filter((shell) => shell !== 'busybox'))('systemd services under %s', (shell) => {
  it('are started, enabled, masked, and put back', async () => {
    const host = await systemdHost(shell);
    const probe = serviceState('mi');
    const before = await host.ask(probe);
    expect(before).toMatchObject({
      manager: 'systemd',
      exists: true,
      active: 'inactive',
      enabled: 'disabled',
    });
    expect(setService(before, { state: 'stopped', enabled: false })).toEqual([]);
    await host.make(...setService(before, { state: 'started', enabled: true, daemonReload: true }));
    expect(host.calls()).toEqual(['daemon-reload', '--quiet enable -- mi', '--quiet start -- mi']);
    const running = await host.ask(probe);
    expect(running).toMatchObject({ active: 'active', enabled: 'enabled' });
    expect(setService(running, { state: 'started', enabled: true })).toEqual([]);
    await host.make(...setService(running, { state: 'restarted' }));
    await host.make(...setService(await host.ask(probe), { state: 'stopped', masked: true }));
    expect(await host.ask(probe)).toMatchObject({ active: 'inactive', enabled: 'masked' });
    expect(await undo(host)).toEqual(['undone', 'undone', 'already', 'undone', 'undone', 'already']);
    expect(await host.ask(probe)).toMatchObject({ active: 'inactive', enabled: 'disabled' });
  });

  it('never pretend: a start that fails and a unit that is not there are failures', async () => {
    const host = await systemdHost(shell);
    const missing = await host.ask(serviceState('nope'));
    expect(missing).toMatchObject({ exists: false });
    const [outcome] = await applyChanges(host.session, setService(missing, { state: 'started' }));
    expect(outcome).toMatchObject({
      status: 'failed',
      unchanged: true,
      message: 'Unit nope.service could not be found.',
    });
    expect(await undo(host)).toEqual(['already']);
  });
});

describe('init scripts', () => {
  const INIT = `case $2 in
  start) (sleep 0.3; : >@DIR@/running) >/dev/null 2>&1 & ;;
  stop) rm -f @DIR@/running ;;
  restart) rm -f @DIR@/running ;;
  status) [ -e @DIR@/running ] ;;
esac`;

  it('are used where there is no systemd', async () => {
    let folder = '';
    const host = await testHost('dash', {
      wrap: (path) => {
        folder = join('/dev/shm', `init-${process.pid}`);
        mkdirSync(join(folder, 'init.d'), { recursive: true });
        writeScript(join(folder, 'init.d/mi'), '');
        mkdirSync(join(folder, 'bin'));
        writeScript(join(folder, 'bin/service'), INIT.replaceAll('@DIR@', folder));
        writeScript(join(folder, 'bin/systemctl'), 'exit 1');
        const wrapper = join(folder, 'sh');
        writeScript(
          wrapper,
          `exec unshare -m --propagation private /bin/sh -c 'mount --bind ${folder}/init.d /etc/init.d; PATH=${folder}/bin:$PATH; export PATH; exec ${path} "$@"' x "$@"`,
        );
        return wrapper;
      },
    });
    const { onTestFinished } = await import('vitest');
    const { rmSync } = await import('node:fs');
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const probe = serviceState('mi');
    const before = await host.ask(probe);
    expect(before).toMatchObject({ manager: 'sysv', exists: true, active: 'inactive' });
    expect(await host.ask(serviceState('other'))).toMatchObject({ exists: false });
    await host.make(...setService(before, { state: 'started' }));
    expect(await host.ask(probe)).toMatchObject({ active: 'active' });
    // Its daemon can be seen a while after the script has ended, and its own restart is none.
    await host.make(...setService(await host.ask(probe), { state: 'restarted' }));
    expect(await host.ask(probe)).toMatchObject({ active: 'active' });
    expect(await undo(host)).toEqual(['already', 'undone']);
    expect(await host.ask(probe)).toMatchObject({ active: 'inactive' });
    const [outcome] = await applyChanges(
      host.session,
      setService(await host.ask(serviceState('other')), { state: 'started' }),
    );
    expect(outcome).toMatchObject({ status: 'failed', message: 'there is no service other' });
  });
});
