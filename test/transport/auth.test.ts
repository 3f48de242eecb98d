import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ssh2, { type AuthContext, type Connection as ServerConnection } from 'ssh2';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type Connection, connect, type Target } from '../../src/transport/index.ts';
import { makeKey } from './sshd.ts';

const folder = mkdtempSync(join(tmpdir(), 'cutover-auth-'));
const open: Connection[] = [];
const servers: ssh2.Server[] = [];
const file = (name: string) => join(folder, name);

beforeAll(() => {
  for (const name of ['host', 'good', 'other']) makeKey(file(name));
  makeKey(file('locked'), 'ed25519', 'open sesame');
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((connection) => connection.close()));
  for (const server of servers.splice(0)) server.close();
});
afterAll(() => rmSync(folder, { recursive: true }));

interface Door {
  /** Every request for a login, as the server saw it. */
  readonly asked: string[];
  readonly target: Target;
}

/** A server that lets in by some methods; every request is written down. */
async function door(
  methods: readonly AuthContext['method'][],
  opens: (context: AuthContext) => boolean,
  overrides: Partial<Target> = {},
): Promise<Door> {
  const asked: string[] = [];
  const server = new ssh2.Server({ hostKeys: [readFileSync(file('host'))] }, (client: ServerConnection) => {
    client.on('error', () => {});
    client.on('authentication', (context) => {
      asked.push(context.method);
      const refuse = () => context.reject(methods as never);
      if (!methods.includes(context.method)) return refuse();
      if (context.method === 'keyboard-interactive') {
        return context.prompt([{ prompt: 'Code please: ', echo: false }], (answers) => {
          asked.push(`answer ${answers.join()}`);
          if (answers[0] === 'right') context.accept();
          else refuse();
        });
      }
      if (opens(context)) context.accept();
      else refuse();
    });
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  const key = readFileSync(`${file('host')}.pub`, 'utf8').split(' ');
  writeFileSync(file(`known-${port}`), `[127.0.0.1]:${port} ${key[0]} ${key[1]}\n`);
  return {
    asked,
    target: {
      name: 'web1',
      connection: 'ssh',
      address: '127.0.0.1',
      port,
      user: 'deploy',
      hostKeyChecking: 'strict',
      knownHostsFiles: [file(`known-${port}`)],
      connectTimeoutMs: 10_000,
      sshConfigFile: null,
      ...overrides,
    },
  };
}

async function enters(target: Target): Promise<void> {
  open.push(await connect(target));
}

/** Whether a key is the one in a file. */
function isKey(context: AuthContext, name: string): boolean {
  const blob = Buffer.from(readFileSync(`${file(name)}.pub`, 'utf8').split(' ')[1]!, 'base64');
  return context.method === 'publickey' && context.key.data.equals(blob);
}

describe('passwords', () => {
  const right = (context: AuthContext) => context.method === 'password' && context.password === 'right';

  test('are sent at once: no request is wasted on `none`', async () => {
    const { asked, target } = await door(['password'], right, { password: 'right' });
    await enters(target);
    expect(asked).toEqual(['password']);
  });

  test('answer keyboard-interactive where the server knows nothing else', async () => {
    const { asked, target } = await door(['keyboard-interactive'], right, { password: 'right' });
    await enters(target);
    expect(asked).toEqual(['password', 'keyboard-interactive', 'answer right']);
  });

  test('that are refused are not sent again, in no way and by no retry', async () => {
    const { asked, target } = await door(['password', 'keyboard-interactive'], right, { password: 'wr0ng' });
    const error = await connect(target).catch((thrown) => thrown);
    expect(error).toMatchObject({ kind: 'auth', host: 'web1' });
    expect(error.message).toBe(`127.0.0.1:${target.port}: login as deploy failed: password refused`);
    expect(JSON.stringify([error.message, error.hint])).not.toContain('wr0ng');
    expect(asked).toEqual(['password']);
  });

  test('refused by keyboard-interactive are not sent again either', async () => {
    const { asked, target } = await door(['keyboard-interactive'], right, { password: 'wr0ng' });
    await expect(connect(target)).rejects.toMatchObject({ kind: 'auth' });
    expect(asked).toEqual(['password', 'keyboard-interactive', 'answer wr0ng']);
  });
});

describe('keys', () => {
  const byKey = (context: AuthContext) => isKey(context, 'good') || isKey(context, 'locked');

  test('the key that worked last time goes first', async () => {
    const config = file('config');
    writeFileSync(config, `Host *\n  IdentityFile ${file('other')}\n  IdentityFile ${file('good')}\n`);
    const { asked, target } = await door(['publickey'], byKey, { sshConfigFile: config });
    await enters(target);
    // One question for each key, and one signature.
    expect(asked).toHaveLength(3);
    await enters(target);
    expect(asked).toHaveLength(5);
  });

  test('a locked key opens with its passphrase', async () => {
    const { target } = await door(['publickey'], byKey, {
      privateKeyFile: file('locked'),
      passphrase: 'open sesame',
    });
    await enters(target);
  });

  test.each([
    ['no passphrase', { privateKeyFile: 'locked' }, 'key {}/locked needs a passphrase, or the agent'],
    [
      'a wrong passphrase',
      { privateKeyFile: 'locked', passphrase: 'no' },
      'key {}/locked does not open with the passphrase',
    ],
    ['a missing file', { privateKeyFile: 'nowhere' }, 'key {}/nowhere does not exist'],
    ['a refused key', { privateKeyFile: 'other' }, 'key {}/other refused'],
  ])('%s is said', async (_name, { privateKeyFile, ...rest }, said) => {
    const { target } = await door(['publickey'], byKey, { privateKeyFile: file(privateKeyFile), ...rest });
    await withoutAgent(async () => {
      await expect(connect(target)).rejects.toMatchObject({
        kind: 'auth',
        message: expect.stringContaining(said.replace('{}', folder)),
      });
    });
  });

  test('several factors: a key, then a password', async () => {
    let keyShown = false;
    const { target } = await door(
      ['publickey', 'password'],
      (context) => {
        if (context.method === 'password') return keyShown && context.password === 'right';
        if (context.method !== 'publickey' || !isKey(context, 'good')) return false;
        if (context.signature === undefined) return true;
        keyShown = true;
        context.reject(['password'], true);
        return false;
      },
      { privateKeyFile: file('good'), password: 'right' },
    );
    await enters(target);
    expect(keyShown).toBe(true);
  });
});

describe('the agent', () => {
  const socket = file('agent');
  let agent: ReturnType<typeof spawn>;
  beforeAll(async () => {
    agent = spawn('ssh-agent', ['-D', '-a', socket], { stdio: ['ignore', 'pipe', 'ignore'] });
    await new Promise((resolve) => agent.stdout!.once('data', resolve));
    execFileSync('ssh-add', ['-q', file('other')], {
      env: { ...process.env, SSH_AUTH_SOCK: socket },
      stdio: 'ignore',
    });
    execFileSync('ssh-add', ['-q', file('good')], {
      env: { ...process.env, SSH_AUTH_SOCK: socket },
      stdio: 'ignore',
    });
  });
  afterAll(() => agent.kill());

  test('gives its keys', async () => {
    const { target } = await door(['publickey'], (context) => isKey(context, 'good'));
    await withAgent(socket, () => enters(target));
  });

  test('gives only the named key under IdentitiesOnly', async () => {
    const config = file('only');
    writeFileSync(file('public-only.pub'), readFileSync(`${file('good')}.pub`));
    writeFileSync(config, `Host *\n  IdentitiesOnly yes\n  IdentityFile ${file('public-only.pub')}\n`);
    const { asked, target } = await door(['publickey'], (context) => isKey(context, 'good'), {
      sshConfigFile: config,
    });
    await withAgent(socket, () => enters(target));
    expect(asked).toHaveLength(2);
  });
});

async function withAgent<T>(socket: string | undefined, work: () => Promise<T>): Promise<T> {
  const before = process.env.SSH_AUTH_SOCK;
  if (socket === undefined) delete process.env.SSH_AUTH_SOCK;
  else process.env.SSH_AUTH_SOCK = socket;
  try {
    return await work();
  } finally {
    if (before === undefined) delete process.env.SSH_AUTH_SOCK;
    else process.env.SSH_AUTH_SOCK = before;
  }
}

function withoutAgent<T>(work: () => Promise<T>): Promise<T> {
  return withAgent(undefined, work);
}
