/** What a dry run says is what the real run right after it does, or that nobody knows. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { localHosts, results, runSite, workshop } from './workshop.ts';

/** Runs tasks dry, then for real; gives how each task ended both times. `@` is a folder of its own. */
async function both(tasks: string) {
  const folder = workshop({ hosts: localHosts('h1'), 'site.yml': '' });
  const lines = tasks.trim().replaceAll('@', join(folder, 'out')).replace(/^/gm, '    ');
  const site = workshop({
    hosts: localHosts('h1'),
    'site.yml': `- hosts: all\n  gather_facts: false\n  tasks:\n${lines}\n`,
  });
  const dry = results(await runSite(site, { check: true }));
  return { dry, real: results(await runSite(site)) };
}

describe('a folder that an earlier task removes', () => {
  it('is not there for later tasks', async () => {
    const { dry, real } = await both(`
- file: {path: @, state: directory}
- copy: {dest: @/f, content: x}
- file: {path: @, state: absent}
- copy: {dest: @/f, content: x}
`);
    expect(dry).toEqual(real);
    expect(dry.at(-1)).toBe('h1:copy=failed');
  });

  it('comes again empty', async () => {
    const { dry, real } = await both(`
- file: {path: @, state: directory}
- copy: {dest: @/f, content: x}
- file: {path: @, state: absent}
- file: {path: @, state: directory, mode: '0700'}
- copy: {dest: @/f, content: x}
- file: {path: @, state: directory, mode: '0700'}
`);
    expect(dry).toEqual(real);
  });
});

it('a folder with a mode of its own keeps it when a file is put into it', async () => {
  const { dry, real } = await both(`
- file: {path: @/a, state: directory, mode: '0700'}
- file: {path: @/a/b, state: directory, mode: '0750'}
- copy: {dest: @/a/b/f, content: x}
- file: {path: @/a/b, state: directory, mode: '0750'}
- file: {path: @/a, state: directory, mode: '0700'}
`);
  expect(dry).toEqual(real);
});

it('says which tasks did what they do all the same, and a real run which ones did not', async () => {
  const folder = workshop({
    hosts: localHosts('h1'),
    'site.yml': `- hosts: all
  gather_facts: false
  tasks:
    - copy: {content: x, dest: "{{ playbook_dir }}/{{ item }}"}
      loop: [really]
      check_mode: no
    - copy: {content: x, dest: "{{ playbook_dir }}/would"}
    - copy: {content: x, dest: "{{ playbook_dir }}/foretold"}
      check_mode: yes
`,
  });
  const apart = async (check: boolean) => {
    const { events } = await runSite(folder, { check });
    const ended = events.find((event) => event.type === 'run-ended')!;
    const own = events.flatMap((event) => (event.type === 'host-result' ? [event.check] : []));
    return { own, prediction: ended.prediction, coverage: ended.coverage };
  };
  expect(await apart(true)).toEqual({
    own: [false, undefined, undefined],
    prediction: { will: 2, wont: 0, unknown: 0 },
    coverage: { changes: 1, reversible: 1 },
  });
  expect(await apart(false)).toEqual({
    own: [undefined, undefined, true],
    prediction: undefined,
    coverage: { changes: 1, reversible: 1 },
  });
});

describe('what is missing', () => {
  it('may come with a command that was not run', async () => {
    const { dry, real } = await both(`
- command: mkdir @
- copy: {dest: @/f, content: x}
- lineinfile: {path: @/f, line: y}
`);
    expect(dry).toEqual(['h1:command=unknown', 'h1:copy=unknown', 'h1:lineinfile=unknown']);
    expect(real).toEqual(['h1:command=changed', 'h1:copy=changed', 'h1:lineinfile=changed']);
  });

  it('is missing when every step before is foreseen', async () => {
    const { dry, real } = await both(`
- file: {path: @, state: directory}
- lineinfile: {path: @/f, line: y}
`);
    expect(dry).toEqual(real);
    expect(dry.at(-1)).toBe('h1:lineinfile=failed');
  });
});

it('who owns a file that is not there yet is not known', async () => {
  const { dry } = await both(`
- copy: {dest: @, content: x}
- {stat: {path: @}, register: seen}
- assert: {that: seen.stat.pw_name == "root"}
`);
  expect(dry.at(-1)).toBe('h1:assert=unknown');
});

describe('results of items of which nothing is known', () => {
  it('have every key, whichever is asked for, also as a fact', async () => {
    const { dry, real } = await both(`
- {shell: "echo {{ item }}", loop: [a, b], changed_when: false, register: said}
- {debug: {msg: "{{ item.stdout_lines[0] }}"}, loop: "{{ said.results }}"}
- {debug: {msg: "{{ item.1 }}"}, with_subelements: ["{{ said.results }}", stdout_lines]}
- {set_fact: {kept: "{{ said.results }}"}}
- {debug: {msg: "{{ kept[1].stdout_lines }}"}}
`);
    expect(dry).toEqual(['ok', 'ok', 'unknown', 'ok', 'ok'].map((status, i) => `${named[i]}=${status}`));
    expect(real).toEqual(named.map((name) => `${name}=ok`));
  });

  it('are there, though nobody knows how many', async () => {
    const { dry } = await both(`
- {command: echo a b, register: words}
- {command: "echo {{ item }}", loop: "{{ words.stdout.split() }}", register: said}
- {debug: {msg: "{{ item.stdout }}"}, loop: "{{ said.results }}"}
- {debug: {msg: "{{ words.results }}"}, ignore_errors: true}
`);
    expect(dry).toEqual(['h1:command=unknown', 'h1:command=unknown', 'h1:debug=unknown', 'h1:debug=failed']);
  });

  const named = ['h1:shell', 'h1:debug', 'h1:debug', 'h1:set_fact', 'h1:debug'];
});

describe('behind a command that was not run', () => {
  it('a download is tried at the server all the same, and is not known when that has none', async () => {
    const server = createServer((_, answer) => answer.end('x'));
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const { port } = server.address() as AddressInfo;
    const { dry } = await both(`
- command: mkdir @
- get_url: {url: "http://127.0.0.1:${port}/f", dest: "@f"}
`).finally(() => server.close());
    expect(dry).toEqual(['h1:command=unknown', 'h1:get_url=changed']);
    const later = await both(`
- command: mkdir @
- get_url: {url: "http://127.0.0.1:${port}/f", dest: "@f"}
`);
    expect(later.dry).toEqual(['h1:command=unknown', 'h1:get_url=unknown']);
  });

  it('what only asks a service changes nothing, and what acts by its answer is not known', async () => {
    const { dry } = await both(`
- command: mkdir @
- wait_for: {port: 9, timeout: 0}
- uri: {url: "http://127.0.0.1:9/"}
- uri: {url: "http://127.0.0.1:9/", dest: "@f"}
- make: {chdir: "@"}
`);
    expect(dry).toEqual([
      'h1:command=unknown',
      'h1:wait_for=ok',
      'h1:uri=ok',
      'h1:uri=unknown',
      'h1:make=unknown',
    ]);
  });
});
