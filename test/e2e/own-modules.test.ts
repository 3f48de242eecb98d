/** The modules of docs/own-modules.md, beside a playbook that lies anywhere, by the built program over a real sshd where there is one. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isRoot, present } from '../machine.ts';
import { type Rehearsal, rehearse } from './cutover.ts';

const page = readFileSync(resolve(import.meta.dirname, '../../docs/own-modules.md'), 'utf8');
const block = (language: string) => new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``).exec(page)![1]!;

const realSshd = isRoot && present('sshd', existsSync('/usr/sbin/sshd'));

let lab: Rehearsal;
let folder: string;
beforeAll(async () => {
  lab = await rehearse({ hosts: 1, backend: realSshd ? 'openssh' : 'embedded' });
  folder = join(lab.dir, 'work');
  for (const name of ['modules', 'library']) mkdirSync(join(folder, name), { recursive: true });
  writeFileSync(
    join(folder, 'modules/motd.ts'),
    block('ts').replace("const FILE = '/etc/motd';", `const FILE = '/tmp/motd-${process.pid}';`),
  );
  writeFileSync(join(folder, 'library/load.sh'), block('sh'));
  writeFileSync(
    join(folder, 'site.yml'),
    `
- hosts: all
  gather_facts: false
  tasks:
    - motd: {line: hello}
      register: motd
    - motd: {line: hello}
    - load:
    - debug: {msg: "{{ motd.lines }} {{ load is match('[0-9.]+$') }}"}
`,
  );
});
afterAll(() => lab.down());

describe('the modules of the documentation', () => {
  it('do in a dry run, a run and a rollback what built-in ones do', async () => {
    const run = (...more: string[]) =>
      lab.cutover('run', join(folder, 'site.yml'), '-i', lab.inventory, '--output', 'ansible', ...more);
    const dry = await run('--check', '--diff');
    expect(dry.stdout).toContain('+hello');
    const first = await run();
    expect(first.stderr).toBe('');
    expect(first.stdout).toContain('"msg": "1 True"');
    expect(first.stdout).toMatch(/node1 +: ok=4 +changed=1 /);
    const back = await lab.cutover('rollback', 'last');
    expect([back.code, back.stderr]).toEqual([0, '']);
    expect((await run()).stdout).toMatch(/changed=1 /);
    expect((await run()).stdout).toMatch(/changed=0 /);
  });

  it('are checked before anything runs', async () => {
    writeFileSync(join(folder, 'wrong.yml'), '- hosts: all\n  tasks: [{motd: {lines: x}}]\n');
    const { code, stderr } = await lab.cutover('run', join(folder, 'wrong.yml'), '-i', lab.inventory);
    expect(code).toBe(5);
    expect(stderr).toContain('motd has no parameter "lines" (did you mean "line"?)');
  });
});
