import type { Duplex, Readable, Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';

/** How a process ended. A signal comes without a code of its own; `code` is then 128 plus its number where known, else 255. */
export interface Ending {
  readonly code: number;
  readonly signal?: string;
}

/** One process on the host, or here, with its streams. */
export interface Channel {
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** Resolves when the process ended and its output came through, or when the connection died; never rejects. */
  readonly ended: Promise<Ending>;
  /** Asks for a signal to the whole process group, where the other side supports it. Never throws. */
  signal(name: 'TERM' | 'KILL'): void;
  destroy(): void;
}

/** What SSH and local connections differ in. */
export interface Link {
  /** The login user's name. */
  readonly user: string;
  /** Where it goes, for messages: `10.0.0.5:22`. */
  readonly place: string;
  /** Where commands start that name no folder, when it is not where the login shell starts. */
  readonly folder?: string;
  /** Starts a command through the login shell. Rejects with NoRoom when the server takes no more sessions now. */
  open(command: string, pty: boolean): Promise<Channel>;
  forward(host: string, port: number): Promise<Duplex>;
  /** Resolves with the reason when the link died or was closed; never rejects. */
  readonly lost: Promise<Error>;
  close(): Promise<void>;
}

/** The server refused one more channel on this connection: wait until another one ends (sshd's MaxSessions). */
export class NoRoom extends Error {}

/** After a process ended, its output is over when nothing came for so long, in milliseconds. */
const SILENCE_MS = 1000;

/** Resolves when what had already come was read, or nobody read it for a while: a channel can be closed before the first reader is there. */
export async function cameThrough(streams: readonly Readable[]): Promise<void> {
  const waiting = () => streams.some((stream) => stream.readableLength > 0 && !stream.destroyed);
  for (const until = Date.now() + SILENCE_MS; waiting() && Date.now() < until; ) await sleep(2);
}

/** Closes the output streams of a process that ended, once they are silent: a daemon that it left behind may hold them open for ever. */
export function letGoWhenSilent(streams: readonly Readable[], isOver: () => boolean): void {
  let moved = true;
  const note = () => {
    moved = true;
  };
  // Listening starts the flow: whoever reads it must be there first, or what has come by then is lost.
  const heard = new Set<Readable>();
  const listen = () => {
    for (const stream of streams) {
      if (stream.readableFlowing !== true || heard.has(stream)) continue;
      heard.add(stream.on('data', note));
      moved = true;
    }
  };
  listen();
  const timer = setInterval(() => {
    listen();
    const held = streams.some((stream) => stream.readableLength > 0 || stream.isPaused());
    if (!isOver() && (moved || held)) {
      moved = false;
      return;
    }
    clearInterval(timer);
    for (const stream of streams) {
      stream.off('data', note);
      stream.destroy();
    }
  }, SILENCE_MS);
  timer.unref();
  for (const stream of streams)
    stream.once('close', () => streams.every((other) => other.closed) && clearInterval(timer));
}
