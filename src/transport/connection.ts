import type { Duplex } from 'node:stream';
import type { Channel, Link } from './channel.ts';
import { runCommand } from './command.ts';
import { effectiveIdentity } from './identity.ts';
import { LanePool } from './lanes.ts';
import { ChannelRoom } from './room.ts';
import type { Starter } from './start.ts';
import type { Connection, Identity, Lane, Progress, RunningCommand, Target } from './types.ts';

/** Sessions used at once until the server says that it wants fewer; sshd allows 10, and one is left for a rescue. */
const MOST_CHANNELS = 8;
/** A slow PAM stack or login script may take this long to let a shell come up, in milliseconds. */
const SLOWEST_START_MS = 30_000;
/** How long closing waits for shells to delete their folders, in milliseconds. */
const FAREWELL_MS = 2000;

/** How files get to a host and back. */
export interface FileTransfer {
  upload: Connection['upload'];
  download: Connection['download'];
}

/** One host's connection over any link. */
export class HostConnection implements Connection {
  readonly host: string;
  readonly folder: string | undefined;
  readonly lost: Promise<Error>;
  private readonly link: Link;
  private readonly starter: Starter;
  private readonly lanes: LanePool;
  private readonly files: FileTransfer;
  private closing: Promise<void> | undefined;

  constructor(
    target: Target,
    link: Link,
    files: (connection: Connection, room: ChannelRoom) => FileTransfer,
  ) {
    this.host = target.name;
    this.folder = link.folder;
    this.link = link;
    this.lost = link.lost;
    const room = new ChannelRoom(target.name, MOST_CHANNELS);
    this.starter = {
      host: target.name,
      shell: target.shell ?? '/bin/sh',
      startTimeoutMs: Math.max(target.connectTimeoutMs, SLOWEST_START_MS),
      open: (command: string, pty: boolean): Promise<Channel> =>
        room.open(
          () => link.open(command, pty),
          (channel) => channel.ended,
        ),
    };
    this.files = files(this, room);
    this.lanes = new LanePool(this.starter, link.user, target.prelude, () => room.idle());
    room.mayAsk(() => this.lanes.evict());
  }

  lane(identity: Identity): Promise<Lane> {
    return this.lanes.lane(identity);
  }

  exec(script: string, identity: Identity): Promise<RunningCommand> {
    return runCommand(this.starter, script, effectiveIdentity(identity, this.link.user));
  }

  upload(
    source: Uint8Array | { readonly file: string },
    path: string,
    options?: { readonly mode?: number; readonly progress?: Progress },
  ): Promise<void> {
    return this.files.upload(source, path, options);
  }

  download(
    path: string,
    options?: { readonly maxBytes?: number; readonly progress?: Progress },
  ): Promise<Buffer> {
    return this.files.download(path, options);
  }

  forward(host: string, port: number): Promise<Duplex> {
    return this.link.forward(host, port);
  }

  leaveUser(user: string): Promise<void> {
    return this.lanes.leaveUser(user);
  }

  interrupt(): void {
    this.lanes.interrupt();
  }

  close(): Promise<void> {
    this.closing ??= this.leave();
    return this.closing;
  }

  private async leave(): Promise<void> {
    const { promise: late, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, FAREWELL_MS);
    await Promise.race([this.lanes.close(), late, this.lost]);
    clearTimeout(timer);
    await this.link.close();
  }
}
