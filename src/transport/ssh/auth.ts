import { readFileSync } from 'node:fs';
import ssh2, { type AnyAuthMethod, type AuthHandlerMiddleware, type ParsedKey } from 'ssh2';
import { CutoverError } from '../../errors/index.ts';
import { FilteredAgent } from './agent.ts';
import type { Hop } from './route.ts';

/** One thing to try, and how to call it in a message. */
interface Attempt {
  readonly label: string;
  readonly method: AnyAuthMethod;
  /** The name that the server lists it by. */
  readonly serverName: 'publickey' | 'password' | 'keyboard-interactive';
}

/** What worked last for `user@address:port`, to try it first: each wrong key costs a round trip and one of sshd's MaxAuthTries. */
const lastGood = new Map<string, string>();

/** One authentication: what is tried in which order, without ssh2's useless first `none`. */
export class Authentication {
  /** What was tried, or why not, for the error message. */
  readonly tried: string[] = [];
  /** A password was sent: this connection must not be repeated by itself, or accounts get locked. */
  passwordSent = false;
  private readonly attempts: Attempt[];
  private readonly account: string;
  private current: Attempt | undefined;

  /** Throws CutoverError `auth` when the key file that the inventory names cannot be used. */
  constructor(hop: Hop) {
    this.account = `${hop.user}@${hop.address}:${hop.port}`;
    const good = lastGood.get(this.account);
    const planned = plan(hop, this.tried);
    this.attempts = [
      ...planned.filter((attempt) => attempt.label === good),
      ...planned.filter((attempt) => attempt.label !== good),
    ];
  }

  /** Chooses the next attempt; given to ssh2. */
  readonly handler: AuthHandlerMiddleware = (methodsLeft, partialSuccess, next) => {
    const before = this.current;
    if (before !== undefined)
      this.tried.push(`${before.label} ${partialSuccess ? 'accepted, more wanted' : 'refused'}`);
    // The server knows passwords and refused ours: the same one by keyboard-interactive would count as a second failure.
    const refused = before?.serverName === 'password' && !partialSuccess && methodsLeft?.includes('password');
    for (;;) {
      const attempt = this.attempts.shift();
      this.current = attempt;
      if (attempt === undefined) return (next as unknown as (none: false) => void)(false);
      if (refused && attempt.serverName === 'keyboard-interactive') continue;
      if (methodsLeft?.length && !(methodsLeft as string[]).includes(attempt.serverName)) {
        this.tried.push(`${attempt.label} not offered by the server`);
        continue;
      }
      if (attempt.serverName !== 'publickey') this.passwordSent = true;
      return next(attempt.method);
    }
  };

  /** Remembers what let us in. */
  succeeded(): void {
    if (this.current) lastGood.set(this.account, this.current.label);
  }

  /** Gives the error for a refused login. */
  error(hop: Hop, cause: unknown): CutoverError {
    const tried = this.tried.length > 0 ? this.tried.join(', ') : 'no key, agent or password at hand';
    return new CutoverError('auth', `${hop.address}:${hop.port}: login as ${hop.user} failed: ${tried}`, {
      host: hop.name,
      cause,
      hint: 'check the user, the key (ansible_ssh_private_key_file) or the password; a refused password is not tried again',
    });
  }
}

function plan(hop: Hop, notes: string[]): Attempt[] {
  const keys: Attempt[] = [];
  const locked: Buffer[] = [];
  for (const file of [...hop.keyFiles, ...hop.defaultKeyFiles]) {
    const key = readKey(file, hop, notes);
    if (key === undefined) {
      const known = publicHalf(file);
      if (known) locked.push(known);
      continue;
    }
    const method = { type: 'publickey', username: hop.user, key } as unknown as AnyAuthMethod;
    keys.push({ label: `key ${file}`, method, serverName: 'publickey' });
  }
  const agents: Attempt[] = [];
  if (hop.agent !== undefined) {
    const only = hop.identitiesOnly ? locked : undefined;
    const agent = new FilteredAgent(hop.agent, only);
    const method = { type: 'agent', username: hop.user, agent } as unknown as AnyAuthMethod;
    if (only === undefined || only.length > 0)
      agents.push({ label: 'agent', method, serverName: 'publickey' });
  }
  const passwords = passwordAttempts(hop);
  return hop.keyFiles.length > 0 ? [...keys, ...agents, ...passwords] : [...passwords, ...agents, ...keys];
}

function passwordAttempts(hop: Hop): Attempt[] {
  const password = hop.password;
  if (password === undefined) return [];
  let asked = false;
  const interactive = {
    type: 'keyboard-interactive',
    username: hop.user,
    prompt(
      _name: string,
      _text: string,
      _language: string,
      prompts: unknown[],
      finish: (answers: string[]) => void,
    ) {
      // A second question is a refusal, or one that we have no answer to.
      const answer = asked || prompts.length === 0 ? [] : prompts.map(() => password);
      asked ||= prompts.length > 0;
      finish(answer);
    },
  } as unknown as AnyAuthMethod;
  return [
    { label: 'password', method: { type: 'password', username: hop.user, password }, serverName: 'password' },
    { label: 'password (keyboard-interactive)', method: interactive, serverName: 'keyboard-interactive' },
  ];
}

function readKey(file: string, hop: Hop, notes: string[]): ParsedKey | undefined {
  let text: Buffer;
  try {
    text = readFileSync(file);
  } catch (cause) {
    const why =
      (cause as NodeJS.ErrnoException).code === 'ENOENT' ? 'does not exist' : (cause as Error).message;
    notes.push(`key ${file} ${why}`);
    return undefined;
  }
  const parsed = ssh2.utils.parseKey(text, hop.passphrase) as ParsedKey | ParsedKey[] | Error;
  if (!(parsed instanceof Error)) {
    const key = Array.isArray(parsed) ? parsed[0]! : parsed;
    // IdentityFile may name a public key: then the agent holds the private one.
    return key.isPrivateKey() ? key : undefined;
  }
  const locked = /encrypted|passphrase/i.test(parsed.message);
  const why = locked
    ? hop.passphrase === undefined
      ? 'needs a passphrase, or the agent'
      : 'does not open with the passphrase'
    : `cannot be read (${parsed.message})`;
  notes.push(`key ${file} ${why}`);
  return undefined;
}

/** The agent may hold a key whose file we cannot open; its public half says which. */
function publicHalf(file: string): Buffer | undefined {
  try {
    const parsed = ssh2.utils.parseKey(readFileSync(file.endsWith('.pub') ? file : `${file}.pub`));
    return parsed instanceof Error ? undefined : parsed.getPublicSSH();
  } catch {
    return undefined;
  }
}
