/** Old runs are removed, and what is left can still be taken back. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Bench, bench, folder, leftovers } from './bench.ts';

let lab: Bench;
let home: string;
let play: string;
let file: string;
beforeAll(async () => {
  lab = await bench({ hosts: 1 });
  home = join(lab.dir, 'home');
  file = join(folder(lab.hosts[0]!.root, 'gc'), 'file');
  play = join(lab.dir, 'play.yml');
  writeFileSync(
    play,
    `- hosts: all
  gather_facts: false
  tasks:
    - copy: {content: "{{ text }}", dest: ${file}}
      notify: owed
    - fail: {}
      when: failing is defined
  handlers:
    - {name: owed, debug: {msg: done}}
`,
  );
});
afterAll(() => lab?.down());

const cut = (...args: string[]) => lab.cutover(args, { home });
const gc = (...args: string[]) => cut('gc', '-i', lab.inventory, ...args);
const state = (name: string) => join(lab.hosts[0]!.root, 'var/lib/cutover', name);
const objects = () => readdirSync(state('objects'));
const journals = () => readdirSync(state('runs')).sort();
const runs = async () =>
  (await lab.runs(home))
    .filter((run) => run.command === 'run')
    .map(({ id }) => id)
    .sort();

/** Gives the id of the run. */
async function write(text: string, ...more: string[]): Promise<string> {
  await cut('run', play, '-i', lab.inventory, '-e', `text=${text}`, ...more);
  return (await runs()).at(-1)!;
}

it('keeps the newest runs, with the before-images that they need, and those that owe handlers', async () => {
  const ids: string[] = [];
  for (const text of ['one', 'two', 'three', 'four']) ids.push(await write(text));
  const dry = await gc('--keep', '2', '--check');
  expect(dry.stdout).not.toContain('will change');
  expect(dry).toMatchObject({
    code: 0,
    stdout: expect.stringContaining(`node1: would remove ${ids[0]}, ${ids[1]}\n`),
  });
  expect(journals()).toEqual(ids);

  const two = await gc('--keep', '2');
  expect(two).toMatchObject({
    code: 0,
    stdout: expect.stringContaining(`node1: removed ${ids[0]}, ${ids[1]}\n`),
  });
  expect(journals()).toEqual(ids.slice(2));
  // What three replaced, and what four replaced.
  expect(objects()).toHaveLength(2);
  const gone = await cut('rollback', ids[0]!);
  expect(gone).toMatchObject({ code: 1, stderr: expect.stringContaining('there is no run') });

  const owing = await write('five', '-e', 'failing=true');
  await write('six', '--check');
  await gc('--keep', '1');
  expect(await runs()).toContain(owing);
  expect(journals()).toEqual([owing]);
  const back = await cut('rollback', owing);
  expect(`${back.code} ${back.stdout}`).toMatch(/^0 /);
  expect(readFileSync(file, 'utf8')).toBe('four');
  expect(await leftovers(lab.hosts[0]!.root)).toEqual([]);
});

it('removes what is old or takes too much room, but no run that was cut short', async () => {
  const first = await write('x'.repeat(20_000));
  const second = await write('y'.repeat(20_000));
  const journal = join(state('runs'), first, 'journal');
  // The end of its change was never written.
  const lines = readFileSync(journal, 'utf8').split('\n');
  writeFileSync(journal, `${lines.filter((line) => !/^\w+ \d+ C /.test(line)).join('\n')}`);
  const third = await write('z');
  expect((await gc('--max-size', '1K')).code).toBe(0);
  expect(journals()).toEqual([first, third]);
  expect((await gc('--older-than', '1d')).stdout).toContain('node1: nothing to remove');
  expect((await gc('--older-than', '0s')).code).toBe(0);
  expect(journals()).toEqual([first, third]);
  expect(existsSync(join(home, 'runs', second))).toBe(false);
});

it('goes on where a host is away, and refuses what is no number', async () => {
  const away = join(lab.dir, 'away');
  writeFileSync(away, 'gone ansible_host=127.0.0.1 ansible_port=1\n');
  expect(await gc('-i', away)).toMatchObject({ code: 4, stdout: expect.stringContaining('node1: nothing') });
  expect(await gc('--keep', '0')).toMatchObject({ code: 1, stderr: expect.stringContaining('--keep needs') });
  expect(await gc('--max-size', '2x')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('500M or 2G'),
  });
});
