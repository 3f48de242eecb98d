/** Notifications that a run could not deliver, and the next run of the playbook that does. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { dueAfter, type RunEvent } from '../../src/journal/index.ts';
import { localHosts, type Ran, type RunMore, runSite, workshop } from './workshop.ts';

const SITE = `
- hosts: all
  gather_facts: false
  tasks:
    - name: Configure
      copy: {content: "{{ level | default(1) }}\\n", dest: "{{ playbook_dir }}/{{ inventory_hostname }}.conf"}
      notify: [Restart, told]
    - name: Check
      command: test -e {{ playbook_dir }}/good
      changed_when: false
  handlers:
    - name: Restart
      shell: echo restart >> {{ playbook_dir }}/{{ inventory_hostname }}.log
    - name: Tell
      listen: told
      shell: echo tell >> {{ playbook_dir }}/{{ inventory_hostname }}.log
`;

const place = (site = SITE, ...hosts: string[]) =>
  workshop({ hosts: localHosts(...(hosts.length > 0 ? hosts : ['h1'])), 'site.yml': site });

function log(folder: string, host = 'h1'): string {
  try {
    return readFileSync(join(folder, `${host}.log`), 'utf8');
  } catch {
    return '';
  }
}

const warnings = (ran: Ran) =>
  ran.events.flatMap((event) => (event.type === 'warning' ? [event.message] : []));
const run = (folder: string, more: RunMore = {}) => runSite(folder, more);

describe('a handler that was notified and did not run', () => {
  it('runs in the next run of the playbook, though nothing changes in it, and once', async () => {
    const folder = place();
    const failed = await run(folder);
    expect([failed.exitCode, log(folder)]).toEqual([2, '']);
    writeFileSync(join(folder, 'good'), '');
    const next = await run(folder);
    expect(warnings(next)).toEqual([
      `the handler "Restart" has been due on h1 since run ${failed.id}: it runs with the handlers of this run`,
      `the handler "told" has been due on h1 since run ${failed.id}: it runs with the handlers of this run`,
    ]);
    expect(log(folder)).toBe('restart\ntell\n');
    const third = await run(folder);
    expect([warnings(third), log(folder)]).toEqual([[], 'restart\ntell\n']);
  });

  it('stays due over runs that fail, dry runs and runs of other hosts', async () => {
    const folder = place(SITE, 'h1', 'h2');
    const first = await run(folder, { limit: 'h1' });
    await run(folder);
    const dry = await run(folder, { check: true });
    expect(warnings(dry)[0]).toContain(`has been due on h1 since run ${first.id}`);
    expect(log(folder)).toBe('');
    writeFileSync(join(folder, 'good'), '');
    await run(folder, { limit: 'h2' });
    expect([log(folder), log(folder, 'h2')]).toEqual(['', 'restart\ntell\n']);
    await run(folder);
    expect([log(folder), log(folder, 'h2')]).toEqual(['restart\ntell\n', 'restart\ntell\n']);
  });

  it('stays due when it fails itself', async () => {
    const folder = place();
    writeFileSync(join(folder, 'good'), '');
    const broken = SITE.replace('shell: echo tell', 'shell: test -e {{ playbook_dir }}/able && echo tell');
    writeFileSync(join(folder, 'site.yml'), broken);
    expect((await run(folder)).exitCode).toBe(2);
    writeFileSync(join(folder, 'able'), '');
    expect((await run(folder)).exitCode).toBe(0);
    expect(log(folder)).toBe('restart\ntell\n');
  });

  it('is due too when its task changed something before it failed', async () => {
    const folder = place(`
- hosts: all
  gather_facts: false
  tasks:
    - name: Write
      copy: {content: x, dest: "{{ playbook_dir }}/{{ item }}/f"}
      loop: [., missing]
      notify: Restart
  handlers:
    - name: Restart
      shell: echo restart >> {{ playbook_dir }}/{{ inventory_hostname }}.log
`);
    expect((await run(folder)).exitCode).toBe(2);
    writeFileSync(
      join(folder, 'site.yml'),
      readFileSync(join(folder, 'site.yml'), 'utf8').replace('[., missing]', '[.]'),
    );
    expect((await run(folder)).exitCode).toBe(0);
    expect(log(folder)).toBe('restart\n');
  });

  it('that the playbook no longer has is told and forgotten', async () => {
    const folder = place();
    await run(folder);
    writeFileSync(join(folder, 'good'), '');
    writeFileSync(
      join(folder, 'site.yml'),
      SITE.replace('listen: told', 'listen: other').replace('[Restart, told]', 'Restart'),
    );
    expect(warnings(await run(folder)).at(-1)).toMatch(
      /^the handler "told", due since run \S+, is not in this play any more$/,
    );
    expect([warnings(await run(folder)), log(folder)]).toEqual([[], 'restart\n']);
  });

  it('is nobody else’s: another playbook, a run that was taken back', async () => {
    const folder = place();
    const first = await run(folder);
    writeFileSync(join(folder, 'other.yml'), SITE);
    writeFileSync(join(folder, 'good'), '');
    expect(warnings(await run(folder, { playbook: join(folder, 'other.yml') }))).toEqual([]);
    rmSync(join(folder, 'h1.log'), { force: true });
    writeFileSync(join(folder, 'runs', first.id, 'rolled-back-by'), 'somebody');
    expect(warnings(await run(folder))).toEqual([]);
  });
});

describe('a log that was cut short', () => {
  const at = 0;
  const task = {
    id: '0.tasks.0',
    name: 'Configure',
    module: 'copy',
    position: { file: 'f', line: 1, column: 1 },
  };
  const armed = {
    at,
    type: 'change-armed',
    play: 0,
    task: task.id,
    forHost: 'h',
    journal: 'r',
    changes: [{ key: 'file:/f', summary: 'write /f', undo: 'restorable', seq: 1 }],
    notifies: [{ id: '0.handlers.0', handler: 'Restart' }],
  } as unknown as RunEvent;
  const command = { ...armed, changes: [{ key: 'command:x' }] } as unknown as RunEvent;
  const due = [{ host: 'h', play: 0, id: '0.handlers.0', handler: 'Restart', since: 'r' }];
  const ended = (status: string) =>
    ({ at, type: 'host-result', task, host: 'h', status, ignored: false, result: {} }) as unknown as RunEvent;
  const notified = {
    at,
    type: 'notified',
    host: 'h',
    play: 0,
    id: '0.handlers.0',
    handler: 'Restart',
    task: task.id,
  } as const;
  const delivered = { at, type: 'delivered', host: 'h', play: 0, id: '0.handlers.0' } as const;

  it.each<[string, readonly RunEvent[], readonly object[]]>([
    ['in the middle of the change', [armed], due],
    ['behind its result', [armed, ended('changed'), notified], due],
    ['behind a result without change', [armed, ended('ok')], []],
    ['behind the handler', [armed, ended('changed'), notified, delivered], []],
    ['behind a failure', [armed, ended('failed')], due],
    ['behind a failure that is ignored', [armed, { ...ended('failed'), ignored: true } as RunEvent], []],
    ['behind a command that failed', [command, ended('failed')], []],
    [
      'behind its rollback',
      [armed, ended('failed'), { at, type: 'host-rolled-back', host: 'h', status: 'restored' }],
      [],
    ],
  ])('%s', (_, events, wanted) => {
    expect(dueAfter('r', events)).toEqual(wanted);
  });
});
