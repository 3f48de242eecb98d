/**
 * The bytes between a lane and its host.
 *
 *     in:   <id> lines|bytes <size> <payload bytes> <flags>   script   payload   end <id>
 *           leave (keeping the folder), or quit
 *     out:  <token> <id> <exit code> <size> <size>   stdout   stderr
 *           <token> <id> nospool
 *
 * Lengths make it binary safe; the random token, which only the two ends know, makes it safe against output that looks like it.
 */
import type { FrameResult } from './types.ts';

/** A script up to this size travels as lines: the shell reads them without starting a process, a system call per byte. */
const LINES_LIMIT = 3000;

/** What a frame asks of the loop beside running: `prelude` evaluates in the lane's own shell, `sweep` deletes old spool files. */
export interface FrameFlags {
  readonly prelude?: boolean;
  readonly sweep?: boolean;
}

/** Gives the bytes of one request. Throws RangeError when the script holds a NUL byte, which no shell can take. */
export function encodeFrame(
  id: number,
  script: string,
  payload: Uint8Array | undefined,
  flags: FrameFlags,
): Buffer {
  if (script.includes('\0')) throw new RangeError('a script for the shell cannot hold a NUL byte');
  const body = encodeBody(script);
  const letters = `${flags.prelude ? 'p' : ''}${flags.sweep ? 'c' : ''}` || '-';
  const header = Buffer.from(`${id} ${body.form} ${body.size} ${payload?.byteLength ?? 0} ${letters}\n`);
  return Buffer.concat([header, body.bytes, payload ?? new Uint8Array(), Buffer.from(`end ${id}\n`)]);
}

/** Gives what starts a command in a channel of its own; its standard input follows. */
export function encodeCommand(script: string): Buffer {
  if (script.includes('\0')) throw new RangeError('a script for the shell cannot hold a NUL byte');
  const body = encodeBody(script);
  return Buffer.concat([Buffer.from(`${body.form} ${body.size}\n`), body.bytes, Buffer.from('end\n')]);
}

function encodeBody(script: string): { form: 'lines' | 'bytes'; size: number; bytes: Buffer } {
  const text = script.endsWith('\n') ? script : `${script}\n`;
  const bytes = Buffer.from(text);
  if (bytes.length > LINES_LIMIT) return { form: 'bytes', size: bytes.length, bytes };
  return { form: 'lines', size: text.split('\n').length - 1, bytes };
}

/** What a lane says of itself when its shell is up. */
export interface LaneHello {
  readonly folder: string;
  readonly user: string;
  readonly uid: number;
}

/**
 * Told what came out of a lane. `unusable`: the host could not even create the output
 * files of the frame. `garbled`: something else wrote into the channel, and nothing after it can be trusted.
 */
export interface LaneEvents {
  hello(hello: LaneHello): void;
  answer(id: number, result: FrameResult): void;
  unusable(id: number): void;
  garbled(line: string): void;
}

/** A request of the reading coroutine: one line, or so many bytes. */
type Need = 'line' | number;

/** Takes a lane's output as it arrives, in any pieces. */
export class LaneReader {
  private pieces: Buffer[] = [];
  private size = 0;
  private need: Need;
  private readonly steps: Generator<Need, void, Buffer>;

  constructor(sync: string, token: string, events: LaneEvents) {
    this.steps = readLane(sync, token, events);
    this.need = this.steps.next().value as Need;
  }

  push(chunk: Buffer): void {
    this.pieces.push(chunk);
    this.size += chunk.length;
    for (;;) {
      const taken = this.take(this.need);
      if (taken === undefined) return;
      const step = this.steps.next(taken);
      if (step.done) return;
      this.need = step.value;
    }
  }

  private take(need: Need): Buffer | undefined {
    if (typeof need === 'number') return this.size < need ? undefined : this.cut(need, need);
    const at = this.joined().indexOf(NEWLINE);
    return at < 0 ? undefined : this.cut(at, at + 1);
  }

  /** Gives the first `length` bytes and drops the first `used`. */
  private cut(length: number, used: number): Buffer {
    const all = this.joined();
    this.size -= used;
    this.pieces = this.size === 0 ? [] : [all.subarray(used)];
    return all.subarray(0, length);
  }

  private joined(): Buffer {
    if (this.pieces.length !== 1) this.pieces = [Buffer.concat(this.pieces)];
    return this.pieces[0]!;
  }
}

const NEWLINE = 0x0a;

function* readLane(sync: string, token: string, events: LaneEvents): Generator<Need, void, Buffer> {
  const greeting = `${sync} ready `;
  let line = '';
  while (!line.includes(greeting)) line = (yield 'line').toString('utf8');
  const folder = line.slice(line.indexOf(greeting) + greeting.length);
  const id = /^uid=(\d+)(?:\(([^)]*)\))?/.exec((yield 'line').toString('utf8'));
  events.hello({ folder, uid: Number(id?.[1] ?? -1), user: id?.[2] ?? id?.[1] ?? '' });
  for (;;) {
    line = (yield 'line').toString('utf8');
    const [guard, frame, code, outSize, errSize] = line.split(' ');
    if (guard !== token) return events.garbled(line);
    if (code === 'nospool') {
      events.unusable(Number(frame));
      continue;
    }
    const stdout = yield Number(outSize);
    const stderr = yield Number(errSize);
    events.answer(Number(frame), { code: Number(code), stdout, stderr });
  }
}
