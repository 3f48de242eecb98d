/** What hosts put in the way: full disks, read-only and immutable files, missing rights, sudo. Old files stay whole, and a rollback works. */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isRoot } from '../machine.ts';
import { type Bench, bench } from './bench.ts';

function write(lab: Bench, name: string, tasks: string, keywords = ''): string {
  const path = join(lab.dir, `${name}.yml`);
  writeFileSync(path, `- hosts: all\n  gather_facts: false\n${keywords}  tasks:\n${tasks}`);
  return path;
}
/** Runs a command inside a host, as root, beside what is tested. */
const inside = (lab: Bench, script: string) =>
  execFileSync('nsenter', ['-t', String(lab.hosts[0]!.pid), '-m', '-r', '-w', '/bin/sh', '-c', script], {
    encoding: 'utf8',
  });

describe.runIf(isRoot)('a host whose disk is full', () => {
  let lab: Bench;
  beforeAll(async () => {
    lab = await bench({ backend: 'openssh', diskSize: '24m' });
  });
  afterAll(() => lab?.down());

  it.each([
    ['a small file', 'copy: {content: "{{ \'new\' * 30000 }}", dest: /srv/file}'],
    ['a big file', 'copy: {src: big, dest: /srv/file}'],
    ['a tree', 'copy: {src: folder/, dest: /srv/tree/}'],
  ])(
    'says so in one line, leaves the old %s whole, and goes back',
    async (name, task) => {
      writeFileSync(join(lab.dir, 'big'), Buffer.alloc(8_000_000, 'new big '));
      execFileSync('mkdir', ['-p', join(lab.dir, 'folder')]);
      writeFileSync(join(lab.dir, 'folder/a'), Buffer.alloc(3_000_000, 'a'));
      writeFileSync(join(lab.dir, 'folder/b'), Buffer.alloc(3_000_000, 'b'));
      inside(
        lab,
        'rm -rf /srv/* /opt/filler /tmp/filler; echo old >/srv/file; echo first >/srv/first; mkdir /srv/tree; echo old >/srv/tree/a',
      );
      const path = write(
        lab,
        name.replaceAll(' ', '-'),
        `    - copy: {content: "changed\\n", dest: /srv/first}
    - command: sh -c 'head -c 100m /dev/zero >/opt/filler; truncate -s -8k /opt/filler; true'
      changed_when: false
      failed_when: false
    - name: too much
      ${task}
`,
      );
      const run = await lab.cutover(['run', path, '-i', lab.inventory]);
      expect(run.code).toBe(2);
      const lines = run.stdout.split('\n').filter((line) => /no space left/i.test(line));
      expect(lines).toHaveLength(1);
      expect(lines[0]).toMatch(/too much: /);
      expect(inside(lab, 'cat /srv/file /srv/tree/a; ls /srv/tree')).toBe('old\nold\na\n');
      inside(lab, 'rm -f /opt/filler');
      const back = await lab.cutover(['rollback', 'last']);
      expect(`${back.code} ${back.stdout}${back.stderr}`).toMatch(/^0 /);
      expect(inside(lab, 'cat /srv/first /srv/file /srv/tree/a')).toBe('first\nold\nold\n');
      expect(
        inside(
          lab,
          "find /srv /tmp /home /var/lib/cutover -name '*.part' -o -name '*.out' -o -name lock -o -name 'cutover-????????????????????????????????'",
        ),
      ).toBe('');
    },
    60_000,
  );
});

describe.runIf(isRoot)('a host that refuses', () => {
  let lab: Bench;
  const password = 'the sudo password';
  beforeAll(async () => {
    lab = await bench({ backend: 'openssh', login: 'deploy', sudoPassword: password });
  });
  afterAll(() => lab?.down());

  const refused = async (name: string, tasks: string, keywords = '', more: string[] = []) => {
    const path = write(lab, name, tasks, keywords);
    const run = await lab.cutover(['run', path, '-i', lab.inventory, ...more]);
    expect(run.code).toBe(2);
    const failed = run.stdout.split('\n').filter((line) => /^ {4}failed/.test(line));
    expect(failed).toHaveLength(1);
    return failed[0]!;
  };

  it('a read-only file system', async () => {
    inside(
      lab,
      'mkdir -p /srv/ro && mount -t tmpfs none /srv/ro && echo old >/srv/ro/file && mount -o remount,ro /srv/ro',
    );
    const line = await refused('ro', '    - copy: {content: new, dest: /srv/ro/file}\n', '  become: true\n');
    expect(line).toMatch(/read-only file system/i);
    expect(inside(lab, 'cat /srv/ro/file; ls -A /srv/ro; umount /srv/ro')).toBe('old\nfile\n');
  });

  it('a place that needs rights, without become', async () => {
    inside(lab, 'echo old >/etc/owned-by-root');
    const line = await refused('rights', '    - copy: {content: new, dest: /etc/owned-by-root}\n');
    expect(line).toMatch(/permission denied/i);
    expect(inside(lab, 'cat /etc/owned-by-root; ls -A /etc | grep -c part || true')).toMatch(/^old\n/);
  });

  it('a wrong sudo password', async () => {
    const before = readFileSync(lab.inventory, 'utf8');
    expect(before).toContain(password);
    const inventory = join(lab.dir, 'lab/wrong.yml');
    writeFileSync(inventory, before.replaceAll(password, 'wrong guess'));
    const line = await refused('sudo', '    - copy: {content: new, dest: /srv/x}\n', '  become: true\n', [
      '-i',
      inventory,
    ]);
    expect(line).toMatch(/sudo to root.*(?:password|refused)/i);
    expect(line).not.toContain('wrong guess');
  });

  it('become without sudo on the host', async () => {
    inside(lab, 'mv /usr/bin/sudo /usr/bin/sudo.away');
    const line = await refused('nosudo', '    - copy: {content: new, dest: /srv/x}\n', '  become: true\n');
    inside(lab, 'mv /usr/bin/sudo.away /usr/bin/sudo');
    expect(line).toMatch(/sudo/);
    expect(line).toMatch(/not (?:found|installed)|no sudo|there is no/i);
  });

  it('an immutable file', async () => {
    // tmpfs knows no such flag before Linux 6.6: then there is nothing to try.
    inside(lab, 'mkdir -p /srv/im && echo old >/srv/im/file');
    const can = inside(lab, 'chattr +i /srv/im/file 2>/dev/null && echo yes || echo no').trim() === 'yes';
    const path = write(
      lab,
      'immutable',
      '    - copy: {content: "new\\n", dest: /srv/im/file}\n',
      '  become: true\n',
    );
    const run = await lab.cutover(['run', path, '-i', lab.inventory]);
    if (can) {
      expect(run.code).toBe(2);
      expect(run.stdout).toMatch(/operation not permitted/i);
      expect(inside(lab, 'cat /srv/im/file; ls -A /srv/im; chattr -i /srv/im/file')).toBe('old\nfile\n');
    } else expect(run.code).toBe(0);
  });
});
