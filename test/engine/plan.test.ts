/** `cutover plan` and `cutover run --plan`: exactly what was planned, or nothing more. */
import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { applyPlan, makePlan, type PlanDocument, type RunSummary } from '../../src/engine/index.ts';
import type { RunEvent } from '../../src/journal/index.ts';
import { hostOptions, localHosts, type RunMore, workshop } from './workshop.ts';

/** A folder with `site.yml`, hosts h1 and h2 and an empty folder `out`, which is the variable `out`. */
function place(site: string, more: Readonly<Record<string, string>> = {}): string {
  const folder = workshop({
    'site.yml': site,
    hosts: localHosts('h1', 'h2'),
    'group_vars/all.yml': 'level: 1\n',
    ...more,
  });
  mkdirSync(join(folder, 'out'));
  return folder;
}

function request(folder: string, more: RunMore = {}) {
  const extraVars = [{ out: join(folder, 'out') }, ...(more.extraVars ?? [])];
  return {
    ...hostOptions(folder),
    playbook: join(folder, 'site.yml'),
    tags: [],
    skipTags: [],
    ...more,
    extraVars,
  };
}

async function planOf(folder: string, more: RunMore = {}): Promise<PlanDocument> {
  return (await makePlan(request(folder, more))).document;
}

async function apply(
  folder: string,
  plan: PlanDocument,
  more: RunMore = {},
): Promise<{ summary: RunSummary | undefined; errors: string[]; warnings: string[] }> {
  const events: RunEvent[] = [];
  const options = request(folder, { ...more, sinks: [(event) => events.push(event)] });
  const summary = await applyPlan(plan, options, { check: false, diff: false });
  return {
    summary,
    errors: events.flatMap((event) =>
      event.type === 'host-result' && event.error ? [event.error.message] : [],
    ),
    warnings: events.flatMap((event) => (event.type === 'warning' ? [event.message] : [])),
  };
}

const made = (folder: string) => readdirSync(join(folder, 'out')).sort();

const SITE = `
- hosts: all
  gather_facts: false
  tasks:
    - name: Configure
      copy: {content: "level {{ level }}\\n", dest: "{{ out }}/{{ inventory_hostname }}.conf", mode: "0640"}
      notify: Tell
    - name: Ask
      command: echo {{ inventory_hostname }}
      register: asked
    - name: Keep the answer
      copy: {content: "{{ asked.stdout }}", dest: "{{ out }}/{{ inventory_hostname }}.answer"}
    - name: Never
      file: {path: "{{ out }}/never", state: directory}
      when: level == 7
  handlers:
    - name: Tell
      file: {path: "{{ out }}/{{ inventory_hostname }}.told", state: touch}
`;

