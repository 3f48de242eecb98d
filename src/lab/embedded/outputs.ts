import type { Readable } from 'node:stream';
import type { ServerChannel } from 'ssh2';

/** The fields in which ssh2 1.17 keeps what waits for window space (Channel.js). */
interface Waiting {
  _chunk?: Buffer;
  _chunkcb?: unknown;
  _chunkErr?: Buffer;
  _chunkcbErr?: unknown;
}

/**
 * Sends a command's two outputs over its channel; resolves when both have ended and are sent.
 *
 * ssh2's server forgets standard error when both outputs wait for the client's window, and sends old standard
 * output twice when standard error waits after it. So one write at a time, and nothing stale stays behind.
 */
export async function sendOutputs(channel: ServerChannel, stdout: Readable, stderr: Readable): Promise<void> {
  let turn = Promise.resolve();
  const send = (target: NodeJS.WritableStream, chunk: Buffer) => {
    turn = turn.then(() => writeFully(target, chunk)).then(() => forgetSent(channel));
    return turn;
  };
  const pump = async (source: Readable, target: NodeJS.WritableStream) => {
    for await (const chunk of source) await send(target, chunk as Buffer);
  };
  await Promise.allSettled([pump(stdout, channel), pump(stderr, channel.stderr)]);
}

function writeFully(target: NodeJS.WritableStream, chunk: Buffer): Promise<void> {
  return new Promise((resolve, reject) =>
    target.write(chunk, (error) => (error ? reject(error) : resolve())),
  );
}

function forgetSent(channel: ServerChannel): void {
  const waiting = channel as unknown as Waiting;
  waiting._chunk = undefined;
  waiting._chunkcb = undefined;
  waiting._chunkErr = undefined;
  waiting._chunkcbErr = undefined;
}
