import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { lintPlaybook } from '../../src/engine/index.ts';
import { hostOptions, localHosts, workshop } from './workshop.ts';

type Files = Readonly<Record<string, string>>;

/** Gives `file:line rule: message` for each problem. */
async function lint(files: Files, more: object = {}): Promise<string[]> {
  const folder = workshop({ hosts: localHosts('web1', 'web2'), ...files });
  const problems = await lintPlaybook({
    ...hostOptions(folder),
    playbook: join(folder, 'site.yml'),
    ...more,
  });
  return problems.map(({ rule, message, position, hint, severity }) => {
    const place = `${position?.file.replace(`${folder}/`, '')}:${position?.line}`;
    const text = `${message}${hint === undefined ? '' : ` (${hint})`}`
      .replaceAll(`${folder}/`, '')
      .replaceAll(folder, 'here');
    return `${place} ${severity === 'error' ? 'ERROR ' : ''}${rule}: ${text}`;
  });
}

/** A play around these tasks. */
function tasks(text: string): string {
  return `- hosts: all\n  tasks:\n${text.trim().replace(/^/gm, '    ')}\n`;
}

const UNDO = 'counts as changed in every run, and no rollback takes it back';

/** Each case: a name, the files, and everything that is found in them. */
const CASES: readonly (readonly [string, Files, readonly string[]])[] = [
  ['a playbook with nothing wrong', { 'site.yml': tasks('- ping:') }, []],
  [
    'every mistake that keeps it from loading',
    { 'site.yml': tasks('- pingg:\n- ping: {dtaa: 1}') },
    [
      'site.yml:3 ERROR load: "pingg" is neither a module that is known here nor a keyword of a task (did you mean "ping"?)',
      expect.stringContaining('site.yml:4 ERROR load: '),
    ] as string[],
  ],
  [
    'mistakes in a file that is included by a literal name',
    { 'site.yml': tasks('- include_tasks: more.yml'), 'more.yml': '- pinng:\n' },
    [
      'more.yml:1 ERROR load: "pinng" is neither a module that is known here nor a keyword of a task (did you mean "ping"?)',
    ],
  ],
  [
    'conditions that no value makes a boolean',
    {
      'site.yml': tasks(`
- ping:
  vars: {x: [1]}
  when: x | length
- ping:
  vars: {x: a}
  when: ["x is defined", "x | regex_search('a') and [x]"]
- ping:
  vars: {x: a}
  when: x | default(true) or x | lower
- ping:
  vars: {x: a}
  until: not x | length`),
    },
    [
      'site.yml:5 load: a run that comes to this place fails there: the condition "x | length" gives a number, not a boolean (write `x | length != 0`, or set allow_broken_conditionals in ansible.cfg)',
      expect.stringContaining('gives a list, not a boolean (write `('),
    ] as string[],
  ],
  [
    'commands that nothing takes back',
    {
      'site.yml': `${tasks(`
- command: /bin/restart
- shell: {cmd: make, creates: /a}
- command: /bin/look
  changed_when: false
- command: /bin/do
  undo: [{command: /bin/undo}]
- block:
    - shell: echo > /x
`)}  handlers:\n    - {name: h, command: reload}\n  post_tasks: [{ping: , notify: h, changed_when: true}]\n`,
    },
    [
      `site.yml:3 no-undo: this command ${UNDO} (say when with changed_when or creates, or how back with undo)`,
      `site.yml:10 no-undo: this shell ${UNDO} (say when with changed_when or creates, or how back with undo)`,
    ],
  ],
  [
    'files of the controller that are not there',
    {
      'site.yml': tasks(`
- copy: {src: here.txt, dest: /x}
- copy: {src: gone.txt, dest: /x}
- copy: {src: /on/target, dest: /x, remote_src: true}
- copy: {src: "{{ anything }}", dest: /x}
- template: {src: gone.j2, dest: /x}
- script: gone.sh --flag
  args: {creates: /x}
- unarchive: {src: "http://x/y.tgz", dest: /x, remote_src: true}
- include_vars: gone.yml
`),
      'files/here.txt': '',
      hosts: 'web1 anything=1\n',
    },
    [
      expect.stringContaining(
        "site.yml:4 missing-file: Could not find or access 'gone.txt' on the controller (searched files/gone.txt",
      ),
      expect.stringContaining("site.yml:7 missing-file: Could not find or access 'gone.j2' on"),
      expect.stringContaining("site.yml:8 missing-file: Could not find or access 'gone.sh' on"),
      expect.stringContaining("site.yml:11 missing-file: Could not find or access 'gone.yml' on"),
    ] as string[],
  ],
  [
    'files that a role finds in its own folders',
    {
      'site.yml': '- hosts: all\n  roles: [r]\n',
      'roles/r/tasks/main.yml':
        '- copy: {src: a, dest: /x}\n- template: {src: b.j2, dest: /y}\n- copy: {src: c, dest: /z}\n',
      'roles/r/files/a': '',
      'roles/r/templates/b.j2': '',
    },
    [
      expect.stringContaining("roles/r/tasks/main.yml:3 missing-file: Could not find or access 'c'"),
    ] as string[],
  ],
  [
    'vars_files',
    {
      'site.yml': '- hosts: all\n  vars_files: [gone.yml, [also.yml, there.yml], "{{ x }}.yml"]\n',
      'there.yml': '{}',
    },
    ["site.yml:2 missing-file: Could not find or access 'gone.yml' on the controller (searched here, vars)"],
  ],
  [
    'handlers without notification, and the other way round',
    {
      'site.yml': `${tasks(`
- ping:
  notify: [restart, reload all, "do {{ x }}", role r too]
- ping:
  notify: restrat
`)}  vars: {x: 1}
  handlers:
    - {name: restart, ping: }
    - {name: a, ping: , listen: reload all}
    - {name: do this, ping: }
    - {name: idle, ping: }
  roles: [r]
`,
      'roles/r/handlers/main.yml': '- {name: role r too, ping: }\n- {name: idle too, ping: }\n',
    },
    [
      'roles/r/handlers/main.yml:2 unused-handler: nothing notifies the handler "idle too"',
      'site.yml:6 missing-handler: there is no handler "restrat" (did you mean "restart"?)',
      'site.yml:12 unused-handler: nothing notifies the handler "idle"',
    ],
  ],
  [
    'a handler that one of two plays notifies is used',
    {
      'site.yml': '- hosts: all\n  roles: [r]\n- hosts: all\n  roles: [r]\n  tasks: [{ping: , notify: h}]\n',
      'roles/r/handlers/main.yml': '- {name: h, ping: }\n',
    },
    [],
  ],
  [
    'variables that have no effect',
    {
      'site.yml': `
- hosts: all
  vars: {a: 1, b: 2, same: 5}
  vars_files: [v.yml]
  roles: [r]
`,
      hosts: 'web1 a=5 c=1 same=5\n',
      'v.yml': 'b: 3\nd: 1\n',
      'roles/r/vars/main.yml': 'd: 2\n',
      'roles/r/defaults/main.yml': 'a: 9\n',
    },
    [
      'hosts:1 shadowed-variable: "a" has no effect here: play vars are stronger (see site.yml:3:10)',
      'site.yml:3 shadowed-variable: "b" has no effect here: vars_files are stronger (see v.yml:1:1)',
      'v.yml:2 shadowed-variable: "d" has no effect here: role vars are stronger (see roles/r/vars/main.yml:1:1)',
    ],
  ],
  [
    'facts that hide variables of roles',
    {
      'site.yml': '- hosts: all\n  roles: [r]\n',
      'roles/r/vars/main.yml': 'kept: 1\n',
      'roles/r/defaults/main.yml': 'meant: 1\n',
      'roles/r/tasks/main.yml': '- set_fact:\n    kept: 2\n    meant: 2\n',
    },
    [
      'roles/r/tasks/main.yml:2 shadowed-variable: set_fact "kept" hides the variable of the role "r" for the rest of the run (see roles/r/vars/main.yml:1:1)',
    ],
  ],
  [
    'results that nothing reads',
    {
      'site.yml': tasks(`
- {ping: , register: used}
- {ping: , register: in_template}
- {ping: , register: by_word}
- {ping: , register: idle}
- {ping: , register: _}
- debug: {var: used}
- template: {src: t.j2, dest: /x}
- debug: {msg: "{{ vars['by_word'] }}"}
`),
      't.j2': '{{ in_template.changed }}',
    },
    ['site.yml:6 unused-register: nothing reads the registered variable "idle"'],
  ],
  [
    'variables that nothing defines',
    {
      'site.yml': `
- hosts: all
  vars: {port: 1, chain: "{{ port }}{{ oops_one }}"}
  vars_prompt: [{name: asked}]
  tasks:
    - debug: {msg: "{{ prot }} {{ asked }} {{ inventory_hostname }} {{ ansible_facts.x }} {{ ansible_distribution }}"}
    - debug: {msg: "{{ item }} {{ n }}"}
      loop: [1]
      loop_control: {index_var: n}
      when: port == 1 and oops_two
    - debug: {msg: "{{ maybe | default(1) }}"}
    - debug: {msg: "{{ guarded }}"}
      when: guarded is defined
    - set_fact: {made: 1}
    - debug: {msg: "{{ made }} {{ lookup('env', 'HOME') }} {{ from_file }} {{ of_host }}"}
    - include_vars: more.yml
    - debug: {msg: "{% for x in [1] %}{{ x }}{% endfor %}{% set y = 1 %}{{ y }}"}
    - assert: {that: [oops_three]}
    - template: {src: t.j2, dest: /x}
`,
      hosts: 'web1 of_host=1\n',
      'more.yml': 'from_file: 1\n',
      't.j2': '{% macro m(a) %}{{ a }}{% endmacro %}{{ m(port) }}{{ oops_four }}',
    },
    [
      'site.yml:3 undefined-variable: nothing defines "oops_one"',
      'site.yml:6 undefined-variable: nothing defines "prot" (did you mean "port"?)',
      'site.yml:10 undefined-variable: nothing defines "oops_two"',
      'site.yml:18 undefined-variable: nothing defines "oops_three"',
      't.j2:1 undefined-variable: nothing defines "oops_four"',
    ],
  ],
  [
    'nothing about variables when a host decides what is included',
    { 'site.yml': tasks('- include_tasks: "{{ ansible_system }}/x.yml"\n- debug: {msg: "{{ who_knows }}"}') },
    [],
  ],
  [
    'what the files bring that an include may mean',
    {
      'site.yml': tasks(
        '- include_tasks: "os-{{ ansible_system }}.yml"\n- debug: {msg: "{{ a }} {{ b }} {{ c_gone }}"}',
      ),
      'os-linux.yml': '- set_fact: {a: 1}\n',
      'os-bsd.yml': '- set_fact: {b: 1}\n',
    },
    ['site.yml:4 undefined-variable: nothing defines "c_gone"'],
  ],
  ['ignore_errors is fine', { 'site.yml': tasks('- ping:\n  ignore_errors: true') }, []],
];

