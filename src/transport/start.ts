/** Starts a runtime as an identity and answers the password prompt, up to the runtime's own greeting. */
import { randomBytes } from 'node:crypto';
import { CutoverError } from '../errors/index.ts';
import type { Channel } from './channel.ts';
import {
  describeIdentity,
  type Start,
  startCommand,
  startError,
  wantsTerminal,
  wrongPassword,
} from './identity.ts';
import type { Identity } from './types.ts';

/** Where and how runtimes are started on one host. */
export interface Starter {
  readonly host: string;
  readonly shell: string;
  readonly startTimeoutMs: number;
  open(command: string, pty: boolean): Promise<Channel>;
}

/** Told about a piece of output. */
export type OnChunk = (chunk: Buffer, channel: Channel) => void;

/** Gives a random word for a shell's arguments or guard: 128 bits, letters and digits. */
export function randomWord(): string {
  return randomBytes(16).toString('hex');
}

/**
 * Opens a channel that runs the runtime as the identity. `onOutput` gets every byte of standard output from the first on,
 * the greeting included, and `onError` those of standard error. Resolves after the greeting. Throws CutoverError `escalate`, `connect`, `timeout`.
 */
export async function startRuntime(
  starter: Starter,
  identity: Identity,
  runtime: string,
  sync: string,
  onOutput: OnChunk,
  onError?: OnChunk,
): Promise<Channel> {
  const plain = startCommand(identity, runtime, sync, starter.shell, false);
  try {
    return await startOnce(starter, identity, plain, sync, onOutput, onError);
  } catch (error) {
    if (!(error instanceof TerminalWanted)) throw error;
  }
  const withPty = startCommand(identity, runtime, sync, starter.shell, true);
  return await startOnce(starter, identity, withPty, sync, onOutput, onError);
}

class TerminalWanted extends Error {}

async function startOnce(
  starter: Starter,
  identity: Identity,
  start: Start,
  sync: string,
  onOutput: OnChunk,
  onError?: OnChunk,
): Promise<Channel> {
  const channel = await starter.open(start.command, start.pty);
  let heard = '';
  let asked = 0;
  const greeting = new RegExp(`${sync} ready [^\\n]*\\n`);
  return await new Promise<Channel>((resolve, reject) => {
    let done = false;
    const finish = (error?: Error) => {
      if (done) return;
      done = true;
      clearTimeout(timer);
      if (error === undefined) return resolve(channel);
      channel.destroy();
      reject(error);
    };
    const listen = (chunk: Buffer) => {
      heard = (heard + chunk.toString('latin1')).slice(-16_384);
      // A terminal echoes what is typed, and `heard` ends up in messages.
      if (identity.password) heard = heard.replaceAll(identity.password, '********');
      if (start.prompt === undefined) return;
      const prompts = heard.match(start.prompt)?.length ?? 0;
      if (prompts > 1) return finish(wrongPassword(starter.host, identity));
      if (prompts === 1 && asked === 0) {
        asked = 1;
        channel.stdin.write(`${identity.password}\n`);
      }
    };
    const timer = setTimeout(() => {
      const said = heard.trim().split('\n').at(-1);
      const what = `no shell for ${describeIdentity(identity)} within ${starter.startTimeoutMs / 1000} s`;
      finish(
        new CutoverError('timeout', `${what}${said ? `; last output: ${said}` : ''}`, {
          host: starter.host,
          hint: 'a login script or PAM may wait for input',
        }),
      );
    }, starter.startTimeoutMs);
    channel.stdin.on('error', () => {});
    channel.stdout.on('data', (chunk: Buffer) => {
      if (!done) listen(chunk);
      onOutput(chunk, channel);
      if (!done && greeting.test(heard)) finish();
    });
    channel.stderr.on('data', (chunk: Buffer) => {
      if (!done) listen(chunk);
      onError?.(chunk, channel);
    });
    void channel.ended.then((ending) => {
      if (!start.pty && wantsTerminal(heard)) return finish(new TerminalWanted());
      if (asked > 0 && /try again|failure|incorrect|failed/i.test(heard))
        return finish(wrongPassword(starter.host, identity));
      finish(startError(starter.host, identity, heard, ending.code));
    });
  });
}