describe('a plan', () => {
  it('tells per task and host what will change, from what to what, and changes nothing', async () => {
    const folder = place(SITE);
    const plan = await planOf(folder);
    expect(made(folder)).toEqual([]);
    expect(plan.counts).toEqual({ will: 4, wont: 0, unknown: 4 });
    expect(plan.complete).toBe(true);
    const of = (name: string) => plan.steps.find((step) => step.name === name && step.host === 'h2');
    expect(of('Configure')).toMatchObject({
      outcome: 'will',
      at: 'site.yml:5',
      changes: [
        {
          key: `file:${folder}/out/h2.conf`,
          before: 'absent',
          content: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
        },
      ],
      diffs: [{ after: 'level 1\n' }],
    });
    expect(of('Ask')).toMatchObject({
      outcome: 'unknown',
      changes: [{ summary: 'run echo h2', undo: 'irreversible' }],
    });
    expect(of('Keep the answer')).toMatchObject({ outcome: 'unknown', open: true, changes: [] });
    expect(of('Never')).toMatchObject({ outcome: 'skipped' });
    expect(of('Tell')).toMatchObject({ kind: 'handler', outcome: 'will', changes: [{ afterCommand: true }] });
  });

  it('is applied as it is', async () => {
    const folder = place(SITE);
    const { summary, warnings } = await apply(folder, await planOf(folder));
    expect(summary).toMatchObject({ status: 'ok', exitCode: 0 });
    expect(warnings).toEqual([]);
    expect(made(folder)).toEqual(['h1.answer', 'h1.conf', 'h1.told', 'h2.answer', 'h2.conf', 'h2.told']);
  });

  it('knows the folders that its own steps will have filled', async () => {
    const folder = place(
      `
- hosts: h1
  gather_facts: false
  tasks:
    - {name: Bring, copy: {src: tree/, dest: "{{ out }}/t/"}}
    - {name: Add, copy: {content: x, dest: "{{ out }}/t/sub/more"}}
    - {name: Remove, file: {path: "{{ out }}/t/sub", state: absent}}
    - {name: Remove again, file: {path: "{{ out }}/t/sub", state: absent}}
`,
      { 'tree/a': 'a', 'tree/sub/b': 'b' },
    );
    const plan = await planOf(folder);
    expect(plan.steps.map(({ name, outcome }) => `${name} ${outcome}`)).toEqual([
      'Bring will',
      'Add will',
      'Remove will',
      'Remove again wont',
    ]);
    expect(plan.steps[2]?.changes[0]?.summary).toMatch(/\(2 entries\)$/);
    expect((await apply(folder, plan)).summary?.exitCode).toBe(0);
    expect(readdirSync(join(folder, 'out/t'))).toEqual(['a']);
  });

  it('that was applied does not fit a second time', async () => {
    const folder = place(SITE);
    const plan = await planOf(folder);
    await apply(folder, plan);
    await expect(apply(folder, plan)).rejects.toThrow(
      'h1: Configure: nothing to do, planned was would change',
    );
  });

  it('holds no secret', async () => {
    const site = `
- hosts: h1
  gather_facts: false
  tasks:
    - copy: {content: "{{ word }}", dest: "{{ out }}/a"}
      no_log: true
    - user: {name: root, password: "{{ word }}"}
      when: word == ''
    - shell: 'echo {{ word }} > {{ out }}/b'
`;
    const folder = place(site);
    const options = request(folder, { extraVars: [{ word: 'correcthorse' }] });
    options.secrets?.add('correcthorse');
    const plan = (await makePlan(options)).document;
    const text = JSON.stringify(plan);
    expect(text).not.toContain('correcthorse');
    // Its plain hash would let anybody try words.
    expect(text).not.toContain('6ea09c25a7f1dcbd677077edaadfacdc41202e5be88e4ccf4c35207e343990bd');
    expect(plan.steps[0]?.changes[0]?.content).toMatch(/^salted:/);
    const { summary } = await apply(folder, plan, { extraVars: [{ word: 'correcthorse' }] });
    expect(summary?.exitCode).toBe(0);
    expect(made(folder)).toEqual(['a', 'b']);
  });

  it('carries out nothing but readings, whatever `check_mode: false` says', async () => {
    const folder = place(`
- hosts: h1
  gather_facts: false
  tasks:
    - {name: Read, command: echo two, check_mode: false, changed_when: false, register: r}
    - {name: Write, copy: {content: "{{ r.stdout }}", dest: "{{ out }}/w"}, check_mode: false}
    - {name: Real, file: {path: "{{ out }}/real", state: touch}, when: not ansible_check_mode}
    - {name: Dry, file: {path: "{{ out }}/dry", state: touch}, check_mode: true}
`);
    const plan = await planOf(folder);
    expect(made(folder)).toEqual([]);
    expect(plan.steps.map(({ name, outcome }) => `${name} ${outcome}`)).toEqual([
      'Read wont',
      'Write will',
      'Real will',
      'Dry will',
    ]);
    const { summary, warnings } = await apply(folder, plan);
    expect(summary?.exitCode).toBe(0);
    expect(warnings).toEqual([]);
    expect(made(folder)).toEqual(['real', 'w']);
    expect(readFileSync(join(folder, 'out/w'), 'utf8')).toBe('two');
  });

  it('with failed hosts can be read and not applied', async () => {
    const folder = place('- hosts: all\n  gather_facts: false\n  tasks: [{fail: {msg: away}}]\n');
    const made = await makePlan(request(folder));
    expect(made.exitCode).toBe(2);
    expect(made.document).toMatchObject({ complete: false, steps: [{ outcome: 'fails', why: 'away' }, {}] });
    await expect(apply(folder, made.document)).rejects.toThrow('it can be read, not applied');
  });
});

