import { randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { CutoverError } from '../errors/index.ts';
import type { FrameResult, Progress } from '../transport/index.ts';
import type { Upload } from './frame.ts';
import { quote } from './shell.ts';
import type { Session } from './types.ts';

/** Frames carry at most this much of a large file when it cannot be uploaded as the login user (bytes). */
const CHUNK_BYTES = 1024 * 1024;

/**
 * Gives the shell assignment of `co_state`: the folder on the host where journal and before-images are kept. Accounts of
 * services often have a home that is not there or not theirs: theirs is in /var/tmp, unless somebody else has taken the name.
 */
export function stateFolder(session: Session): string {
  if (session.stateDir !== undefined) return `co_state=${quote(session.stateDir)}`;
  if (session.lane.uid === 0) return 'co_state=/var/lib/cutover';
  // Under sudo HOME may still be the login user's: then the account's own home counts.
  const home = /^[A-Za-z0-9._-]+$/.test(session.lane.user) ? `~${session.lane.user}` : '$HOME';
  return `if [ -O "$HOME" ]; then co_home=$HOME; else co_home=${home}; fi
co_state=$co_home/.local/state/cutover
if [ ! -w "$co_state" ] && [ ! -w "$co_home" ]; then
co_state=/var/tmp/cutover-$(id -u)
if [ -L "$co_state" ] || { [ -e "$co_state" ] && [ ! -O "$co_state" ]; }; then echo "$co_state belongs to somebody else" >&2; co_state=/dev/null; fi
fi`;
}

/** Gives a new path for something that is on the host only while a frame needs it. */
export function stagePath(session: Session): string {
  return `${session.lane.folder}/up-${randomBytes(8).toString('hex')}`;
}

/** Runs a short script of this room. Throws what the lane throws, and CutoverError('command') when it ends with an error. */
export async function runScript(
  session: Session,
  lines: readonly string[],
  payload?: Uint8Array,
): Promise<FrameResult> {
  const result = await session.lane.run({ script: lines.join('\n'), ...(payload && { payload }) });
  if (result.code === 0) return result;
  throw new CutoverError(
    'command',
    complaint(result.stderr) ?? `the host answered with code ${result.code}`,
    {
      host: session.connection.host,
    },
  );
}

/** Brings large contents to where the frame's script expects them, readable by the lane's identity. Throws CutoverError('transfer'). */
export async function bringUploads(
  session: Session,
  uploads: readonly Upload[],
  shown: string,
): Promise<void> {
  for (const upload of uploads) {
    const login = await session.connection.lane({ method: 'none' });
    const progress = (done: number, total: number) => session.progress?.(shown, done, total);
    if (login.uid === session.lane.uid) {
      await session.connection.upload(upload.source, upload.path, { mode: 0o600, progress });
    } else if (session.lane.uid === 0) {
      const middle = `${login.folder}/up-${randomBytes(8).toString('hex')}`;
      await session.connection.upload(upload.source, middle, { mode: 0o600, progress });
      await runScript(session, [`mv -f ${quote(middle)} ${quote(upload.path)}`]);
    } else await pushThroughLane(session, upload, progress);
  }
}

/** Another unprivileged user cannot read what the login user uploads, so the bytes go through the lane itself. */
async function pushThroughLane(session: Session, upload: Upload, progress: Progress): Promise<void> {
  const path = quote(upload.path);
  await runScript(session, [`umask 077; : >${path}`]);
  let done = 0;
  const pending: Promise<unknown>[] = [];
  for await (const chunk of chunks(upload)) {
    const append = runScript(session, [`cat "$payload" >>${path}`], chunk).then(() => {
      done += chunk.length;
      progress(done, upload.size);
    });
    append.catch(() => {});
    pending.push(append);
    if (pending.length >= 4) await pending.shift();
  }
  await Promise.all(pending);
}

async function* chunks(upload: Upload): AsyncGenerator<Uint8Array> {
  if ('file' in upload.source) {
    yield* createReadStream(upload.source.file, { highWaterMark: CHUNK_BYTES }) as AsyncIterable<Buffer>;
    return;
  }
  for (let at = 0; at < upload.source.length; at += CHUNK_BYTES)
    yield upload.source.subarray(at, at + CHUNK_BYTES);
}

/** Gives what a person should read of an error output, on one line; undefined when it is empty. */
export function complaint(stderr: Buffer): string | undefined {
  const lines = stderr
    .toString()
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  if (lines.length === 0) return undefined;
  const text = lines.join('; ').replace(/No space left on device/g, 'no space left on device');
  return text.length > 500 ? `${text.slice(0, 499)}…` : text;
}

/** Gives where a command starts that names no folder; undefined: where the login shell starts. */
export function startFolder({ connection, folder }: Session): string | undefined {
  return connection.folder === undefined ? undefined : (folder ?? connection.folder);
}
