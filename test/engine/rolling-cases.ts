/** Plays over four hosts in which the order of the work, or its end, is the point. */

/** One play, what it writes into the log, and the recap. */
export interface RollingCase {
  readonly name: string;
  /** Keywords of the play, as YAML lines. */
  readonly play?: string;
  /** Tasks, as YAML. `say X` stands for a command that writes `host X` into the log, `fail X on h2 h3` for one that then fails there. */
  readonly tasks: string;
  readonly handlers?: string;
  /** A second play after it. */
  readonly next?: string;
  /** A host that nobody can reach. */
  readonly gone?: string;
  /** Lines of the log, in order: hosts one behind the other. */
  readonly log: readonly string[];
  /** `ok changed failed skipped rescued ignored` per host. */
  readonly recap: Readonly<Record<string, string>>;
  readonly exitCode: number;
  /** What the real Ansible does, where Cutover differs on purpose. */
  readonly ansible?: {
    readonly why: string;
    readonly log: readonly string[];
    readonly recap: Readonly<Record<string, string>>;
    readonly exitCode: number;
  };
}

/** Hosts of every case. */
export const HOSTS = ['h1', 'h2', 'h3', 'h4'];

/** All cases. What stands in them came from ansible-core 2.14. */
export const CASES: readonly RollingCase[] = [
  {
    name: 'linear goes task by task',
    tasks: `
- say a
- say b
`,
    log: ['a: h1 h2 h3 h4', 'b: h1 h2 h3 h4'],
    recap: { h1: '2 2 0 0 0 0', h2: '2 2 0 0 0 0', h3: '2 2 0 0 0 0', h4: '2 2 0 0 0 0' },
    exitCode: 0,
  },
  {
    name: 'serial: 1 goes host by host',
    play: 'serial: 1',
    tasks: `
- say a
- say b
`,
    log: ['a: h1', 'b: h1', 'a: h2', 'b: h2', 'a: h3', 'b: h3', 'a: h4', 'b: h4'],
    recap: { h1: '2 2 0 0 0 0', h2: '2 2 0 0 0 0', h3: '2 2 0 0 0 0', h4: '2 2 0 0 0 0' },
    exitCode: 0,
  },
  {
    name: 'serial takes a list, whose last entry repeats',
    play: 'serial: [1, 2]',
    tasks: `
- say a
- say b
`,
    log: ['a: h1', 'b: h1', 'a: h2 h3', 'b: h2 h3', 'a: h4', 'b: h4'],
    recap: { h1: '2 2 0 0 0 0', h2: '2 2 0 0 0 0', h3: '2 2 0 0 0 0', h4: '2 2 0 0 0 0' },
    exitCode: 0,
  },
  {
    name: 'serial takes percentages',
    play: 'serial: ["25%", "50%", "100%"]',
    tasks: `
- say a
- say b
`,
    log: ['a: h1', 'b: h1', 'a: h2 h3', 'b: h2 h3', 'a: h4', 'b: h4'],
    recap: { h1: '2 2 0 0 0 0', h2: '2 2 0 0 0 0', h3: '2 2 0 0 0 0', h4: '2 2 0 0 0 0' },
    exitCode: 0,
  },
  {
    name: 'serial takes less than one host as one',
    play: 'serial: "10%"',
    tasks: `
- say a
- say b
`,
    log: ['a: h1', 'b: h1', 'a: h2', 'b: h2', 'a: h3', 'b: h3', 'a: h4', 'b: h4'],
    recap: { h1: '2 2 0 0 0 0', h2: '2 2 0 0 0 0', h3: '2 2 0 0 0 0', h4: '2 2 0 0 0 0' },
    exitCode: 0,
  },
  {
    name: 'order: reverse_inventory',
    play: 'order: reverse_inventory',
    tasks: `
- say a
- say b
`,
    log: ['a: h4 h3 h2 h1', 'b: h4 h3 h2 h1'],
    recap: { h1: '2 2 0 0 0 0', h2: '2 2 0 0 0 0', h3: '2 2 0 0 0 0', h4: '2 2 0 0 0 0' },
    exitCode: 0,
  },
  {
    name: 'order: sorted with serial',
    play: `
order: reverse_sorted
serial: 3
`,
    tasks: `
- say a
- say b
`,
    log: ['a: h4 h3 h2', 'b: h4 h3 h2', 'a: h1', 'b: h1'],
    recap: { h1: '2 2 0 0 0 0', h2: '2 2 0 0 0 0', h3: '2 2 0 0 0 0', h4: '2 2 0 0 0 0' },
    exitCode: 0,
  },
  {
    name: 'a failed host is left out',
    tasks: `
- fail a on h2
- say b
`,
    log: ['a: h1 h2 h3 h4', 'b: h1 h3 h4'],
    recap: { h1: '2 2 0 0 0 0', h2: '0 0 1 0 0 0', h3: '2 2 0 0 0 0', h4: '2 2 0 0 0 0' },
    exitCode: 2,
  },
  {
    name: 'all hosts failed: the run ends',
    tasks: `
- fail a on h1 h2 h3 h4
- say b
`,
    next: `
- hosts: all
  gather_facts: false
  tasks: [say c]
`,
    log: ['a: h1 h2 h3 h4'],
    recap: { h1: '0 0 1 0 0 0', h2: '0 0 1 0 0 0', h3: '0 0 1 0 0 0', h4: '0 0 1 0 0 0' },
    exitCode: 2,
  },
  {
    name: 'a failed host is out of the next play too',
    tasks: '- fail a on h2',
    next: `
- hosts: all
  gather_facts: false
  tasks: [say c]
`,
    log: ['a: h1 h2 h3 h4', 'c: h1 h3 h4'],
    recap: { h1: '2 2 0 0 0 0', h2: '0 0 1 0 0 0', h3: '2 2 0 0 0 0', h4: '2 2 0 0 0 0' },
    exitCode: 2,
  },
  {
    name: 'a batch that failed as a whole ends the run',
    play: 'serial: 2',
    tasks: `
- fail a on h1 h2
- say b
`,
    next: `
- hosts: all
  gather_facts: false
  tasks: [say c]
`,
    log: ['a: h1 h2'],
    recap: { h1: '0 0 1 0 0 0', h2: '0 0 1 0 0 0' },
    exitCode: 2,
  },
  {
    name: 'a batch that failed in part does not',
    play: 'serial: 2',
    tasks: `
- fail a on h2
- say b
`,
    next: `
- hosts: all
  gather_facts: false
  tasks: [say c]
`,
    log: ['a: h1 h2', 'b: h1', 'a: h3 h4', 'b: h3 h4', 'c: h1 h3 h4'],
    recap: { h1: '3 3 0 0 0 0', h2: '0 0 1 0 0 0', h3: '3 3 0 0 0 0', h4: '3 3 0 0 0 0' },
    exitCode: 2,
  },
  {
    name: 'any_errors_fatal of a play',
    play: 'any_errors_fatal: true',
    tasks: `
- say a
- fail b on h2
- say c
`,
    next: `
- hosts: all
  gather_facts: false
  tasks: [say d]
`,
    log: ['a: h1 h2 h3 h4', 'b: h1 h2 h3 h4'],
    recap: { h1: '2 2 0 0 0 0', h2: '1 1 1 0 0 0', h3: '2 2 0 0 0 0', h4: '2 2 0 0 0 0' },
    exitCode: 2,
  },
  {
    name: 'any_errors_fatal of a play with serial',
    play: `
any_errors_fatal: true
serial: 2
`,
    tasks: `
- fail a on h2
- say b
`,
    log: ['a: h1 h2'],
    recap: { h1: '1 1 0 0 0 0', h2: '0 0 1 0 0 0' },
    exitCode: 2,
  },
  {
    name: 'any_errors_fatal of a task',
    tasks: `
- fail a on h2
- fail b on h3
  any_errors_fatal: true
- say c
`,
    next: `
- hosts: all
  gather_facts: false
  tasks: [say d]
`,
    log: ['a: h1 h2 h3 h4', 'b: h1 h3 h4'],
    recap: { h1: '2 2 0 0 0 0', h2: '0 0 1 0 0 0', h3: '1 1 1 0 0 0', h4: '2 2 0 0 0 0' },
    exitCode: 2,
  },
  {
    name: 'any_errors_fatal of a block',
    tasks: `
- block:
    - fail a on h2
    - say b
  any_errors_fatal: true
- say c
`,
    log: ['a: h1 h2 h3 h4'],
    recap: { h1: '1 1 0 0 0 0', h2: '0 0 1 0 0 0', h3: '1 1 0 0 0 0', h4: '1 1 0 0 0 0' },
    exitCode: 2,
  },
  {
    name: 'any_errors_fatal with a rescue',
    play: 'any_errors_fatal: true',
    tasks: `
- block:
    - fail a on h2
    - say b
  rescue:
    - say c
- say d
`,
    log: ['a: h1 h2 h3 h4', 'b: h1 h3 h4', 'c: h2', 'd: h1 h2 h3 h4'],
    recap: { h1: '3 3 0 0 0 0', h2: '2 2 0 0 1 0', h3: '3 3 0 0 0 0', h4: '3 3 0 0 0 0' },
    exitCode: 0,
  },
  {
    name: 'any_errors_fatal with always',
    play: 'any_errors_fatal: true',
    tasks: `
- block:
    - fail a on h2
    - say b
  always:
    - say c
- say d
`,
    log: ['a: h1 h2 h3 h4', 'b: h1 h3 h4', 'c: h1 h2 h3 h4', 'd: h1 h3 h4'],
    recap: { h1: '4 4 0 0 0 0', h2: '1 1 1 0 0 0', h3: '4 4 0 0 0 0', h4: '4 4 0 0 0 0' },
    exitCode: 2,
  },
  {
    name: 'any_errors_fatal and ignore_errors',
    play: 'any_errors_fatal: true',
    tasks: `
- fail a on h2
  ignore_errors: true
- say b
`,
    log: ['a: h1 h2 h3 h4', 'b: h1 h2 h3 h4'],
    recap: { h1: '2 2 0 0 0 0', h2: '2 2 0 0 0 1', h3: '2 2 0 0 0 0', h4: '2 2 0 0 0 0' },
    exitCode: 0,
  },
  {
    name: 'max_fail_percentage is not exceeded',
    play: 'max_fail_percentage: 50',
    tasks: `
- fail a on h1 h2
- say b
`,
    log: ['a: h1 h2 h3 h4', 'b: h3 h4'],
    recap: { h1: '0 0 1 0 0 0', h2: '0 0 1 0 0 0', h3: '2 2 0 0 0 0', h4: '2 2 0 0 0 0' },
    exitCode: 2,
  },
  {
    name: 'max_fail_percentage is exceeded',
    play: 'max_fail_percentage: 49',
    tasks: `
- fail a on h1 h2
- say b
`,
    next: `
- hosts: all
  gather_facts: false
  tasks: [say c]
`,
    log: ['a: h1 h2 h3 h4'],
    recap: { h1: '0 0 1 0 0 0', h2: '0 0 1 0 0 0', h3: '1 1 0 0 0 0', h4: '1 1 0 0 0 0' },
    exitCode: 2,
  },
  {
    name: 'max_fail_percentage counts per batch',
    play: `
max_fail_percentage: 30
serial: 2
`,
    tasks: `
- fail a on h2
- say b
`,
    log: ['a: h1 h2'],
    recap: { h1: '1 1 0 0 0 0', h2: '0 0 1 0 0 0' },
    exitCode: 2,
  },
  {
    name: 'max_fail_percentage: 0',
    play: 'max_fail_percentage: 0',
    tasks: `
- fail a on h4
- say b
`,
    log: ['a: h1 h2 h3 h4'],
    recap: { h1: '1 1 0 0 0 0', h2: '1 1 0 0 0 0', h3: '1 1 0 0 0 0', h4: '0 0 1 0 0 0' },
    exitCode: 2,
  },
  {
    name: 'run_once',
    tasks: `
- say a
  run_once: true
- say b
`,
    log: ['a: h1', 'b: h1 h2 h3 h4'],
    recap: { h1: '2 2 0 0 0 0', h2: '1 1 0 0 0 0', h3: '1 1 0 0 0 0', h4: '1 1 0 0 0 0' },
    exitCode: 0,
  },
  {
    name: 'run_once in every batch',
    play: 'serial: 2',
    tasks: `
- say a
  run_once: true
- say b
`,
    log: ['a: h1', 'b: h1 h2', 'a: h3', 'b: h3 h4'],
    recap: { h1: '2 2 0 0 0 0', h2: '1 1 0 0 0 0', h3: '2 2 0 0 0 0', h4: '1 1 0 0 0 0' },
    exitCode: 0,
  },
  {
    name: 'run_once on the first host that is left',
    tasks: `
- fail a on h1
- say b
  run_once: true
- say c
`,
    log: ['a: h1 h2 h3 h4', 'b: h2', 'c: h2 h3 h4'],
    recap: { h1: '0 0 1 0 0 0', h2: '3 3 0 0 0 0', h3: '2 2 0 0 0 0', h4: '2 2 0 0 0 0' },
    exitCode: 2,
  },
  {
    name: 'run_once that fails',
    tasks: `
- fail a on h1
  run_once: true
- say b
`,
    next: `
- hosts: all
  gather_facts: false
  tasks: [say c]
`,
    log: ['a: h1'],
    recap: { h1: '0 0 1 0 0 0' },
    exitCode: 2,
  },
  {
    name: 'run_once that fails and is ignored',
    tasks: `
- fail a on h1
  run_once: true
  ignore_errors: true
- say b
`,
    log: ['a: h1', 'b: h1 h2 h3 h4'],
    recap: { h1: '2 2 0 0 0 1', h2: '1 1 0 0 0 0', h3: '1 1 0 0 0 0', h4: '1 1 0 0 0 0' },
    exitCode: 0,
  },
  {
    name: 'run_once registers for everybody',
    tasks: `
- say a
  run_once: true
  register: r
- say b
  when: r is changed
`,
    log: ['a: h1', 'b: h1 h2 h3 h4'],
    recap: { h1: '2 2 0 0 0 0', h2: '1 1 0 0 0 0', h3: '1 1 0 0 0 0', h4: '1 1 0 0 0 0' },
    exitCode: 0,
  },
  {
    name: 'run_once of a block',
    tasks: `
- block:
    - say a
    - say b
  run_once: true
- say c
`,
    log: ['a: h1', 'b: h1', 'c: h1 h2 h3 h4'],
    recap: { h1: '3 3 0 0 0 0', h2: '1 1 0 0 0 0', h3: '1 1 0 0 0 0', h4: '1 1 0 0 0 0' },
    exitCode: 0,
  },
  {
    name: 'run_once with delegate_to',
    tasks: `
- say a
  run_once: true
  delegate_to: h3
- say b
`,
    log: ['a: h1', 'b: h1 h2 h3 h4'],
    recap: { h1: '2 2 0 0 0 0', h2: '1 1 0 0 0 0', h3: '1 1 0 0 0 0', h4: '1 1 0 0 0 0' },
    exitCode: 0,
  },
  {
    name: 'run_once and when that is false on the first',
    tasks: `
- say a
  run_once: true
  when: inventory_hostname != 'h1'
- say b
`,
    log: ['b: h1 h2 h3 h4'],
    recap: { h1: '1 1 0 1 0 0', h2: '1 1 0 0 0 0', h3: '1 1 0 0 0 0', h4: '1 1 0 0 0 0' },
    exitCode: 0,
  },
  {
    name: 'free',
    play: 'strategy: free',
    tasks: `
- say a
- say b
`,
    log: ['a: h1 h2 h3 h4', 'b: h1 h2 h3 h4'],
    recap: { h1: '2 2 0 0 0 0', h2: '2 2 0 0 0 0', h3: '2 2 0 0 0 0', h4: '2 2 0 0 0 0' },
    exitCode: 0,
  },
  {
    name: 'free with a failure',
    play: 'strategy: free',
    tasks: `
- fail a on h2
- say b
`,
    log: ['a: h1 h2 h3 h4', 'b: h1 h3 h4'],
    recap: { h1: '2 2 0 0 0 0', h2: '0 0 1 0 0 0', h3: '2 2 0 0 0 0', h4: '2 2 0 0 0 0' },
    exitCode: 2,
  },
  {
    name: 'free and run_once',
    play: 'strategy: free',
    tasks: `
- say a
  run_once: true
- say b
`,
    log: ['a: h1 h2 h3 h4', 'b: h1 h2 h3 h4'],
    recap: { h1: '2 2 0 0 0 0', h2: '2 2 0 0 0 0', h3: '2 2 0 0 0 0', h4: '2 2 0 0 0 0' },
    exitCode: 0,
  },
  {
    name: 'free and any_errors_fatal',
    play: `
strategy: free
any_errors_fatal: true
`,
    tasks: `
- fail a on h1
- say b
`,
    log: ['a: h1 h2 h3 h4'],
    recap: { h1: '0 0 1 0 0 0', h2: '1 1 0 0 0 0', h3: '1 1 0 0 0 0', h4: '1 1 0 0 0 0' },
    exitCode: 2,
    ansible: {
      why: 'whoever writes any_errors_fatal wants the others to stop, under any strategy',
      log: ['a: h1 h2 h3 h4', 'b: h2 h3 h4'],
      recap: { h1: '0 0 1 0 0 0', h2: '2 2 0 0 0 0', h3: '2 2 0 0 0 0', h4: '2 2 0 0 0 0' },
      exitCode: 2,
    },
  },
  {
    name: 'host_pinned',
    play: 'strategy: host_pinned',
    tasks: `
- say a
- say b
`,
    log: ['a: h1', 'b: h1', 'a: h2', 'b: h2', 'a: h3', 'b: h3', 'a: h4', 'b: h4'],
    recap: { h1: '2 2 0 0 0 0', h2: '2 2 0 0 0 0', h3: '2 2 0 0 0 0', h4: '2 2 0 0 0 0' },
    exitCode: 0,
  },
  {
    name: 'host_pinned with serial and a failure',
    play: `
strategy: host_pinned
serial: 2
`,
    tasks: `
- fail a on h1
- say b
`,
    log: ['a: h1 h2', 'b: h2', 'a: h3', 'b: h3', 'a: h4', 'b: h4'],
    recap: { h1: '0 0 1 0 0 0', h2: '2 2 0 0 0 0', h3: '2 2 0 0 0 0', h4: '2 2 0 0 0 0' },
    exitCode: 2,
  },
  {
    name: 'throttle',
    tasks: `
- say a
  throttle: 1
- say b
`,
    log: ['a: h1 h2 h3 h4', 'b: h1 h2 h3 h4'],
    recap: { h1: '2 2 0 0 0 0', h2: '2 2 0 0 0 0', h3: '2 2 0 0 0 0', h4: '2 2 0 0 0 0' },
    exitCode: 0,
  },
  {
    name: 'a rescue stands between tasks',
    tasks: `
- block:
    - fail a on h2 h3
    - say b
  rescue:
    - say c
  always:
    - say d
- say e
`,
    log: ['a: h1 h2 h3 h4', 'b: h1 h4', 'c: h2 h3', 'd: h1 h2 h3 h4', 'e: h1 h2 h3 h4'],
    recap: { h1: '4 4 0 0 0 0', h2: '3 3 0 0 1 0', h3: '3 3 0 0 1 0', h4: '4 4 0 0 0 0' },
    exitCode: 0,
  },
  {
    name: 'a rescue that fails',
    tasks: `
- block:
    - fail a on h2
  rescue:
    - fail b on h2
  always:
    - say c
- say d
`,
    log: ['a: h1 h2 h3 h4', 'b: h2', 'c: h1 h2 h3 h4', 'd: h1 h3 h4'],
    recap: { h1: '3 3 0 0 0 0', h2: '1 1 1 0 1 0', h3: '3 3 0 0 0 0', h4: '3 3 0 0 0 0' },
    exitCode: 2,
  },
  {
    name: 'handlers run in the order in which they are written',
    tasks: `
- say a
  notify: [two, one]
- say b
`,
    handlers: `
- name: one
  say x
- name: two
  say y
`,
    log: ['a: h1 h2 h3 h4', 'b: h1 h2 h3 h4', 'x: h1 h2 h3 h4', 'y: h1 h2 h3 h4'],
    recap: { h1: '4 4 0 0 0 0', h2: '4 4 0 0 0 0', h3: '4 4 0 0 0 0', h4: '4 4 0 0 0 0' },
    exitCode: 0,
  },
  {
    name: 'handlers of a failed host do not run',
    tasks: `
- say a
  notify: one
- fail b on h2
`,
    handlers: `
- name: one
  say x
`,
    log: ['a: h1 h2 h3 h4', 'b: h1 h2 h3 h4', 'x: h1 h3 h4'],
    recap: { h1: '3 3 0 0 0 0', h2: '1 1 1 0 0 0', h3: '3 3 0 0 0 0', h4: '3 3 0 0 0 0' },
    exitCode: 2,
  },
  {
    name: 'force_handlers',
    play: 'force_handlers: true',
    tasks: `
- say a
  notify: one
- fail b on h2
- say c
`,
    handlers: `
- name: one
  say x
`,
    log: ['a: h1 h2 h3 h4', 'b: h1 h2 h3 h4', 'c: h1 h3 h4', 'x: h1 h2 h3 h4'],
    recap: { h1: '4 4 0 0 0 0', h2: '2 2 1 0 0 0', h3: '4 4 0 0 0 0', h4: '4 4 0 0 0 0' },
    exitCode: 2,
  },
  {
    name: 'flush_handlers',
    tasks: `
- say a
  notify: one
- meta: flush_handlers
- say b
`,
    handlers: `
- name: one
  say x
`,
    log: ['a: h1 h2 h3 h4', 'x: h1 h2 h3 h4', 'b: h1 h2 h3 h4'],
    recap: { h1: '3 3 0 0 0 0', h2: '3 3 0 0 0 0', h3: '3 3 0 0 0 0', h4: '3 3 0 0 0 0' },
    exitCode: 0,
  },
  {
    name: 'a handler that fails',
    tasks: `
- say a
  notify: [one, two]
`,
    handlers: `
- name: one
  fail x on h2
- name: two
  say y
`,
    next: `
- hosts: all
  gather_facts: false
  tasks: [say c]
`,
    log: ['a: h1 h2 h3 h4', 'x: h1 h2 h3 h4', 'y: h1 h3 h4', 'c: h1 h3 h4'],
    recap: { h1: '4 4 0 0 0 0', h2: '1 1 1 0 0 0', h3: '4 4 0 0 0 0', h4: '4 4 0 0 0 0' },
    exitCode: 2,
  },
  {
    name: 'a handler that notifies another',
    tasks: `
- say a
  notify: one
`,
    handlers: `
- name: one
  say x
  notify: two
- name: two
  say y
`,
    log: ['a: h1 h2 h3 h4', 'x: h1 h2 h3 h4', 'y: h1 h2 h3 h4'],
    recap: { h1: '3 3 0 0 0 0', h2: '3 3 0 0 0 0', h3: '3 3 0 0 0 0', h4: '3 3 0 0 0 0' },
    exitCode: 0,
  },
  {
    name: 'end_host',
    tasks: `
- say a
- meta: end_host
  when: inventory_hostname == 'h2'
- say b
`,
    next: `
- hosts: all
  gather_facts: false
  tasks: [say c]
`,
    log: ['a: h1 h2 h3 h4', 'b: h1 h3 h4', 'c: h1 h2 h3 h4'],
    recap: { h1: '3 3 0 0 0 0', h2: '2 2 0 0 0 0', h3: '3 3 0 0 0 0', h4: '3 3 0 0 0 0' },
    exitCode: 0,
  },
  {
    name: 'end_play',
    tasks: `
- say a
- meta: end_play
  when: inventory_hostname == 'h2'
- say b
`,
    next: `
- hosts: all
  gather_facts: false
  tasks: [say c]
`,
    log: ['a: h1 h2 h3 h4', 'b: h1 h2 h3 h4', 'c: h1 h2 h3 h4'],
    recap: { h1: '3 3 0 0 0 0', h2: '3 3 0 0 0 0', h3: '3 3 0 0 0 0', h4: '3 3 0 0 0 0' },
    exitCode: 0,
  },
  {
    name: 'end_play ends all batches',
    play: 'serial: 2',
    tasks: `
- say a
- meta: end_play
- say b
`,
    log: ['a: h1 h2'],
    recap: { h1: '1 1 0 0 0 0', h2: '1 1 0 0 0 0' },
    exitCode: 0,
  },
  {
    name: 'end_batch',
    play: 'serial: 2',
    tasks: `
- say a
- meta: end_batch
  when: inventory_hostname == 'h1'
- say b
`,
    log: ['a: h1 h2 h3 h4', 'b: h3 h4'],
    recap: { h1: '1 1 0 0 0 0', h2: '1 1 0 0 0 0', h3: '2 2 0 0 0 0', h4: '2 2 0 0 0 0' },
    exitCode: 0,
  },
  {
    name: 'clear_host_errors',
    tasks: `
- fail a on h2
- meta: clear_host_errors
- say b
`,
    log: ['a: h1 h2 h3 h4', 'b: h1 h3 h4'],
    recap: { h1: '2 2 0 0 0 0', h2: '0 0 1 0 0 0', h3: '2 2 0 0 0 0', h4: '2 2 0 0 0 0' },
    exitCode: 0,
  },
  {
    name: 'ignore_errors',
    tasks: `
- fail a on h2
  ignore_errors: true
- say b
`,
    log: ['a: h1 h2 h3 h4', 'b: h1 h2 h3 h4'],
    recap: { h1: '2 2 0 0 0 0', h2: '2 2 0 0 0 1', h3: '2 2 0 0 0 0', h4: '2 2 0 0 0 0' },
    exitCode: 0,
  },
  {
    name: 'ignore_errors of the play',
    play: 'ignore_errors: true',
    tasks: `
- fail a on h2
- say b
`,
    log: ['a: h1 h2 h3 h4', 'b: h1 h2 h3 h4'],
    recap: { h1: '2 2 0 0 0 0', h2: '2 2 0 0 0 1', h3: '2 2 0 0 0 0', h4: '2 2 0 0 0 0' },
    exitCode: 0,
  },
  {
    name: 'a loop that fails in part',
    tasks: `
- fail a on h2
  loop: [1, 2]
- say b
`,
    log: ['a: h1 h1 h2 h2 h3 h3 h4 h4', 'b: h1 h3 h4'],
    recap: { h1: '2 2 0 0 0 0', h2: '0 0 1 0 0 0', h3: '2 2 0 0 0 0', h4: '2 2 0 0 0 0' },
    exitCode: 2,
  },
  {
    name: 'when leaves hosts out',
    tasks: `
- say a
  when: inventory_hostname in ['h1', 'h3']
- say b
`,
    log: ['a: h1 h3', 'b: h1 h2 h3 h4'],
    recap: { h1: '2 2 0 0 0 0', h2: '1 1 0 1 0 0', h3: '2 2 0 0 0 0', h4: '1 1 0 1 0 0' },
    exitCode: 0,
  },
  {
    name: 'tasks of an include run side by side',
    tasks: `
- include_tasks: "{{ 'one' if inventory_hostname in ['h1', 'h2'] else 'two' }}.yml"
- say z
`,
    log: [],
    recap: { h1: '0 0 1 0 0 0', h2: '0 0 1 0 0 0', h3: '0 0 1 0 0 0', h4: '0 0 1 0 0 0' },
    exitCode: 2,
  },
  {
    name: 'an unreachable host is left out',
    tasks: `
- say a
- say b
`,
    next: `
- hosts: all
  gather_facts: false
  tasks: [say c]
`,
    gone: 'h2',
    log: ['a: h1 h3 h4', 'b: h1 h3 h4', 'c: h1 h3 h4'],
    recap: { h1: '3 3 0 0 0 0', h2: '0 0 0 0 0 0', h3: '3 3 0 0 0 0', h4: '3 3 0 0 0 0' },
    exitCode: 4,
  },
  {
    name: 'unreachable and failed',
    tasks: `
- fail a on h3
- say b
`,
    gone: 'h2',
    log: ['a: h1 h3 h4', 'b: h1 h4'],
    recap: { h1: '2 2 0 0 0 0', h2: '0 0 0 0 0 0', h3: '0 0 1 0 0 0', h4: '2 2 0 0 0 0' },
    exitCode: 4,
  },
  {
    name: 'ignore_unreachable',
    tasks: `
- say a
  ignore_unreachable: true
- say b
`,
    gone: 'h2',
    log: ['a: h1 h3 h4', 'b: h1 h3 h4'],
    recap: { h1: '2 2 0 0 0 0', h2: '1 0 0 0 0 1', h3: '2 2 0 0 0 0', h4: '2 2 0 0 0 0' },
    exitCode: 4,
  },
  {
    name: 'any_errors_fatal and unreachable',
    play: 'any_errors_fatal: true',
    tasks: `
- say a
- say b
`,
    gone: 'h2',
    log: ['a: h1 h3 h4'],
    recap: { h1: '1 1 0 0 0 0', h2: '0 0 0 0 0 0', h3: '1 1 0 0 0 0', h4: '1 1 0 0 0 0' },
    exitCode: 4,
    ansible: {
      why: 'nothing failed: a host is away, and 4 says so',
      log: ['a: h1 h3 h4'],
      recap: { h1: '1 1 0 0 0 0', h2: '0 0 0 0 0 0', h3: '1 1 0 0 0 0', h4: '1 1 0 0 0 0' },
      exitCode: 2,
    },
  },
  {
    name: 'max_fail_percentage and unreachable',
    play: 'max_fail_percentage: 20',
    tasks: `
- say a
- say b
`,
    gone: 'h2',
    log: ['a: h1 h3 h4'],
    recap: { h1: '1 1 0 0 0 0', h2: '0 0 0 0 0 0', h3: '1 1 0 0 0 0', h4: '1 1 0 0 0 0' },
    exitCode: 4,
    ansible: {
      why: 'a host that is gone is not a success',
      log: ['a: h1 h3 h4', 'b: h1 h3 h4'],
      recap: { h1: '2 2 0 0 0 0', h2: '0 0 0 0 0 0', h3: '2 2 0 0 0 0', h4: '2 2 0 0 0 0' },
      exitCode: 4,
    },
  },
  {
    name: 'run_once on a host that is unreachable',
    tasks: `
- say a
  run_once: true
- say b
`,
    gone: 'h1',
    log: [],
    recap: { h1: '0 0 0 0 0 0' },
    exitCode: 2,
  },
  {
    name: 'throttle of a play, more than hosts',
    play: 'throttle: 9',
    tasks: '- say a',
    log: ['a: h1 h2 h3 h4'],
    recap: { h1: '1 1 0 0 0 0', h2: '1 1 0 0 0 0', h3: '1 1 0 0 0 0', h4: '1 1 0 0 0 0' },
    exitCode: 0,
  },
  {
    name: 'order: sorted',
    play: 'order: sorted',
    tasks: '- say a',
    log: ['a: h1 h2 h3 h4'],
    recap: { h1: '1 1 0 0 0 0', h2: '1 1 0 0 0 0', h3: '1 1 0 0 0 0', h4: '1 1 0 0 0 0' },
    exitCode: 0,
  },
  {
    name: 'run_once in a handler',
    tasks: `
- say a
  notify: one
`,
    handlers: `
- name: one
  say x
  run_once: true
`,
    log: ['a: h1 h2 h3 h4', 'x: h1'],
    recap: { h1: '2 2 0 0 0 0', h2: '1 1 0 0 0 0', h3: '1 1 0 0 0 0', h4: '1 1 0 0 0 0' },
    exitCode: 0,
    ansible: {
      why: 'Ansible runs it on two hosts',
      log: ['a: h1 h2 h3 h4', 'x: h1 h2'],
      recap: { h1: '2 2 0 0 0 0', h2: '2 2 0 0 0 0', h3: '1 1 0 0 0 0', h4: '1 1 0 0 0 0' },
      exitCode: 0,
    },
  },
  {
    name: 'end_host and handlers',
    tasks: `
- say a
  notify: one
- meta: end_host
  when: inventory_hostname == 'h2'
- say b
`,
    handlers: `
- name: one
  say x
`,
    log: ['a: h1 h2 h3 h4', 'b: h1 h3 h4', 'x: h1 h3 h4'],
    recap: { h1: '3 3 0 0 0 0', h2: '1 1 0 0 0 0', h3: '3 3 0 0 0 0', h4: '3 3 0 0 0 0' },
    exitCode: 0,
  },
  {
    name: 'end_play and handlers',
    tasks: `
- say a
  notify: one
- meta: end_play
- say b
`,
    handlers: `
- name: one
  say x
`,
    log: ['a: h1 h2 h3 h4'],
    recap: { h1: '1 1 0 0 0 0', h2: '1 1 0 0 0 0', h3: '1 1 0 0 0 0', h4: '1 1 0 0 0 0' },
    exitCode: 0,
  },
  {
    name: 'any_errors_fatal and handlers',
    play: 'any_errors_fatal: true',
    tasks: `
- say a
  notify: one
- fail b on h2
`,
    handlers: `
- name: one
  say x
`,
    log: ['a: h1 h2 h3 h4', 'b: h1 h2 h3 h4'],
    recap: { h1: '2 2 0 0 0 0', h2: '1 1 1 0 0 0', h3: '2 2 0 0 0 0', h4: '2 2 0 0 0 0' },
    exitCode: 2,
  },
  {
    name: 'handlers per batch',
    play: 'serial: 2',
    tasks: `
- say a
  notify: one
`,
    handlers: `
- name: one
  say x
`,
    log: ['a: h1 h2', 'x: h1 h2', 'a: h3 h4', 'x: h3 h4'],
    recap: { h1: '2 2 0 0 0 0', h2: '2 2 0 0 0 0', h3: '2 2 0 0 0 0', h4: '2 2 0 0 0 0' },
    exitCode: 0,
  },
  {
    name: 'serial of a template',
    play: 'serial: "{{ 3 }}"',
    tasks: '- say a',
    log: ['a: h1 h2 h3 h4'],
    recap: { h1: '1 1 0 0 0 0', h2: '1 1 0 0 0 0', h3: '1 1 0 0 0 0', h4: '1 1 0 0 0 0' },
    exitCode: 0,
  },
  {
    name: 'any_errors_fatal of a template',
    play: 'any_errors_fatal: "{{ true }}"',
    tasks: `
- fail a on h2
- say b
`,
    log: ['a: h1 h2 h3 h4'],
    recap: { h1: '1 1 0 0 0 0', h2: '0 0 1 0 0 0', h3: '1 1 0 0 0 0', h4: '1 1 0 0 0 0' },
    exitCode: 2,
  },
  {
    name: 'roles and sections of a play',
    play: `
pre_tasks:
- say p
  notify: one
post_tasks:
- say q
`,
    tasks: '- say a',
    handlers: `
- name: one
  say x
`,
    log: ['p: h1 h2 h3 h4', 'x: h1 h2 h3 h4', 'a: h1 h2 h3 h4', 'q: h1 h2 h3 h4'],
    recap: { h1: '4 4 0 0 0 0', h2: '4 4 0 0 0 0', h3: '4 4 0 0 0 0', h4: '4 4 0 0 0 0' },
    exitCode: 0,
  },
  {
    name: 'a rescued failure does not stop the batch',
    play: 'serial: 1',
    tasks: `
- block:
    - fail a on h1
  rescue:
    - say b
`,
    log: ['a: h1', 'b: h1', 'a: h2 h3 h4'],
    recap: { h1: '1 1 0 0 1 0', h2: '1 1 0 0 0 0', h3: '1 1 0 0 0 0', h4: '1 1 0 0 0 0' },
    exitCode: 0,
  },
  {
    name: 'ignored failures do not count for max_fail_percentage',
    play: 'max_fail_percentage: 0',
    tasks: `
- fail a on h2
  ignore_errors: true
- say b
`,
    log: ['a: h1 h2 h3 h4', 'b: h1 h2 h3 h4'],
    recap: { h1: '2 2 0 0 0 0', h2: '2 2 0 0 0 1', h3: '2 2 0 0 0 0', h4: '2 2 0 0 0 0' },
    exitCode: 0,
  },
  {
    name: 'failed_when false',
    play: 'any_errors_fatal: true',
    tasks: `
- fail a on h2
  failed_when: false
- say b
`,
    log: ['a: h1 h2 h3 h4', 'b: h1 h2 h3 h4'],
    recap: { h1: '2 2 0 0 0 0', h2: '2 2 0 0 0 0', h3: '2 2 0 0 0 0', h4: '2 2 0 0 0 0' },
    exitCode: 0,
  },
  {
    name: 'end_play on the first host',
    tasks: `
- say a
- meta: end_play
  when: inventory_hostname == 'h1'
- say b
`,
    next: `
- hosts: all
  gather_facts: false
  tasks: [say c]
`,
    log: ['a: h1 h2 h3 h4', 'c: h1 h2 h3 h4'],
    recap: { h1: '2 2 0 0 0 0', h2: '2 2 0 0 0 0', h3: '2 2 0 0 0 0', h4: '2 2 0 0 0 0' },
    exitCode: 0,
  },
  {
    name: 'nested blocks with always',
    tasks: `
- block:
    - block:
        - fail a on h2
      always:
        - say b
    - say c
  rescue:
    - say d
- say e
`,
    log: ['a: h1 h2 h3 h4', 'b: h1 h2 h3 h4', 'c: h1 h3 h4', 'd: h2', 'e: h1 h2 h3 h4'],
    recap: { h1: '4 4 0 0 0 0', h2: '3 3 0 0 1 0', h3: '4 4 0 0 0 0', h4: '4 4 0 0 0 0' },
    exitCode: 0,
  },
  {
    name: 'a failure in always',
    tasks: `
- block:
    - say a
  always:
    - fail b on h3
- say c
`,
    log: ['a: h1 h2 h3 h4', 'b: h1 h2 h3 h4', 'c: h1 h2 h4'],
    recap: { h1: '3 3 0 0 0 0', h2: '3 3 0 0 0 0', h3: '1 1 1 0 0 0', h4: '3 3 0 0 0 0' },
    exitCode: 2,
  },
  {
    name: 'a failure in rescue of an outer block',
    tasks: `
- block:
    - block:
        - fail a on h2
      rescue:
        - fail b on h2
    - say c
  rescue:
    - say d
- say e
`,
    log: ['a: h1 h2 h3 h4', 'b: h2', 'c: h1 h3 h4', 'd: h2', 'e: h1 h2 h3 h4'],
    recap: { h1: '3 3 0 0 0 0', h2: '2 2 0 0 2 0', h3: '3 3 0 0 0 0', h4: '3 3 0 0 0 0' },
    exitCode: 0,
  },
  {
    name: 'include_tasks that fails on some hosts',
    tasks: `
- include_tasks: gone.yml
  when: inventory_hostname == 'h2'
- say b
`,
    log: ['b: h1 h3 h4'],
    recap: { h1: '1 1 0 1 0 0', h2: '0 0 1 0 0 0', h3: '1 1 0 1 0 0', h4: '1 1 0 1 0 0' },
    exitCode: 2,
  },
  {
    name: 'free with handlers',
    play: 'strategy: free',
    tasks: `
- say a
  notify: one
- say b
`,
    handlers: `
- name: one
  say x
`,
    log: ['a: h1 h2 h3 h4', 'b: h1 h2 h3 h4', 'x: h1 h2 h3 h4'],
    recap: { h1: '3 3 0 0 0 0', h2: '3 3 0 0 0 0', h3: '3 3 0 0 0 0', h4: '3 3 0 0 0 0' },
    exitCode: 0,
  },
  {
    name: 'linear with force_handlers and any_errors_fatal',
    play: `
force_handlers: true
any_errors_fatal: true
`,
    tasks: `
- say a
  notify: one
- fail b on h2
- say c
`,
    handlers: `
- name: one
  say x
`,
    log: ['a: h1 h2 h3 h4', 'b: h1 h2 h3 h4'],
    recap: { h1: '2 2 0 0 0 0', h2: '1 1 1 0 0 0', h3: '2 2 0 0 0 0', h4: '2 2 0 0 0 0' },
    exitCode: 2,
  },
  {
    name: 'force_handlers in pre_tasks',
    play: `
force_handlers: true
pre_tasks:
- say a
  notify: one
- fail b on h2
`,
    tasks: '- say c',
    handlers: `
- name: one
  say x
`,
    log: ['a: h1 h2 h3 h4', 'b: h1 h2 h3 h4', 'x: h1 h2 h3 h4', 'c: h1 h3 h4'],
    recap: { h1: '4 4 0 0 0 0', h2: '2 2 1 0 0 0', h3: '4 4 0 0 0 0', h4: '4 4 0 0 0 0' },
    exitCode: 2,
  },
  {
    name: 'a batch that is unreachable as a whole',
    play: 'serial: 1',
    tasks: '- say a',
    gone: 'h1',
    log: [],
    recap: { h1: '0 0 0 0 0 0' },
    exitCode: 4,
  },
];
