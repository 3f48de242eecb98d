import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { cutover } from './cutover.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cutover-runs-'));
  writeFileSync(
    join(folder, 'site.yml'),
    '- hosts: localhost\n  gather_facts: false\n  vars: {cutover_state_dir: "{{ playbook_dir }}/state"}\n  tasks: [copy: {content: x, dest: "{{ playbook_dir }}/made"}]\n',
  );
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

it('the newest run can be looked at whatever it was, and what a playbook changed last be put back', async () => {
  const empty = await cutover(folder, 'runs', '--json');
  expect(JSON.parse(empty.stdout)).toEqual([]);
  await cutover(folder, 'run', 'site.yml');
  await cutover(
    folder,
    'exec',
    'localhost',
    '-m',
    'command',
    '-a',
    'echo',
    '-e',
    `cutover_state_dir=${folder}/state`,
  );
  const listed = JSON.parse((await cutover(folder, 'runs', '--json')).stdout) as Record<string, unknown>[];
  expect(listed.map(({ command, status }) => `${command} ${status}`)).toEqual(['exec ok', 'run ok']);
  expect(listed[1]).toMatchObject({
    id: expect.stringMatching(/^\d{8}-\d{6}-\w+$/),
    startedAt: expect.stringMatching(/^\d{4}-.*Z$/),
    playbook: expect.stringContaining('site.yml'),
  });
  const newest = await cutover(folder, 'runs', 'show', 'last');
  expect(newest.stdout).toContain('play cutover exec (1 host)');
  const shown = await cutover(folder, 'runs', 'show', String(listed[1]!.id), '--json');
  expect(JSON.parse(shown.stdout)).toMatchObject({ id: listed[1]!.id, changed: 1 });
  const back = await cutover(folder, 'rollback', 'last');
  expect(back.stdout).toMatch(/removed|restored/);
  expect(back.code).toBe(0);
});
