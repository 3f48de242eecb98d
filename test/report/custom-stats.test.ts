import { expect, it } from 'vitest';
import type { RunEvent } from '../../src/journal/index.ts';
import { ansibleReporter } from '../../src/report/ansible.ts';
import { plainReporter } from '../../src/report/plain.ts';
import { localHosts, runSite, workshop } from '../engine/workshop.ts';

const TASKS = `- hosts: all
  gather_facts: false
  tasks:
    - set_stats: {data: {sum: 1, text: a, list: [1], tree: {deep: {a: 1}, l: [1]}, real: 1.5, yep: true, kind: 1, none: null}}
    - set_stats: {data: {sum: 2, text: b, list: [2], tree: {deep: {b: ü}, l: [2]}, real: 2.5, yep: true, kind: x, none: null}}
      run_once: true
    - set_stats: {data: {looped: "{{ item | int }}", last: "{{ item }}"}, aggregate: false}
      loop: [1, 2]
    - set_stats: {data: {who: "{{ inventory_hostname }}", empty: {}, none: []}, per_host: true}
    - set_stats: {data: {hidden: s3cret}}
      no_log: true
    - set_stats: {data: {failed: 1}}
      failed_when: true
      ignore_errors: true
    - set_stats: {data: {passed: 1}}
      when: false
`;

const HOSTS = [
  '\th1: { "empty": {}, "none": [], "who": "h1"}',
  '\th2: { "empty": {}, "none": [], "who": "h2"}',
];
const RUN =
  '\tRUN: { "kind": 2, "last": 2, "list": [  1,  1,  2 ], "looped": "2", "none": null, "real": 5.5, "sum": 4, "text": "aab", "tree": {  "deep": {   "a": 1,   "b": "ü"  },  "l": [   2  ] }, "yep": 3}';

function lines(events: readonly RunEvent[], report: typeof plainReporter, customStats: boolean): string[] {
  let text = '';
  const sink = report(
    (part) => {
      text += part;
    },
    { verbosity: 0, diff: false, customStats },
  );
  for (const event of events) sink(event);
  return text.split('\n');
}

it('figures of set_stats are added up and printed as ansible-playbook prints them, where that is wanted', async () => {
  const folder = workshop({ hosts: localHosts('h1', 'h2'), 'site.yml': TASKS });
  const { events } = await runSite(folder);
  const asAnsible = lines(events, ansibleReporter, true);
  const at = asAnsible.indexOf(`CUSTOM STATS: ${'*'.repeat(66)}`);
  expect(asAnsible.slice(at - 2)).toEqual(['', '', asAnsible[at], ...HOSTS, '', RUN, '', '']);
  expect(lines(events, plainReporter, true)).toEqual(
    expect.arrayContaining(['custom stats:', ...HOSTS, RUN]),
  );
  for (const report of [ansibleReporter, plainReporter])
    expect(lines(events, report, false).join('\n')).not.toMatch(/custom stats/i);
  expect(JSON.stringify(events)).not.toContain('s3cret');
});
