/** A vault may hold any word, also one that is the name of a host or of an outcome: nothing that a run goes by may change for that. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { applyPlan, makePlan, rollbackRun } from '../../src/engine/index.ts';
import { openRunStore } from '../../src/journal/index.ts';
import { createSecrets } from '../../src/secrets/index.ts';
import { hostOptions, localHosts, type RunMore, results, runSite, workshop } from './workshop.ts';

/** Words of the event log, of the inventory, and of what modules answer. */
const WORDS = [
  ...[
    'node1',
    'changed',
    'ok',
    'failed',
    'file',
    'copy',
    'command',
    'root',
    'sudo',
    'local',
    'name',
    'status',
  ],
  ...[
    'host',
    'hosts',
    'task',
    'type',
    'host-result',
    'change-armed',
    'restorable',
    'done',
    'Restart',
    'site.yml',
  ],
  ...['run', 'position', 'seq', 'key', 'will', 'wont', 'true', 'deadbeef'],
];

const SITE = `
- hosts: all
  gather_facts: false
  tasks:
    - name: Write
      copy: {content: "{{ word }}", dest: "{{ playbook_dir }}/written"}
      notify: Restart
    - {name: Look, command: "test -e {{ playbook_dir }}/good", changed_when: false}
  handlers:
    - {name: Restart, shell: "echo restarted >> {{ playbook_dir }}/log"}
`;

function place(): { folder: string; more: () => RunMore & ReturnType<typeof hostOptions> } {
  const folder = workshop({ hosts: localHosts('node1'), 'site.yml': SITE });
  return {
    folder,
    more: () => {
      const secrets = createSecrets();
      for (const word of [...WORDS, 'hunter2000']) secrets.add(word);
      const store = openRunStore({ folder: join(folder, 'runs'), secrets });
      return { ...hostOptions(folder), secrets, store, extraVars: [{ word: 'hunter2000' }] };
    },
  };
}

it('runs, tells, is taken back and owes its handler as ever', async () => {
  const { folder, more } = place();
  const ran = await runSite(folder, more());
  expect(results(ran)).toEqual(['node1:Write=changed', 'node1:Look=failed']);
  const ended = ran.events.at(-1);
  expect(ended).toMatchObject({ type: 'run-ended', stats: { node1: { ok: 1, changed: 1, failed: 1 } } });
  expect(readFileSync(join(folder, 'runs', ran.id, 'events.ndjson'), 'utf8')).not.toContain('hunter2000');

  const next = await runSite(folder, { ...more(), tags: ['none'] });
  const due = next.events.filter((event) => event.type === 'notified');
  expect(due).toMatchObject([{ host: 'node1', handler: '********', since: ran.id }]);
  writeFileSync(join(folder, 'good'), '');
  expect((await runSite(folder, more())).exitCode).toBe(0);
  expect(readFileSync(join(folder, 'log'), 'utf8')).toBe('restarted\n');

  const back = await rollbackRun({ ...more(), run: ran.id, check: false, force: false });
  expect(back).toMatchObject({ exitCode: 0, stats: { node1: { changed: 1 } } });
  expect(existsSync(join(folder, 'written'))).toBe(false);
});

it('what is refused before the run shows no secret', async () => {
  const { folder, more } = place();
  const site = '- {hosts: all, gather_facts: false, tasks: [{command: id, when: word}]}\n';
  writeFileSync(join(folder, 'site.yml'), site);
  const refused = runSite(folder, more()).catch(String);
  expect(await refused).toContain(
    'site.yml:1:65: the condition "word" gives the text "********", not a boolean',
  );
});

it('is planned, and the plan applied', async () => {
  const { folder, more } = place();
  writeFileSync(join(folder, 'good'), '');
  const request = { ...more(), playbook: join(folder, 'site.yml'), tags: [], skipTags: [] };
  const { document } = await makePlan(request);
  expect(JSON.stringify(document)).not.toContain('hunter2000');
  expect(document.plays[0]?.hosts).toEqual(['node1']);
  const applied = await applyPlan(
    document,
    { ...more(), playbook: request.playbook, tags: [], skipTags: [] },
    { check: false, diff: false },
  );
  expect(applied?.exitCode).toBe(0);
  expect(readFileSync(join(folder, 'written'), 'utf8')).toBe('hunter2000');
});