describe('lint', () => {
  it.each(CASES)('finds: %s', async (_, files, expected) => {
    expect(await lint(files)).toEqual(expected);
  });

  it('says nothing about variables without an inventory', async () => {
    const files = { 'site.yml': tasks('- debug: {msg: "{{ who_knows }}"}') };
    expect(await lint(files, { inventory: [] })).toEqual([]);
    expect(await lint(files)).toEqual(['site.yml:3 undefined-variable: nothing defines "who_knows"']);
  });

  it('takes extra variables as defined', async () => {
    const files = { 'site.yml': tasks('- debug: {msg: "{{ given }}"}') };
    expect(await lint(files, { extraVars: [{ given: 1 }] })).toEqual([]);
  });

  it('finds extra variables that look misspelt, and lets others be', async () => {
    const extraVars = [{ prot: 1, ansible_prot: 3, release_tag: 4, lebel: '{{ colour }}' }, { colour: 5 }];
    const files = {
      'site.yml': tasks('- template: {src: t.j2, dest: /x}\n- debug: {msg: "{{ label }}"}'),
      't.j2': 'listen {{ port }} ',
      'group_vars/all.yml': 'port: 80\nlabel: x\n',
    };
    expect(await lint(files, { extraVars })).toEqual([
      'undefined:undefined extra-variable: -e prot: nothing reads a variable of that name (did you mean "port"?)',
      'undefined:undefined extra-variable: -e lebel: nothing reads a variable of that name (did you mean "label"?)',
    ]);
    const open = {
      ...files,
      'site.yml': `${files['site.yml']}    - include_tasks: "{{ inventory_hostname }}/none.yml"\n`,
    };
    expect(await lint(open, { extraVars })).toEqual([]);
  });

  it('is not stopped by a file of variables that is encrypted', async () => {
    const files = {
      'site.yml': tasks('- include_vars: sealed.yml\n- debug: {msg: "{{ inside }}"}'),
      'sealed.yml': '$ANSIBLE_VAULT;1.1;AES256\n3030\n',
    };
    expect(await lint(files)).toEqual([]);
  });
});
