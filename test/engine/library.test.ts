import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { lintPlaybook } from '../../src/engine/index.ts';
import { hostOptions, localHosts, type Ran, results, runSite, workshop } from './workshop.ts';

/** A play with one task on one host. */
function site(task: string, more = ''): string {
  const list = task.startsWith('- ') ? task : `- ${task}`;
  return `- hosts: all\n  gather_facts: false\n  tasks:\n${list.trim().replace(/^/gm, '    ')}\n${more}`;
}

function resultOf(ran: Ran, index = 0): Record<string, unknown> {
  const found = ran.events.filter((event) => event.type === 'host-result');
  return found[index]!.result;
}

const WANTS_JSON = `#!/bin/sh
# WANT_JSON
args=$(cat "$1")
printf 'noise before\\n{"changed": true, "got": %s, "script": "%s"}\\n' "$args" "$(basename "$0")"
`;

const WORDS = `#!/bin/sh
. "$1"
printf '{"changed": %s, "msg": "%s and %s"}' "$changed" "$first" "$second"
`;

async function run(files: Readonly<Record<string, string>>, more: object = {}): Promise<Ran> {
  return runSite(workshop({ hosts: localHosts('h1'), ...files }), more);
}

describe('modules that are programs', () => {
  it('gives a JSON file to a module that wants one, and keeps what it prints', async () => {
    const ran = await run({
      'site.yml': site('greet: {name: "it\'s {{ who }}", list: [1, two], flag: true}', '  vars: {who: me}\n'),
      'library/greet.sh': WANTS_JSON,
    });
    expect(results(ran)).toEqual(['h1:greet=changed']);
    expect(resultOf(ran)).toMatchObject({
      changed: true,
      script: 'greet.sh',
      got: { name: "it's me", list: [1, 'two'], flag: true },
    });
  });

  it('gives key=value words to a module of the old style', async () => {
    const ran = await run({
      'site.yml': site(`words: {first: "a 'quoted' text", second: 2, changed: "false"}`),
      'library/words': WORDS,
    });
    expect(results(ran)).toEqual(['h1:words=ok']);
    expect(resultOf(ran)).toMatchObject({ changed: false, msg: "a 'quoted' text and 2" });
  });

  it('puts the arguments into a module that asks for it', async () => {
    const ran = await run({
      'site.yml': site('inside: {a: "ä"}'),
      'library/inside.sh': `#!/bin/sh\ncat <<'END'\n{"got": <<INCLUDE_ANSIBLE_MODULE_JSON_ARGS>>}\nEND\n`,
    });
    expect(resultOf(ran)).toMatchObject({ got: { a: 'ä' } });
  });

  it('tells the module what mode it runs in, and keeps that out of the result', async () => {
    const ran = await run({
      'site.yml': site('modes: {a: {b: 1}}'),
      'library/modes.sh':
        '#!/bin/sh\n# WANT_JSON\ngrep -q \'"_ansible_check_mode":false\' "$1" && told=true\nprintf \'{"told": %s, "back": [%s]}\' "${told-false}" "$(cat "$1")"\n',
    });
    expect(resultOf(ran)).toMatchObject({ told: true, back: [{ a: { b: 1 } }] });
    expect(JSON.stringify(resultOf(ran))).not.toContain('_ansible');
  });

  it('keeps its facts under their own names', async () => {
    const ran = await run({
      'site.yml': site(
        '- own:\n- debug: {msg: "{{ mine }} {{ ansible_odd }} {{ ansible_facts.mine }} {{ ansible_facts.odd }}"}',
      ),
      'library/own.sh': '#!/bin/sh\necho \'{"ansible_facts": {"mine": 1, "ansible_odd": "x"}}\'\n',
    });
    expect(resultOf(ran, 1)).toMatchObject({ msg: '1 x 1 x' });
  });

  it('asks one that supports check mode in a dry run, also behind a change that was not made', async () => {
    const files = {
      'site.yml': site(
        '- file: {path: "{{ playbook_dir }}/new", state: directory}\n- own:\n- debug: {msg: "{{ mine }}"}',
      ),
      'library/own.sh':
        '#!/bin/sh\n# WANT_JSON supports_check_mode\necho \'{"changed": true, "ansible_facts": {"mine": 1}}\'\n',
    };
    expect(results(await run(files, { check: true }))).toEqual([
      'h1:file=changed',
      'h1:own=changed',
      'h1:debug=ok',
    ]);
  });

  it('finds modules of roles', async () => {
    const ran = await run({
      'site.yml': '- hosts: all\n  gather_facts: false\n  roles: [r]\n',
      'roles/r/tasks/main.yml': '- mine: {changed: "true", first: 1, second: 2}\n',
      'roles/r/library/mine.sh': WORDS,
    });
    expect(results(ran)).toEqual(['h1:r : mine=changed']);
  });

  it('lets a program win over the built-in module of its name', async () => {
    const files = { 'site.yml': site('getent: {a: 1}'), 'library/getent.sh': WANTS_JSON };
    expect(resultOf(await run(files))).toMatchObject({ script: 'getent.sh', got: { a: 1 } });
  });

  it('uses the interpreter that a variable names', async () => {
    const folder = workshop({
      hosts: localHosts('h1'),
      'site.yml': site('odd: {}', '  vars: {ansible_odd_interpreter: /bin/sh}\n'),
      'library/odd': '#!/no/such/odd\n# WANT_JSON\necho "{\\"changed\\": false}"\n',
    });
    expect(results(await runSite(folder))).toEqual(['h1:odd=ok']);
  });

  it.each([
    ['says so', `echo '{"failed": true, "msg": "no way"}'`, 'no way'],
    [
      'ends badly without a word',
      'echo oops >&2; exit 3',
      'MODULE FAILURE: the module bad printed no JSON object (exit code 3)',
    ],
    ['gives an rc', `echo '{"rc": 2, "msg": "rc"}'`, 'rc'],
  ])('fails when the module %s', async (_, line, msg) => {
    const ran = await run({
      'site.yml': site('bad:'),
      'library/bad.sh': `#!/bin/sh\n# WANT_JSON\n${line}\n`,
    });
    expect(results(ran)).toEqual(['h1:bad=failed']);
    expect(resultOf(ran)).toMatchObject({ failed: true, msg });
    expect(ran.exitCode).toBe(2);
  });

  it('shows the difference that the module reports', async () => {
    const ran = await run({
      'site.yml': site('d:'),
      'library/d': `#!/bin/sh\n# WANT_JSON\necho '{"changed": true, "diff": {"before": "a", "after": "b", "before_header": "x"}}'\n`,
    });
    const [result] = ran.events.filter((event) => event.type === 'host-result');
    expect(result!.diffs).toEqual([{ before: 'a', after: 'b', beforeHeader: 'x' }]);
  });

  it('is not run in a dry run, and its outcome is unknown', async () => {
    const files = {
      'site.yml': site('touchy:'),
      'library/touchy': '#!/bin/sh\n# WANT_JSON\ntouch "$HOME/never"\n',
    };
    expect(results(await run(files, { check: true }))).toEqual(['h1:touchy=unknown']);
  });

  it('is asked in a dry run when it says that it can answer', async () => {
    const files = {
      'site.yml': site('asks:'),
      'library/asks': `#!/bin/sh\n# WANT_JSON, supports_check_mode\ngrep -q '"_ansible_check_mode":true' "$1" && echo '{"changed": true, "msg": "would"}'\n`,
    };
    const ran = await run(files, { check: true });
    expect(results(ran)).toEqual(['h1:asks=changed']);
    expect(resultOf(ran).msg).toBe('would');
  });

  it('keeps its arguments out of the process list', async () => {
    const ran = await run({
      'site.yml': site('spy: {token: sesame-open-4711}'),
      'library/spy': `#!/bin/sh\n# WANT_JSON\nif ps axww -o args | grep -q '[s]esame-open-4711'; then echo '{"msg": "seen"}'; else echo '{"msg": "hidden"}'; fi\n`,
    });
    expect(resultOf(ran).msg).toBe('hidden');
  });

  it.each([
    [
      'py',
      '#!/usr/bin/python3\nfrom ansible.module_utils.basic import AnsibleModule\n',
      'is a Python module for Ansible',
    ],
    [
      'ps1',
      '#!powershell\n#Requires -Module Ansible.ModuleUtils.Legacy\n',
      'is a PowerShell module for Ansible',
    ],
    ['sh', 'echo no interpreter\n', 'is neither a program nor a script that begins with #!'],
  ])('refuses before anything runs what cannot work (.%s)', async (ending, text, message) => {
    const folder = workshop({
      hosts: localHosts('h1'),
      'site.yml': site(`- ping:\n- strange${ending}: {a: "{{ 1 }}"}`),
      [`library/strange${ending}.${ending}`]: text,
    });
    const problems = await lintPlaybook({ ...hostOptions(folder), playbook: join(folder, 'site.yml') });
    expect(problems).toMatchObject([
      { severity: 'warning', position: { line: 5 }, message: expect.stringContaining(message) },
    ]);
    await expect(runSite(folder)).rejects.toThrow(message);
  });

  it('counts as skipped what says so itself, and keeps all that one printed that is no JSON', async () => {
    const ran = await run({
      'site.yml': site('- idle:\n- chatty:'),
      'library/idle': `#!/bin/sh\necho '{"skipped": true}'\n`,
      'library/chatty': '#!/bin/sh\necho words; echo more >&2; exit 3\n',
    });
    expect(results(ran)).toEqual(['h1:idle=skipped', 'h1:chatty=failed']);
    expect(resultOf(ran, 1)).toMatchObject({
      msg: expect.stringContaining('MODULE FAILURE'),
      module_stdout: 'words\n',
      module_stderr: 'more\n',
      rc: 3,
    });
  });

  it('leaves a Python module alone that has the name of a built-in one', async () => {
    const ran = await run({
      'site.yml': site('ping:'),
      'library/ping.py': '#!/usr/bin/python\nfrom ansible.module_utils.basic import *\n',
    });
    expect(results(ran)).toEqual(['h1:ping=ok']);
  });

  it('loads TypeScript modules beside the playbook', async () => {
    const index = join(import.meta.dirname, '../../src/modules/index.ts');
    const ran = await run({
      'site.yml': site('typed: {word: x}'),
      'modules/typed.ts': `import { z } from '${join(import.meta.dirname, '../../node_modules/zod/index.js')}';
import { defineModule } from '${index}';
export default defineModule({
  name: 'typed', summary: '', params: z.strictObject({ word: z.string() }), controllerOnly: true,
  plan: ({ word }) => ({ changes: [], result: () => ({ said: word }) }),
});
`,
    });
    expect(resultOf(ran).said).toBe('x');
  });
});
