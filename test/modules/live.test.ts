import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadModule } from '../../src/modules/index.ts';
import { isRoot } from '../machine.ts';
import { openThisHost, type ThisHost } from './this-host.ts';

let here: ThisHost;
let server: Server;
let site: string;
const requests: { method?: string; body: string; headers: Record<string, unknown> }[] = [];

beforeAll(async () => {
  here = await openThisHost();
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => {
      requests.push({
        method: request.method,
        body: Buffer.concat(chunks).toString(),
        headers: request.headers,
      });
      if (request.url === '/missing') response.writeHead(404).end('gone');
      else if (request.url === '/moved') response.writeHead(302, { location: '/json' }).end();
      else if (request.url === '/file') response.end('file content\n');
      else
        response
          .writeHead(200, { 'content-type': 'application/json', 'set-cookie': 'a=1' })
          .end('{"ok":true}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  site = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await here.close();
});

const run = async (name: string, args: Record<string, unknown>, around = {}) =>
  here.run((await loadModule(name)) as never, args, around);

describe('commands', () => {
  test.each([
    ['command', { cmd: 'printf "%s|" a "b c" \'$HOME\' *', expand_argument_vars: false }, 'a|b c|$HOME|*|'],
    ['command', { cmd: 'printf %s|%s $HOME ${NOT_SET_AT_ALL}' }, `${process.env.HOME}|\${NOT_SET_AT_ALL}`],
    ['command', { argv: ['cat'], stdin: 'in' }, 'in'],
    ['command', { cmd: 'pwd', chdir: '/usr' }, '/usr'],
    ['shell', { cmd: 'echo one | tr a-z A-Z; echo $((1 + 1))' }, 'ONE\n2'],
    ['shell', { cmd: 'echo $BASH_VERSION | cut -c1', executable: '/bin/bash' }, '5'],
  ])('%s %j', async (name, args, stdout) => {
    const ended = await run(name, args);
    expect(ended).toMatchObject({ changed: true, failed: false, result: { rc: 0, stdout } });
    expect(ended.result.delta).toMatch(/^0:00:0\d\.\d{6}$/);
  });

  test('exit codes and missing programs', async () => {
    expect(await run('shell', { cmd: 'echo bad >&2; exit 4' })).toMatchObject({
      failed: true,
      result: { rc: 4, stderr: 'bad', msg: 'non-zero return code' },
    });
    expect(await run('command', { cmd: 'no-such-program -x' })).toMatchObject({
      failed: true,
      result: { rc: 2 },
    });
  });

  test('creates and removes, with patterns', async () => {
    const file = join(here.folder, 'made.txt');
    const make = { cmd: `touch ${file}`, creates: join(here.folder, 'made.*') };
    expect(await run('command', make)).toMatchObject({ changed: true });
    expect(await run('command', make)).toMatchObject({ changed: false, result: { rc: 0 } });
    expect(await run('shell', { cmd: `rm ${file}`, removes: file })).toMatchObject({ changed: true });
    expect(await run('shell', { cmd: `rm ${file}`, removes: file })).toMatchObject({ changed: false });
  });

  test('a script of the controller, with arguments', async () => {
    const script = join(here.folder, 'show.sh');
    writeFileSync(script, '#!/bin/sh\nprintf "%s|" "$@"\n');
    const ended = await run('script', { cmd: `show.sh a 'b c'` }, { files: { 'show.sh': script } });
    expect(ended).toMatchObject({ changed: true, result: { rc: 0, stdout: 'a|b c|' } });
  });

  test('a script has the umask of commands, and its folder belongs to nobody else', async () => {
    const script = join(here.folder, 'mask.sh');
    writeFileSync(script, '#!/bin/sh\numask\nls -ld "${0%/*}" | cut -c1-10\n');
    const command = await run('shell', { cmd: 'umask' });
    const ended = await run('script', { cmd: 'mask.sh' }, { files: { 'mask.sh': script } });
    expect(ended.result.stdout_lines).toEqual([command.result.stdout, 'drwx------']);
  });

  test('ping and setup', async () => {
    expect(await run('ping', {})).toMatchObject({ changed: false, result: { ping: 'pong' } });
    const { result } = await run('setup', { filter: 'ansible_system' });
    expect(result.ansible_facts).toEqual({ ansible_system: 'Linux' });
  });
});

describe('the network', () => {
  test('uri reads, follows and sends', async () => {
    expect(await run('uri', { url: `${site}/moved` })).toMatchObject({
      changed: false,
      result: { status: 200, json: { ok: true }, redirected: true, url: `${site}/json`, cookies: { a: '1' } },
    });
    expect(await run('uri', { url: `${site}/missing` })).toMatchObject({
      failed: true,
      result: { status: 404 },
    });
    const sent = await run('uri', {
      url: `${site}/json`,
      method: 'POST',
      body: { a: [1] },
      body_format: 'json',
    });
    expect(sent).toMatchObject({ changed: false, failed: false, result: { json: { ok: true } } });
    expect(requests.at(-1)).toMatchObject({
      method: 'POST',
      body: '{"a": [1]}',
      headers: { 'content-type': 'application/json' },
    });
  });

  test('uri says why there is no answer', async () => {
    const ended = await run('uri', { url: 'http://127.0.0.1:1/' });
    expect(ended).toMatchObject({ failed: true, result: { status: -1 } });
    expect(ended.result.msg).toMatch(/^Status code was -1 and not \[200\]: Request failed: .+/);
  });

  test('get_url fetches once', async () => {
    const dest = join(here.folder, 'fetched');
    expect(await run('get_url', { url: `${site}/file`, dest, mode: '0640' })).toMatchObject({
      changed: true,
    });
    expect(readFileSync(dest, 'utf8')).toBe('file content\n');
    expect(await run('get_url', { url: `${site}/file`, dest, mode: '0640' })).toMatchObject({
      changed: false,
    });
  });

  test('wait_for sees ports and files', async () => {
    const port = Number(new URL(site).port);
    expect(await run('wait_for', { port, timeout: 5 })).toMatchObject({ failed: false, changed: false });
    expect(await run('wait_for', { port: 1, timeout: 1, msg: 'closed' })).toMatchObject({
      failed: true,
      result: { msg: 'closed' },
    });
    const path = join(here.folder, 'log');
    writeFileSync(path, 'start\nready in 42 ms\n');
    expect(await run('wait_for', { path, search_regex: 'ready in (\\d+)', timeout: 5 })).toMatchObject({
      result: { match_groups: ['42'] },
    });
  });
});

// Accounts belong to root; everything else here needs no rights.
describe.runIf(isRoot)('accounts', () => {
  const name = `cut${process.pid}`;

  test('a user and a group come and go', async () => {
    try {
      expect(await run('group', { name, system: true })).toMatchObject({ changed: true });
      expect(await run('group', { name })).toMatchObject({ changed: false });
      const wish = {
        name,
        group: name,
        shell: '/bin/sh',
        comment: 'A test',
        create_home: false,
        system: true,
      };
      expect(await run('user', { ...wish, password: '!' })).toMatchObject({ changed: true, failed: false });
      expect(await run('user', { ...wish, password: '!' })).toMatchObject({ changed: false });
      const changed = await run('user', { name, comment: 'Another', password_expire_max: 90 });
      expect(changed).toMatchObject({ changed: true, failed: false, result: { comment: 'Another' } });
      expect(await run('user', { name, comment: 'Another', password_expire_max: 90 })).toMatchObject({
        changed: false,
      });
      const key = {
        name,
        generate_ssh_key: true,
        ssh_key_type: 'ed25519',
        ssh_key_file: join(here.folder, 'key'),
        ssh_key_passphrase: 'a pass "phrase"',
      };
      const made = await run('user', key);
      expect(made).toMatchObject({ changed: true, failed: false });
      expect(await run('user', key)).toMatchObject({ changed: false });
      const modes = await run('shell', { cmd: 'umask; stat -c %a key key.pub', chdir: here.folder });
      expect(modes.result.stdout).toBe('0022\n600\n644');
      const opened = { argv: ['ssh-keygen', '-y', '-P', key.ssh_key_passphrase, '-f', key.ssh_key_file] };
      const { stdout } = (await run('command', opened)).result;
      expect(made.result.ssh_public_key).toBe(stdout);
      const { result } = await run('getent', { database: 'passwd', key: name });
      expect((result.ansible_facts as { getent_passwd: object }).getent_passwd).toMatchObject({
        [name]: ['x', expect.any(String), expect.any(String), 'Another', expect.any(String), '/bin/sh'],
      });
    } finally {
      await run('user', { name, state: 'absent' });
      await run('group', { name, state: 'absent' });
    }
    expect(await run('getent', { database: 'passwd', key: name })).toMatchObject({ failed: true });
  });
});

describe('git', () => {
  test('clones, follows, and refuses to overwrite work', async () => {
    const [origin, dest] = [join(here.folder, 'origin'), join(here.folder, 'clone')];
    mkdirSync(origin);
    const git = `git -c user.name=t -c user.email=t@example.org -c init.defaultBranch=main`;
    const commit = (text: string) => `echo ${text} >file && ${git} add file && ${git} commit -qm ${text}`;
    await run('shell', { cmd: `${git} init -q && ${commit('one')} && ${git} tag v1`, chdir: origin });
    const wish = { repo: origin, dest };
    expect(await run('git', wish)).toMatchObject({ changed: true, failed: false, result: { before: null } });
    expect(readFileSync(join(dest, 'file'), 'utf8')).toBe('one\n');
    expect(readFileSync(join(dest, '.git/config'), 'utf8')).toContain(`url = file://${origin}\n`);
    expect(await run('git', wish)).toMatchObject({ changed: false });
    await run('shell', { cmd: commit('two'), chdir: origin });
    expect(await run('git', wish)).toMatchObject({ changed: true, failed: false });
    expect(readFileSync(join(dest, 'file'), 'utf8')).toBe('two\n');
    expect(await run('git', { ...wish, version: 'v1' })).toMatchObject({ changed: true, failed: false });
    expect(readFileSync(join(dest, 'file'), 'utf8')).toBe('one\n');
    expect(await run('git', { ...wish, version: 'v1' })).toMatchObject({ changed: false });
    writeFileSync(join(dest, 'file'), 'mine\n');
    expect(await run('git', { ...wish, version: 'main' })).toMatchObject({
      failed: true,
      result: { msg: `Local modifications exist in the destination: ${dest} (force=no).` },
    });
    expect(await run('git', { ...wish, version: 'main', force: true })).toMatchObject({
      changed: true,
      failed: false,
      result: { msg: `Local modifications exist in the destination: ${dest}` },
    });
    expect(readFileSync(join(dest, 'file'), 'utf8')).toBe('two\n');
    expect(await run('git', { ...wish, version: 'nope' })).toMatchObject({ failed: true });
    const archive = join(here.folder, 'a.tar');
    expect(await run('git', { ...wish, version: 'main', archive })).toMatchObject({ changed: true });
    expect(await run('git', { ...wish, version: 'main', archive })).toMatchObject({ changed: false });
    const apart = { repo: origin, dest: join(here.folder, 'w'), separate_git_dir: join(here.folder, 'g') };
    expect(await run('git', { ...apart, version: 'v1' })).toMatchObject({ changed: true, failed: false });
    expect(existsSync(join(here.folder, 'g/refs/heads/main'))).toBe(true);
    expect(readFileSync(join(here.folder, 'w/.git'), 'utf8')).toMatch(/^gitdir: /);
    const looked = await run('git', { repo: origin, clone: false });
    expect(looked).toMatchObject({ changed: true, failed: false, result: { before: null } });
    expect(looked.result.after).toMatch(/^[0-9a-f]{40}$/);
  });
});

describe('files of the system, in a scratch folder', () => {
  test('cron, sysctl and authorized_key write once', async () => {
    const tasks: [string, Record<string, unknown>, string][] = [
      [
        'cron',
        { name: 'a', job: '/bin/true', cron_file: join(here.folder, 'cron') },
        '#Ansible: a\n* * * * * root /bin/true\n',
      ],
      [
        'sysctl',
        { name: 'vm.x', value: 1, sysctl_file: join(here.folder, 'sysctl'), reload: false },
        'vm.x=1\n',
      ],
      [
        'authorized_key',
        { user: 'root', key: 'ssh-ed25519 AAAA me', path: join(here.folder, 'ssh/keys'), manage_dir: false },
        'ssh-ed25519 AAAA me\n',
      ],
    ];
    mkdirSync(join(here.folder, 'ssh'));
    for (const [name, args, text] of tasks) {
      expect(await run(name, args)).toMatchObject({ changed: true, failed: false });
      expect(readFileSync(String(args.cron_file ?? args.sysctl_file ?? args.path), 'utf8')).toBe(text);
      expect(await run(name, args)).toMatchObject({ changed: false, failed: false });
      const gone = { ...args, state: 'absent' };
      expect(await run(name, gone)).toMatchObject({ changed: true, failed: false });
    }
    expect(existsSync(join(here.folder, 'cron'))).toBe(false);
  });
});

test('facts of services and packages can be read here', async () => {
  expect(await run('service_facts', {})).toMatchObject({ failed: false, changed: false });
  const { result } = await run('package_facts', {});
  const { packages } = result.ansible_facts as { packages: Record<string, { version: string }[]> };
  expect(packages.bash?.[0]?.version).toMatch(/^\d/);
});

test('async_status follows a job from start to end', async () => {
  const job = join(here.folder, 'jobs/1.2');
  const around = { variables: { cutover_state_dir: here.folder } };
  expect(await run('async_status', { jid: '1.2' }, around)).toMatchObject({ failed: true });
  mkdirSync(job, { recursive: true });
  writeFileSync(join(job, 'pid'), `${process.pid}\n`);
  expect(await run('async_status', { jid: '1.2' }, around)).toMatchObject({ result: { finished: false } });
  writeFileSync(join(job, 'out'), 'größer\n');
  writeFileSync(join(job, 'err'), 'warn\n');
  writeFileSync(join(job, 'rc'), '3\n');
  expect(await run('async_status', { jid: '1.2' }, around)).toMatchObject({
    failed: true,
    result: { finished: true, rc: 3, stdout: 'größer', stderr: 'warn' },
  });
  expect(await run('async_status', { jid: '1.2', mode: 'cleanup' }, around)).toMatchObject({
    changed: false,
  });
  expect(existsSync(job)).toBe(false);
});
