import { readFileSync } from 'node:fs';
import { PassThrough } from 'node:stream';
import type { Channel } from './channel.ts';
import { encodeCommand } from './framing.ts';
import { shellQuote } from './quote.ts';
import { COMMAND_RUNTIME } from './runtime.ts';
import { type OnChunk, randomWord, type Starter, startRuntime } from './start.ts';
import type { Identity, RunningCommand } from './types.ts';

const KILL_SCRIPT = readFileSync(new URL('kill.sh', import.meta.url), 'utf8');

/** Runs a script in a channel and process group of its own; see `Connection.exec`. */
export async function runCommand(
  starter: Starter,
  script: string,
  identity: Identity,
): Promise<RunningCommand> {
  const sync = randomWord();
  let group = '';
  const stdout = new PassThrough();
  const stderr = new PassThrough();
  const channel = await startRuntime(
    starter,
    identity,
    COMMAND_RUNTIME,
    sync,
    afterGreeting(sync, stdout, 'stdout', (rest) => {
      group = rest;
    }),
    afterGreeting(sync, stderr, 'stderr', () => {}),
  );
  channel.stdin.write(encodeCommand(script));
  channel.stdout.once('end', () => stdout.end());
  channel.stderr.once('end', () => stderr.end());
  const finished = channel.ended.then((ending) => {
    stdout.end();
    stderr.end();
    return ending;
  });
  return {
    stdin: channel.stdin,
    stdout,
    stderr,
    finished,
    async kill(graceMs = 2000) {
      const tenths = Math.max(0, Math.round(graceMs / 100));
      const killer = await runCommand(starter, `_g=${group} _w=${tenths}\n${KILL_SCRIPT}`, identity);
      killer.stdout.resume();
      killer.stderr.resume();
      await killer.finished;
      await finished;
    },
  };
}

/** Ends a frame of a lane from outside. Gives false when it could not be told apart from its lane. */
export async function endFrame(
  starter: Starter,
  identity: Identity,
  folder: string,
  frame: number,
): Promise<boolean> {
  const script = `_d=${shellQuote(folder)} _i=${frame} _w=20\n${KILL_SCRIPT}`;
  const killer = await runCommand(starter, script, identity);
  killer.stdout.resume();
  killer.stderr.resume();
  return (await killer.finished).code === 0;
}

/** Passes on what follows the greeting line, and holds the channel back when the reader is slow. */
function afterGreeting(
  sync: string,
  target: PassThrough,
  stream: 'stdout' | 'stderr',
  onGreeting: (rest: string) => void,
): OnChunk {
  const mark = `${sync} ready`;
  let before: Buffer | undefined = Buffer.alloc(0);
  return (chunk: Buffer, channel: Channel) => {
    let piece = chunk;
    if (before !== undefined) {
      before = Buffer.concat([before, chunk]);
      const at = before.indexOf(mark);
      const end = at < 0 ? -1 : before.indexOf('\n', at);
      if (end < 0) return;
      onGreeting(
        before
          .subarray(at + mark.length, end)
          .toString()
          .trim(),
      );
      piece = before.subarray(end + 1);
      before = undefined;
    }
    if (piece.length === 0 || target.writableEnded || target.write(piece)) return;
    channel[stream].pause();
    target.once('drain', () => channel[stream].resume());
  };
}
