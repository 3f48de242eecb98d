import { existsSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { localHosts, results, runSite, workshop } from './workshop.ts';

function site(tasks: string): string {
  return `- hosts: all\n  gather_facts: false\n  tasks:\n${tasks.trim().replace(/^/gm, '    ')}\n`;
}

describe('what was seen ahead of time', () => {
  it('is forgotten when a change reaches the same file by another name', async () => {
    const folder = workshop({ hosts: localHosts('h1'), 'site.yml': '' });
    const f = join(folder, 'f');
    mkdirSync(join(folder, 'real'));
    writeFileSync(f, 'x');
    symlinkSync('f', join(folder, 'alias'));
    symlinkSync('real', join(folder, 'way'));
    writeFileSync(
      join(folder, 'site.yml'),
      site(`
- file: {path: ${f}, mode: '0600'}
- file: {path: ${join(folder, 'alias')}, mode: '0644'}
- file: {path: ${join(folder, 'real/new')}, state: touch}
- file: {path: ${join(folder, 'way/new')}, state: absent}
`),
    );
    const ran = await runSite(folder);
    expect(results(ran)).toEqual(Array(4).fill('h1:file=changed'));
    expect(statSync(f).mode & 0o777).toBe(0o644);
    expect(existsSync(join(folder, 'real/new'))).toBe(false);
  });
});

describe('what was seen through a link to a folder', () => {
  it('is forgotten when the folder gets content', async () => {
    const folder = workshop({
      hosts: localHosts('h1'),
      'site.yml': site(`
- copy: {src: d/, dest: '{{ playbook_dir }}/link'}
- file: {path: '{{ playbook_dir }}/link/f', state: file, mode: '0600'}
`),
    });
    for (const name of ['real', 'd']) mkdirSync(join(folder, name));
    writeFileSync(join(folder, 'd/f'), 'x');
    symlinkSync('real', join(folder, 'link'));
    expect(results(await runSite(folder))).toEqual(['h1:copy=changed', 'h1:file=changed']);
  });
});

describe('check_mode: yes of one task in a real run', () => {
  it('predicts nothing for the tasks behind it, and passes over what nobody can foresee', async () => {
    const folder = workshop({ hosts: localHosts('h1'), 'site.yml': '' });
    writeFileSync(join(folder, 'f'), 'old\n');
    const f = join(folder, 'f');
    writeFileSync(
      join(folder, 'site.yml'),
      site(`
- file: {path: ${f}, state: absent}
  check_mode: yes
- shell: rm ${f}
  check_mode: yes
- copy: {dest: ${f}, content: "new\\n"}
`),
    );
    const ran = await runSite(folder);
    expect(results(ran)).toEqual(['h1:file=changed', 'h1:shell=skipped', 'h1:copy=changed']);
    expect(readFileSync(f, 'utf8')).toBe('new\n');
  });
});

describe('results of changes', () => {
  it('say what the host has afterwards', async () => {
    const folder = workshop({ hosts: localHosts('h1'), 'site.yml': '' });
    const path = join(folder, 'f');
    writeFileSync(join(folder, 'site.yml'), site(`- copy: {dest: ${path}, content: hello, mode: '1600'}`));
    const ran = await runSite(folder);
    const [result] = ran.events.flatMap((event) => (event.type === 'host-result' ? [event.result] : []));
    const { uid, gid } = statSync(path);
    expect(result).toMatchObject({ uid, gid, size: 5, mode: '01600', state: 'file' });
    expect(result).toMatchObject({ owner: expect.any(String), md5sum: '5d41402abc4b2a76b9719d911017c592' });
  });
});