describe('a plan is refused, and nothing is changed, when', () => {
  const CHANGES: readonly (readonly [string, (folder: string) => RunMore | undefined, string])[] = [
    [
      'the playbook changed',
      (folder) => void appendFileSync(join(folder, 'site.yml'), '# a word\n'),
      'the file site.yml has changed',
    ],
    [
      'a host variable changed',
      (folder) => void writeFileSync(join(folder, 'group_vars/all.yml'), 'level: 2\n'),
      'the inventory has changed what it says of h1',
    ],
    [
      'a host went',
      (folder) => void writeFileSync(join(folder, 'hosts'), localHosts('h1')),
      'the inventory has changed what it says of h2',
    ],
    [
      'a host came',
      (folder) => void appendFileSync(join(folder, 'hosts'), localHosts('h3')),
      'play "all" now has h3',
    ],
    [
      'other extra variables are given',
      () => ({ extraVars: [{ more: 1 }] }),
      'the extra variables (-e) are others',
    ],
    [
      'a file is there now',
      (folder) => void writeFileSync(join(folder, 'out/h2.conf'), 'mine\n'),
      'h2: Configure: "create',
    ],
    ['a wish is fulfilled already', (folder) => void mkdirSync(join(folder, 'out/h1.told')), 'h1: Tell: "'],
  ];
  it.each(CHANGES)('%s', async (_, change, says) => {
    const folder = place(SITE);
    const plan = await planOf(folder);
    const more = change(folder);
    const before = made(folder);
    await expect(apply(folder, plan, more)).rejects.toMatchObject({
      kind: 'drift',
      message: expect.stringContaining(says),
    });
    expect(made(folder)).toEqual(before);
  });
});

describe('a run of a plan stops before a change that is not in it', () => {
  it('when a command of the plan made it necessary', async () => {
    const folder = place(`
- hosts: h1
  gather_facts: false
  tasks:
    - {name: Meddle, shell: "echo other > {{ out }}/kept"}
    - {name: Keep, copy: {content: "mine\\n", dest: "{{ out }}/kept"}, ignore_errors: true}
    - {name: Later, file: {path: "{{ out }}/later", state: touch}}
`);
    writeFileSync(join(folder, 'out/kept'), 'mine\n');
    const plan = await planOf(folder);
    expect(plan.steps.map(({ name, outcome }) => `${name} ${outcome}`)).toEqual([
      'Meddle unknown',
      'Keep wont',
      'Later will',
    ]);
    const { summary, errors } = await apply(folder, plan);
    expect(summary).toMatchObject({ status: 'failed', exitCode: 2 });
    expect(errors).toEqual([expect.stringMatching(/^"write .*kept.*" is not in the plan: it was not done$/)]);
    expect(readFileSync(join(folder, 'out/kept'), 'utf8')).toBe('other\n');
    expect(existsSync(join(folder, 'out/later'))).toBe(false);
  });

  it('and lets a rescue run, which the plan lists for that case', async () => {
    const folder = place(`
- hosts: h1
  gather_facts: false
  tasks:
    - block:
        - {name: Break, command: "false"}
      rescue:
        - {name: Mend, file: {path: "{{ out }}/mended", state: touch}}
`);
    const plan = await planOf(folder);
    expect(plan.contingent).toEqual([{ task: expect.any(String), name: 'Mend', at: 'site.yml:8' }]);
    const { summary } = await apply(folder, plan);
    expect(summary?.exitCode).toBe(0);
    expect(made(folder)).toEqual(['mended']);
  });
});
