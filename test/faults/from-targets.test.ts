/** A controller that lost its run store goes by the journals of the hosts. */
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasProgram, isRoot } from '../machine.ts';
import { type Bench, bench, differences, folder, leftovers, picture } from './bench.ts';
import { layOut, writeSmallPlay } from './small-play.ts';

describe('rollback --from-targets', () => {
  let lab: Bench;
  let home: string;
  beforeAll(async () => {
    lab = await bench({ hosts: 2 });
    home = join(lab.dir, 'lost');
  });
  afterAll(() => lab?.down());
  const cut = (...args: string[]) => lab.cutover(args, { home });
  const back = (...args: string[]) => cut('rollback', '--from-targets', '-i', lab.inventory, ...args);

  it('puts back what the hosts know, and names what only the lost store knew', async () => {
    const small = writeSmallPlay(lab.dir);
    const places = lab.hosts.map((host) => folder(host.root, 'case'));
    for (const at of places) layOut(at);
    const before = await Promise.all(places.map((at) => picture(at)));
    for (const [i, at] of places.entries()) {
      const ran = await cut('run', small, '-i', lab.inventory, '-l', `node${i + 1}`, '-e', `at=${at}`);
      expect(ran.code).toBe(0);
    }
    const after = await picture(places[1]!);
    const [second, first] = await lab.runs(home);
    rmSync(home, { recursive: true });
    const check = await back('last', '--check');
    expect(check.code).toBe(0);
    expect(check.stdout).toContain('would-undo');
    expect(differences(after, await picture(places[1]!))).toEqual([]);

    const newest = await back('last');
    expect(newest.code).toBe(0);
    expect(newest.stdout).toContain(`rolling back ${second!.id}`);
    expect(newest.stdout).toMatch(/irreversible.*\n +its undo: list was in the store of the controller/);
    // What the lost list would have taken away stays; everything else is as it was.
    rmSync(join(places[1]!, 'by-command'));
    expect(differences(before[1]!, await picture(places[1]!))).toEqual([]);
    expect(existsSync(join(places[0]!, 'by-command'))).toBe(true);

    const unknown = await back('20200101-000000-none');
    expect(unknown).toMatchObject({
      code: 1,
      stdout: expect.stringContaining(`there are ${second!.id}, ${first!.id}`),
    });
    expect((await back(first!.id.slice(-4))).code).toBe(0);
    rmSync(join(places[0]!, 'by-command'));
    expect(differences(before[0]!, await picture(places[0]!))).toEqual([]);
    for (const host of lab.hosts) expect(await leftovers(host.root)).toEqual([]);
  });

  it('goes on with the others when a host does not answer', async () => {
    const away = join(lab.dir, 'away');
    const play = join(lab.dir, 'one.yml');
    const file = join(folder(lab.hosts[0]!.root, 'one'), 'file');
    writeFileSync(
      play,
      `- hosts: all\n  gather_facts: false\n  tasks: [copy: {content: new, dest: ${file}}]\n`,
    );
    expect((await cut('run', play, '-i', lab.inventory, '-l', 'node1')).code).toBe(0);
    rmSync(home, { recursive: true });
    writeFileSync(away, 'gone ansible_host=127.0.0.1 ansible_port=1\n');
    const ended = await back('last', '-i', away);
    expect(ended).toMatchObject({
      code: 4,
      stdout: expect.stringMatching(/gone {2}rollback\n.*127\.0\.0\.1.*\n {2}gone is not restored/),
    });
    expect(existsSync(file)).toBe(false);
    const to = await back('last', '--to', 'copy');
    expect(to).toMatchObject({ code: 1, stderr: expect.stringContaining('leave --to out') });
  });
});

describe.skipIf(!isRoot || !hasProgram('sshd'))('rollback --from-targets over sshd', () => {
  it('finds the journals of the login user and of root', async () => {
    const lab = await bench({ backend: 'openssh', login: 'deploy' });
    try {
      const home = join(lab.dir, 'lost');
      const play = join(lab.dir, 'two.yml');
      writeFileSync(
        play,
        `- hosts: all
  gather_facts: false
  tasks:
    - copy: {content: mine, dest: ~/mine}
    - {copy: {content: "of root", dest: /etc/of-root}, become: true}
    - {command: touch /opt/by-command, become: true, undo: {none: it does not matter}}
`,
      );
      const inventory = ['-i', lab.inventory];
      const cut = (...args: string[]) => lab.cutover(args, { home });
      const ran = await cut('run', play, ...inventory);
      expect(`${ran.code} ${ran.stdout}`).toMatch(/^0 /);
      const root = lab.hosts[0]!.root;
      expect(readFileSync(join(root, 'etc/of-root'), 'utf8')).toBe('of root');
      rmSync(home, { recursive: true });
      const ended = await cut('rollback', 'last', '--from-targets', ...inventory, '-b');
      expect(`${ended.code} ${ended.stdout}`).toMatch(/^0 [\s\S]*\/mine\n[\s\S]*node1 is partly restored/);
      expect(existsSync(join(root, 'etc/of-root'))).toBe(false);
      expect(ended.stdout.match(/^ {4}undone/gm)).toHaveLength(2);
    } finally {
      await lab.down();
    }
  });
});
