import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { localHosts, type Ran, results, runSite, workshop } from './workshop.ts';

function site(tasks: string): string {
  return `- hosts: all\n  gather_facts: false\n  tasks:\n${tasks.trim().replace(/^/gm, '    ')}\n`;
}

async function run(tasks: string, files: Readonly<Record<string, string>> = {}, more: object = {}) {
  const folder = workshop({ hosts: localHosts('h1'), 'site.yml': site(tasks), ...files });
  const ran = await runSite(folder, more);
  return { ...ran, folder };
}

function resultsOf(ran: Ran): Record<string, unknown>[] {
  return ran.events.flatMap((event) => (event.type === 'host-result' ? [event.result] : []));
}

function jobs(folder: string): string[] {
  const path = join(folder, 'state-h1/jobs');
  return existsSync(path) ? readdirSync(path) : [];
}

describe('async', () => {
  it('waits for a job that is polled, and forgets it', async () => {
    const ran = await run(`
- shell: echo out; echo err >&2
  async: 20
  poll: 0.1
`);
    expect(results(ran)).toEqual(['h1:shell=changed']);
    expect(resultsOf(ran)[0]).toMatchObject({
      cmd: 'echo out; echo err >&2',
      rc: 0,
      stdout: 'out',
      stderr_lines: ['err'],
      started: true,
      finished: true,
      ansible_job_id: expect.stringMatching(/^[\w.-]+$/),
      delta: expect.stringMatching(/^0:00:0/),
    });
    expect(jobs(ran.folder)).toEqual([]);
  });

  it('fails like the command itself', async () => {
    const ran = await run('- command: sh -c "exit 3"\n  async: 20\n  poll: 0.1');
    expect(resultsOf(ran)[0]).toMatchObject({
      rc: 3,
      failed: true,
      msg: 'non-zero return code',
      finished: true,
    });
    expect(ran.exitCode).toBe(2);
  });

  it('ends a job that takes too long, with all that it started', async () => {
    const ran = await run(`
- shell: echo $$ >pid; trap '' TERM; sleep 60 & echo $! >child; wait; wait
  args: {chdir: "{{ playbook_dir }}"}
  async: 1
  poll: 0.2
`);
    expect(resultsOf(ran)[0]).toMatchObject({
      failed: true,
      msg: 'async task did not complete within the requested time - 1s',
      async_result: { started: true, finished: false },
    });
    for (const file of ['pid', 'child']) {
      const pid = readFileSync(join(ran.folder, file), 'utf8').trim();
      // Where nobody collects orphans, a dead one stays in the list.
      expect(spawnSync('ps', ['-o', 'stat=', '-p', pid]).stdout.toString(), file).toMatch(/^Z|^$/);
    }
  });

  it('leaves a job alone with poll: 0, and async_status tells how it ended', async () => {
    const ran = await run(`
- shell: until [ -e go ]; do sleep 0.1; done; echo done
  args: {chdir: "{{ playbook_dir }}"}
  async: 60
  poll: 0
  register: job
- async_status: {jid: "{{ job.ansible_job_id }}"}
  register: early
- command: touch {{ playbook_dir }}/go
- async_status: {jid: "{{ job.ansible_job_id }}"}
  register: late
  until: late.finished
  retries: 100
  delay: 0.1
- async_status: {jid: "{{ job.ansible_job_id }}", mode: cleanup}
- async_status: {jid: "{{ job.ansible_job_id }}"}
  ignore_errors: true
`);
    const [started, early, , late, forgotten, gone] = resultsOf(ran);
    expect(started).toMatchObject({ changed: true, started: true, finished: false, failed: false });
    expect(early).toMatchObject({ changed: false, started: true, finished: false });
    expect(late).toMatchObject({
      changed: true,
      finished: true,
      stdout: 'done',
      rc: 0,
      cmd: expect.any(String),
    });
    expect(forgotten).toMatchObject({ changed: false, erased: expect.stringContaining('/jobs/') });
    expect(gone).toMatchObject({ failed: true, msg: 'could not find job', finished: true });
    expect(ran.stats.h1).toMatchObject({ ok: 6, changed: 3, failed: 0, ignored: 1 });
    expect(jobs(ran.folder)).toEqual([]);
  });

  it('outlives the run, and another run finds it', async () => {
    const { folder, ...first } = await run(`
- shell: until [ -e go ]; do sleep 0.1; done; echo survived; cat
  args: {chdir: "{{ playbook_dir }}", stdin: input}
  async: 60
  poll: 0
`);
    const jid = String(resultsOf(first)[0]!.ansible_job_id);
    const second = await runSite(
      workshop({
        hosts: readFileSync(join(folder, 'hosts'), 'utf8').replace('{{ inventory_dir }}', folder),
        'site.yml': site(`
- async_status: {jid: ${jid}}
- command: touch ${folder}/go
- async_status: {jid: ${jid}}
  register: late
  until: late.finished
  retries: 100
  delay: 0.1
`),
      }),
    );
    expect(resultsOf(second)[0]).toMatchObject({ started: true, finished: false });
    expect(resultsOf(second)[2]).toMatchObject({ finished: true, stdout: 'survived\ninput' });
  });

  it('tells what a module of the user printed', async () => {
    const ran = await run(
      `
- mine: {a: 1}
  async: 20
  poll: 0
  register: job
- async_status: {jid: "{{ job.ansible_job_id }}"}
  register: late
  until: late.finished
  retries: 100
  delay: 0.1
`,
      { 'library/mine': `#!/bin/sh\n# WANT_JSON\necho '{"changed": false, "msg": "mine"}'\n` },
    );
    expect(resultsOf(ran)[1]).toMatchObject({ changed: false, msg: 'mine', finished: true });
  });

  it('forgets a task that was waited for, when it is told to', async () => {
    const ran = await run(`
- file: {path: "{{ playbook_dir }}/f", state: touch}
  async: 20
  poll: 0
  register: job
- async_status: {jid: "{{ job.ansible_job_id }}"}
- async_status: {jid: "{{ job.ansible_job_id }}", mode: cleanup}
- async_status: {jid: "{{ job.ansible_job_id }}"}
  ignore_errors: true
`);
    const [, told, forgotten, gone] = resultsOf(ran);
    expect(told).toMatchObject({ changed: true, finished: true, state: 'file' });
    expect(forgotten).toMatchObject({ changed: false });
    expect(gone).toMatchObject({ failed: true, msg: 'could not find job' });
  });

  it('keeps jobs in ansible_async_dir', async () => {
    const ran = await run(`
- command: echo hi
  async: 20
  poll: 0
  register: job
  vars: {ansible_async_dir: "{{ playbook_dir }}/kept"}
- async_status: {jid: "{{ job.ansible_job_id }}"}
  ignore_errors: true
- async_status: {jid: "{{ job.ansible_job_id }}"}
  vars: {ansible_async_dir: "{{ playbook_dir }}/kept"}
  register: late
  until: late is finished
  retries: 100
  delay: 0.1
- stat: {path: "{{ playbook_dir }}/kept"}
`);
    expect(resultsOf(ran)[1]).toMatchObject({ failed: true, msg: 'could not find job' });
    expect(resultsOf(ran)[2]).toMatchObject({ finished: true, stdout: 'hi' });
    expect(resultsOf(ran)[3]).toMatchObject({ stat: { exists: true } });
  });

  it('is refused for what the controller has a part in', async () => {
    const ran = await run('- copy: {content: x, dest: "{{ playbook_dir }}/f"}\n  async: 20\n');
    expect(resultsOf(ran)[0]).toMatchObject({ failed: true, msg: 'async is not supported for this task.' });
  });

  it('waits for other modules, and async_status tells how they ended', async () => {
    const ran = await run(`
- file: {path: "{{ playbook_dir }}/made", state: touch}
  async: 20
  poll: 0
  register: good
- command: "true"
  args: {creates: "{{ playbook_dir }}/made"}
  async: 20
  poll: 0
- file: {path: /no/such/folder/f, state: touch}
  async: 20
  poll: 0
  register: bad
- async_status: {jid: "{{ good.ansible_job_id }}"}
- async_status: {jid: "{{ bad.ansible_job_id }}"}
  ignore_errors: true
- ping:
  async: 20
`);
    const statuses = results(ran).map((line) => line.split('=')[1]);
    expect(statuses).toEqual(['changed', 'changed', 'changed', 'changed', 'failed', 'ok']);
    expect(resultsOf(ran)[5]).toMatchObject({ finished: true, ping: 'pong', stderr: '', stdout_lines: [] });
    expect(resultsOf(ran)[3]).toMatchObject({ finished: true, changed: true, dest: expect.any(String) });
    expect(resultsOf(ran)[4]).toMatchObject({ finished: true, failed: true, msg: expect.any(String) });
  });

  it('is a time limit for other modules', async () => {
    const begun = Date.now();
    const ran = await run(`
- wait_for: {path: /no/such/path, timeout: 50}
  async: 1
  poll: 1
`);
    expect(ran.stats.h1!.failed).toBe(1);
    expect(Date.now() - begun).toBeLessThan(20_000);
  });

  it('starts nothing in a dry run', async () => {
    const ran = await run(
      '- shell: touch {{ playbook_dir }}/no\n  async: 20\n  poll: 0',
      {},
      { check: true },
    );
    expect(results(ran)).toEqual(['h1:shell=unknown']);
    expect(existsSync(join(ran.folder, 'no'))).toBe(false);
    expect(jobs(ran.folder)).toEqual([]);
  });
});
