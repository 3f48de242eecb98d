/** P5: no secret in any sink: terminal in every format, run log, journal and undo.sh on the host, process lists, temporary files. */
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createVault } from '../../src/vault/index.ts';
import { isRoot } from '../machine.ts';
import { type Bench, bench } from './bench.ts';

/** What nobody may see, by where it enters. */
const SECRETS = {
  /** Of the account: for the login and for sudo. */
  password: `account-Pa55%x&y'z"q`,
  inline: `in line-S3cret"&'é`,
  groupVars: 'group+vars/S3cret?=',
  varsFile: 'vars\\files-S3cret',
  includeVars: 'include-vars-S3cret<>',
  copiedFile: 'copied-file-S3cret: yes',
  template: 'vaulted-template-S3cret',
  extraVars: 'extra-vars-S3cret',
  noLog: 'no-log-S3cret',
  url: 'url-pass-S3cret',
} as const;
/** Passed on a command line by the play itself, so `ps` on the host shows it for a moment. */
const IN_ARGV = new Set<string>([SECRETS.noLog]);

let lab: Bench;
let play: string;
let server: Server;

beforeAll(async () => {
  if (!isRoot) return;
  lab = await bench({
    backend: 'openssh',
    login: 'deploy',
    password: SECRETS.password,
    sudoPassword: SECRETS.password,
  });
  server = createServer((request, response) => {
    response.statusCode = request.url === '/ok' ? 200 : 401;
    response.end(`you said ${request.headers.authorization}`);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  play = await writePlay(lab.dir, (server.address() as AddressInfo).port);
});
afterAll(async () => {
  server?.close();
  await lab?.down();
});

async function writePlay(dir: string, port: number): Promise<string> {
  const vault = await createVault({ ids: [{ password: 'the vault password' }] });
  writeFileSync(join(dir, 'vault-password'), 'the vault password\n', { mode: 0o600 });
  for (const folder of ['group_vars', 'files', 'templates']) mkdirSync(join(dir, folder));
  const sealed = (path: string, text: string) => writeFileSync(join(dir, path), vault.encryptText(text));
  sealed('group_vars/all.yml', `from_group: ${JSON.stringify(SECRETS.groupVars)}\n`);
  sealed('vars-file.yml', `from_file: {deep: [${JSON.stringify(SECRETS.varsFile)}]}\n`);
  sealed('included.yml', `from_include: ${JSON.stringify(SECRETS.includeVars)}\n`);
  sealed('extra.yml', `from_extra: ${JSON.stringify(SECRETS.extraVars)}\n`);
  sealed('files/sealed.txt', `first\n${SECRETS.copiedFile}\nlast\n`);
  sealed('templates/sealed.j2', `value = ${SECRETS.template} {{ inventory_hostname }}\n`);
  writeFileSync(join(dir, 'templates/open.j2'), 'a={{ inline }}\nb={{ from_group | b64encode }}\n');
  // eslint-disable-next-line no-template-curly-in-string
  const inline = vault.encryptText(SECRETS.inline).trim().split('\n').join('\n        ');
  const path = join(dir, 'secrets.yml');
  writeFileSync(
    path,
    `- hosts: all
  gather_facts: false
  become: true
  vars_files: [vars-file.yml]
  vars:
    inline: !vault |
        ${inline}
    all_of_them: ["{{ inline }}", "{{ from_group }}", "{{ from_file.deep[0] }}", "{{ from_extra }}"]
  tasks:
    - include_vars: included.yml
    - name: show them
      debug: {msg: "{{ all_of_them }} {{ from_include }}"}
    - name: show them written otherwise
      debug:
        msg:
          - "{{ inline | b64encode }} {{ from_group | urlencode }} {{ from_include | to_json }} {{ from_extra | quote }}"
          - "{{ ('user:' ~ from_group) | b64encode }} {{ inline | upper }} {{ from_file | to_json | b64encode }}"
    - debug: {var: from_file}
    - name: set {{ from_group }}
      set_fact: {derived: "x{{ from_group }}x"}
    - debug: {var: derived}
    - copy: {src: sealed.txt, dest: /srv/sealed.txt, mode: "0600"}
    - copy: {content: "old\\n", dest: /srv/content.txt}
    - copy: {content: "{{ all_of_them | join('\\n') }}\\n", dest: /srv/content.txt}
    - template: {src: open.j2, dest: /srv/open}
    - template: {src: sealed.j2, dest: /srv/sealed}
    - lineinfile: {path: /srv/content.txt, line: "added {{ from_include }}"}
    - name: a command reads it and says it, plain and in base64
      command:
        cmd: sh -c 'read -r x; echo "got $x"; printf "u:%s" "$x" | base64; echo "$x" >&2; exit 3'
        stdin: "{{ inline }}"
      ignore_errors: true
    - name: environment
      command: printenv TOKEN
      environment: {TOKEN: "{{ from_extra }}"}
    - fail: {msg: "no: {{ from_group }}"}
      ignore_errors: true
    - assert: {that: ["from_extra == 'other'"], fail_msg: "it is {{ from_extra }}"}
      ignore_errors: true
    - name: an error that quotes
      debug: {msg: "{{ from_include | from_json }}"}
      ignore_errors: true
    - name: a file that cannot be
      copy: {content: "{{ from_extra }}", dest: /nowhere/x}
      ignore_errors: true
    - name: hidden
      command: sh -c 'echo ${SECRETS.noLog}; echo ${SECRETS.noLog} >&2; exit 1'
      no_log: true
      ignore_errors: true
    - name: hidden in a loop
      command: echo {{ item }}
      loop: ["${SECRETS.noLog}", "${SECRETS.noLog} again"]
      no_log: true
    - name: hidden and repeated
      command: echo ${SECRETS.noLog}
      register: never
      until: never.rc == 7
      retries: 1
      delay: 0
      no_log: true
      ignore_errors: true
    - name: hidden and wrong
      debug: {msg: "{{ '${SECRETS.noLog}' | from_json }}"}
      no_log: true
      ignore_errors: true
    - uri: {url: "http://127.0.0.1:${port}/no", url_username: u, url_password: "${SECRETS.url}", force_basic_auth: true, return_content: true}
      delegate_to: localhost
      become: false
      ignore_errors: true
    - uri: {url: "http://u:${SECRETS.url}@127.0.0.1:${port}/no"}
      delegate_to: localhost
      become: false
      ignore_errors: true
    - get_url: {url: "http://127.0.0.1:1/x", dest: /srv/got, url_username: u, url_password: "${SECRETS.url}"}
      ignore_errors: true
    - user: {name: nobody, password: "{{ from_group | password_hash('sha512', 'saltsalt') }}"}
    - name: to be undone
      command: sh -c 'true'
      undo:
        - debug: {msg: "back with {{ inline }}"}
`,
  );
  writeFileSync(
    join(dir, 'with-passwords.yml'),
    readFileSync(lab.inventory, 'utf8').replace(
      /ansible_ssh_private_key_file: .*/,
      `ansible_password: ${JSON.stringify(SECRETS.password)}`,
    ),
  );
  return path;
}

/** The ways in which a secret can be written, as a searcher would try them: not by the code that masks. */
function formsOf(secret: string): readonly string[] {
  const bytes = Buffer.from(secret);
  const base64 = [0, 1, 2].map((pad) => {
    const text = Buffer.concat([Buffer.alloc(pad), bytes])
      .toString('base64')
      .replace(/=+$/, '');
    // The first and last letters depend on the neighbours.
    return text.slice(pad === 0 ? 0 : pad + 1, -1);
  });
  return [
    secret,
    JSON.stringify(secret).slice(1, -1),
    JSON.stringify(JSON.stringify(secret).slice(1, -1)).slice(1, -1),
    encodeURIComponent(secret),
    secret.replaceAll("'", `'\\''`),
    secret.replaceAll("'", `'"'"'`),
    secret.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;'),
    secret.toUpperCase(),
    bytes.toString('hex'),
    ...base64,
    ...base64.map((text) => text.replaceAll('+', '-').replaceAll('/', '_')),
  ];
}

/** Gives which secrets stand in a text, and around what. */
function found(where: string, text: string, spared: ReadonlySet<string> = new Set()): string[] {
  return Object.entries(SECRETS).flatMap(([name, secret]) => {
    if (spared.has(secret)) return [];
    const form = formsOf(secret).find((one) => text.includes(one));
    if (form === undefined) return [];
    const at = text.indexOf(form);
    return [`${where}: ${name}: ...${text.slice(Math.max(0, at - 80), at + form.length + 20)}...`];
  });
}

/** Collects the command lines of all processes until it is stopped. */
function watchProcesses(): { stop(): string } {
  const seen = new Set<string>();
  const look = () => {
    for (const pid of readdirSync('/proc')) {
      if (!/^\d+$/.test(pid) || Number(pid) === process.pid) continue;
      try {
        seen.add(readFileSync(`/proc/${pid}/cmdline`, 'utf8'));
      } catch {
        // It ended meanwhile.
      }
    }
  };
  const timer = setInterval(look, 20);
  return {
    stop() {
      clearInterval(timer);
      return [...seen].join('\n');
    },
  };
}

/** Names and contents of all files; not of what is mounted there, such as this checkout in the /tmp of a practice host. */
function textsBelow(folder: string, device = statSync(folder).dev): string {
  return readdirSync(folder, { withFileTypes: true })
    .map((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return statSync(path).dev === device ? textsBelow(path, device) : '';
      return entry.isFile() ? `${entry.name}\n${readFileSync(path, 'latin1')}` : '';
    })
    .join('\n');
}

describe.runIf(isRoot)('secrets', () => {
  it.each([
    ['plain', false],
    ['plain', true],
    ['ansible', false],
    ['ndjson', false],
    ['junit', false],
    ['terminal', false],
  ] as const)('stay secret in the output %s (dry run: %j)', async (output, check) => {
    const name = `${output}-${check}`;
    const home = join(lab.dir, `home-${name}`);
    const temporary = join(lab.dir, `tmp-${name}`);
    mkdirSync(temporary);
    const processes = watchProcesses();
    const start = { home, env: { TMPDIR: temporary } };
    const run = await lab.cutover(
      [
        'run',
        play,
        '-i',
        join(lab.dir, 'with-passwords.yml'),
        '--vault-password-file',
        join(lab.dir, 'vault-password'),
        '-e',
        `@${join(lab.dir, 'extra.yml')}`,
        '--output',
        output,
        '-vvv',
        '--diff',
        ...(check ? ['--check'] : []),
      ],
      start,
    );
    const rollback = check
      ? undefined
      : await lab.cutover(
          [
            'rollback',
            'last',
            '--vault-password-file',
            join(lab.dir, 'vault-password'),
            '--output',
            output,
            '-vvv',
          ],
          start,
        );
    const shown = await lab.cutover(['runs', 'show', 'last'], start);
    const listed = processes.stop();
    expect(run.code === 0 ? 0 : `${run.code} ${run.stdout} ${run.stderr}`).toBe(0);
    expect(rollback?.code ? `${rollback.code} ${rollback.stdout} ${rollback.stderr}` : 0).toBe(0);
    expect(`${run.stdout}${run.stderr}`).toContain('********');
    expect(listed).toContain('bin/cutover.js');
    const state = join(lab.hosts[0]!.root, 'var/lib/cutover/runs');
    const leaks = [
      ...found('terminal', `${run.stdout}${run.stderr}`),
      ...found('rollback', `${rollback?.stdout}${rollback?.stderr}`),
      ...found('runs show', `${shown.stdout}${shown.stderr}`),
      ...found('run store', textsBelow(home)),
      ...(check ? [] : found('journal', textsBelow(state))),
      ...found('process list', listed, IN_ARGV),
      ...found('temporary files', textsBelow(temporary)),
      ...found('temporary files of the host', textsBelow(join(lab.hosts[0]!.root, 'tmp'))),
    ];
    expect(leaks).toEqual([]);
    expect(readdirSync(temporary)).toEqual([]);
  });
});
