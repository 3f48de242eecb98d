import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { localHosts, results, runSite, workshop } from './workshop.ts';

const site = (tasks: string, keywords = '') =>
  `- hosts: all\n  gather_facts: false\n  ${keywords}\n  tasks:\n${tasks.replace(/^/gm, '    ')}\n`;

describe('a role that an include names and that is nowhere', () => {
  it('fails the host, whatever it says of errors, and a rescue answers for it', async () => {
    const ran = await runSite(
      workshop({
        hosts: localHosts('h1'),
        'site.yml': site(
          `- block: [{include_role: {name: nowhere}}]
  rescue: [{name: rescued, debug: {msg: x}}]
- {include_role: {name: nowhere}, ignore_errors: true}
- {name: never, debug: {msg: x}}`,
        ),
      }),
    );
    expect(results(ran).join('\n')).toMatch(/rescued/);
    expect(results(ran).join('\n')).not.toMatch(/never/);
    expect(ran).toMatchObject({ exitCode: 2, status: 'failed' });
    // As in ansible-core 2.14.
    expect(ran.stats.h1).toMatchObject({ ok: 1, failed: 0, rescued: 0, ignored: 0 });
  });

  it.each([
    ['nowhere', 2],
    ['wrong', 1],
  ])('or is wrong is a failure that is rolled back: %s', async (role, exitCode) => {
    const folder = workshop({
      hosts: localHosts('h1'),
      'site.yml': site(
        `- copy: {content: x, dest: "{{ playbook_dir }}/made"}\n- include_role: {name: "{{ playbook_dir and '${role}' }}"}`,
        'on_failure: rollback',
      ),
      'roles/wrong/tasks/main.yml': '- debugg: {msg: x}\n',
    });
    const ran = await runSite(folder);
    expect(ran.exitCode).toBe(exitCode);
    expect(ran.events.some(({ type }) => type === 'host-rolled-back')).toBe(true);
    expect(existsSync(join(folder, 'made'))).toBe(false);
  });
});
