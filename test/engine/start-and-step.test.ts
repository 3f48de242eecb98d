import { describe, expect, it } from 'vitest';
import { localHosts, type Ran, type RunMore, results, runSite, workshop } from './workshop.ts';

const FILES = {
  hosts: localHosts('h1', 'h2'),
  'site.yml': `
- hosts: all
  gather_facts: false
  tasks: [{name: before, ping: }]
- hosts: all
  gather_facts: false
  roles: [r]
  tasks:
    - {name: one, ping: }
    - name: group
      block:
        - {name: two, ping: }
      always:
        - {name: three, ping: }
    - {name: "four {{ 2 * 2 }}", ping: }
    - include_tasks: more.yml
- hosts: all
  gather_facts: false
  tasks: [{name: after, ping: }]
`,
  'more.yml': '- {name: inside, ping: }\n',
  'roles/r/tasks/main.yml': '- {name: start, ping: }\n- {name: next, ping: }\n',
};

/** Task names in the order in which they ran, each once. */
function tasks(ran: Ran): string {
  return [...new Set(results(ran).map((line) => /:(.*)=/.exec(line)![1]!))].join(', ');
}

const run = (more: RunMore) => runSite(workshop(FILES), more);

describe('--start-at-task', () => {
  it.each([
    ['one', 'one, two, three, four 4, inside, after'],
    ['three', 'three, four 4, inside, after'],
    ['four {{ 2 * 2 }}', 'four 4, inside, after'],
    ['four*', 'four 4, inside, after'],
    ['r : next', 'r : next, one, two, three, four 4, inside, after'],
    ['n?xt', 'r : next, one, two, three, four 4, inside, after'],
    ['after', 'after'],
  ] as const)('%s', async (startAtTask, expected) => {
    const ran = await run({ startAtTask });
    expect(tasks(ran)).toBe(expected);
    expect(ran.stats.h1).toEqual(ran.stats.h2);
  });

  it('starts every batch there', async () => {
    const site = FILES['site.yml'].replaceAll('gather_facts', 'serial: 1\n  gather_facts');
    const ran = await runSite(workshop({ ...FILES, 'site.yml': site }), { startAtTask: 'inside*' }).catch(
      String,
    );
    expect(ran).toContain('no task is called "inside*"');
    const good = await runSite(workshop({ ...FILES, 'site.yml': site }), { startAtTask: 'three' });
    expect(results(good).map((line) => line.split('=')[0])).toEqual([
      ...['three', 'four 4', 'inside'].map((name) => `h1:${name}`),
      ...['three', 'four 4', 'inside'].map((name) => `h2:${name}`),
      'h1:after',
      'h2:after',
    ]);
  });

  it('gathers facts first', async () => {
    const site = '- hosts: all\n  tasks: [{name: a, ping: }, {name: b, ping: }]\n';
    const ran = await runSite(workshop({ ...FILES, 'site.yml': site }), { startAtTask: 'b', limit: 'h1' });
    expect(tasks(ran)).toBe('Gathering Facts, b');
  });

  it('is refused before anything runs when no task has the name', async () => {
    await expect(run({ startAtTask: 'tow' })).rejects.toThrow('no task is called "tow"');
    await expect(run({ startAtTask: 'two', tags: ['never_used'] })).rejects.toThrow('no task is called');
  });
});

describe('--step', () => {
  const asking = (...answers: string[]) => {
    const asked: string[] = [];
    const prompt = async (text: string) => {
      asked.push(/TASK: (.*) \(N\)/.exec(text)![1]!);
      return answers.shift() ?? 'n';
    };
    return { asked, prompt };
  };

  it('asks once for all hosts, and passes over what is not wanted', async () => {
    const { asked, prompt } = asking('y', 'n', 'yes', '');
    const ran = await run({ step: true, prompt });
    expect(asked.slice(0, 4)).toEqual(['before', 'r : start', 'r : next', 'one']);
    expect(asked).toContain('include_tasks');
    expect(tasks(ran)).toBe('before, r : next');
    expect(results(ran).filter((line) => line.includes(':before='))).toHaveLength(2);
  });

  it('goes on without asking after c', async () => {
    const { asked, prompt } = asking('n', 'c');
    const ran = await run({ step: true, prompt });
    expect(asked).toEqual(['before', 'r : start']);
    expect(tasks(ran)).toBe('r : start, r : next, one, two, three, four 4, inside, after');
  });

  it('needs somebody to ask', async () => {
    await expect(run({ step: true })).rejects.toThrow('nobody is at the terminal');
  });
});
