import { constants } from 'node:os';
import type { Duplex } from 'node:stream';
import type { Client, ClientChannel, SFTPWrapper } from 'ssh2';
import { CutoverError } from '../../errors/index.ts';
import { type Channel, cameThrough, type Ending, type Link, letGoWhenSilent, NoRoom } from '../channel.ts';
import type { Target } from '../types.ts';
import { dial } from './dial.ts';
import { borrowJump, type Jump } from './jump.ts';
import { type ConnectLimiter, sharedLimiter } from './limiter.ts';
import { type Hop, resolveHop } from './route.ts';

/** Settings of connecting that hosts share. */
export interface SshOptions {
  /** Default: one for the whole process. */
  readonly limiter?: ConnectLimiter;
  /** Told what the operator should know though it is no error, such as an unchecked host key. */
  readonly warn?: (message: string) => void;
}

/** An SSH connection with what transfers need beyond a link. */
export interface SshLink extends Link {
  readonly client: Client;
  readonly alive: boolean;
  /** Opens an SFTP channel. Rejects with NoRoom, or when the server has no SFTP subsystem. */
  sftp(): Promise<SFTPWrapper>;
}

/** Connects and logs in, through jump hosts when there are any. Throws as `connect` does. */
export async function openSshLink(target: Target, options: SshOptions): Promise<SshLink> {
  const hop = resolveHop(target, options.warn);
  const limiter = options.limiter ?? sharedLimiter;
  const jump = hop.jump.length === 0 ? undefined : await borrowJump(hop.jump, target, options, openSshLink);
  try {
    const client = await limiter.run(hop.address, () =>
      dial(hop, async () => jump?.link.forward(hop.address, hop.port)),
    );
    return new ClientLink(hop, client, jump);
  } catch (error) {
    jump?.giveBack();
    throw error;
  }
}

class ClientLink implements SshLink {
  readonly client: Client;
  readonly user: string;
  readonly place: string;
  readonly lost: Promise<Error>;
  private readonly hop: Hop;
  private readonly jump: Jump | undefined;
  private dead: Error | undefined;

  constructor(hop: Hop, client: Client, jump: Jump | undefined) {
    this.hop = hop;
    this.client = client;
    this.jump = jump;
    this.user = hop.user;
    this.place = `${hop.address}:${hop.port}`;
    let reason = 'the other side closed it';
    client.on('error', (error) => {
      reason = error.message;
    });
    this.lost = new Promise((resolve) => {
      client.once('close', () => {
        this.dead ??= new CutoverError('lost', `${this.place}: the connection was lost: ${reason}`, {
          host: hop.name,
        });
        this.jump?.giveBack();
        resolve(this.dead);
      });
    });
  }

  get alive(): boolean {
    return this.dead === undefined;
  }

  open(command: string, pty: boolean): Promise<Channel> {
    return new Promise((resolve, reject) => {
      const done = (error: Error | undefined, stream?: ClientChannel) => {
        if (stream !== undefined) resolve(clientChannel(stream));
        else reject(this.channelError(error!));
      };
      // A wide terminal, because prompts must not be wrapped.
      const terminal = { term: 'dumb', cols: 500, rows: 50, width: 0, height: 0 };
      try {
        this.client.exec(command, pty ? { pty: terminal } : {}, done);
      } catch (error) {
        reject(this.dead ?? error);
      }
    });
  }

  forward(host: string, port: number): Promise<Duplex> {
    return new Promise((resolve, reject) => {
      const done = (error: (Error & { reason?: number | string }) | undefined, stream?: ClientChannel) => {
        if (stream !== undefined) return resolve(stream);
        reject(this.dead ?? this.forwardError(host, port, error!));
      };
      try {
        this.client.forwardOut('127.0.0.1', 0, host, port, done);
      } catch (error) {
        reject(this.dead ?? error);
      }
    });
  }

  sftp(): Promise<SFTPWrapper> {
    return new Promise((resolve, reject) => {
      try {
        this.client.sftp((error, sftp) => (error ? reject(this.channelError(error)) : resolve(sftp)));
      } catch (error) {
        reject(this.dead ?? error);
      }
    });
  }

  async close(): Promise<void> {
    this.dead ??= new CutoverError('lost', `${this.place}: the connection was closed`, {
      host: this.hop.name,
    });
    this.client.end();
    const timer = setTimeout(() => this.client.destroy(), 1000);
    await this.lost;
    clearTimeout(timer);
  }

  private channelError(error: Error & { reason?: number | string }): Error {
    if (this.dead) return this.dead;
    // RFC 4254, 5.1: 1 prohibited, 2 connect failed (what sshd says when MaxSessions is reached), 4 resource shortage.
    if (error.reason === 2 || error.reason === 4 || /open failed/i.test(error.message))
      return new NoRoom(error.message);
    return new CutoverError('connect', `${this.place}: the server refused a channel: ${error.message}`, {
      host: this.hop.name,
      cause: error,
    });
  }

  private forwardError(
    host: string,
    port: number,
    error: Error & { reason?: number | string },
  ): CutoverError {
    const prohibited = error.reason === 1 || /prohibited/i.test(error.message);
    return prohibited
      ? new CutoverError('connect', `forwarding refused by sshd for ${host}:${port}`, {
          host: this.hop.name,
          cause: error,
          hint: 'it needs AllowTcpForwarding (and PermitOpen) in sshd_config',
        })
      : new CutoverError(
          'connect',
          `${host}:${port}, seen from the host: ${error.message.replace(/^.*failure: /, '')}`,
          {
            host: this.hop.name,
            cause: error,
          },
        );
  }
}

function clientChannel(stream: ClientChannel): Channel {
  stream.on('error', () => {});
  let closed = false;
  const ended = new Promise<Ending>((resolve) => {
    let ending: Ending = { code: 255 };
    stream.once('exit', (code: number | null, signal?: string) => {
      ending =
        signal === undefined
          ? { code: code ?? 255 }
          : { code: 128 + (constants.signals[signal as NodeJS.Signals] ?? 127), signal };
      letGoWhenSilent([stream, stream.stderr], () => closed);
    });
    stream.once('close', () => {
      closed = true;
      void cameThrough([stream, stream.stderr]).then(() => resolve(ending));
    });
  });
  return {
    stdin: stream,
    stdout: stream,
    stderr: stream.stderr,
    ended,
    signal(name) {
      try {
        stream.signal(name);
      } catch {
        // The channel is closed already.
      }
    },
    destroy: () => stream.destroy(),
  };
}
