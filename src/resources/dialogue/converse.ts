import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { asCutoverError } from '../../errors/index.ts';
import type { RunningCommand } from '../../transport/index.ts';
import { quote } from '../shell.ts';
import type { CommandSpec, Dialogue } from '../specs.ts';
import type { Session } from '../types.ts';
import { Replies } from './replies.ts';

const DRIVER = readFileSync(new URL('driver.sh', import.meta.url), 'utf8');
const PUMP = readFileSync(new URL('pump.sh', import.meta.url), 'utf8');

/** Programs may ask for a password first and hide what is typed then: nobody types as fast as we could. */
const PAUSE_MS = 50;

/** How a conversation ended when not by itself: nobody spoke for too long, or a question had no answer left. */
export interface CutShort {
  readonly timedOut?: true;
  readonly unanswered?: string;
}

/**
 * Runs a command that asks questions: `run` runs what stands in for it in the lane, journaled as ever, while a channel beside
 * carries what is said. Throws what opening the channel throws.
 */
export async function converse<Outcome>(
  session: Session,
  spec: CommandSpec & { readonly dialogue: Dialogue },
  run: (driver: CommandSpec) => Promise<Outcome>,
): Promise<{ readonly outcome: Outcome; readonly cutShort: CutShort }> {
  const folder = `${session.lane.folder}/talk-${randomBytes(6).toString('hex')}`;
  const pump = await session.connection.exec(
    `folder=${quote(folder)}\n${PUMP}`,
    session.identity ?? { method: 'none' },
  );
  const talk = new Talk(pump, spec.dialogue);
  try {
    await talk.ready;
    const { argv = [], dialogue, ...rest } = spec;
    const words = quote(argv.map(quote).join(' '));
    const script = `folder=${quote(folder)} quiet=${dialogue.echo ? '' : 1} words=${words}\n${DRIVER}`;
    return { outcome: await run({ ...rest, script }), cutShort: talk.cutShort };
  } finally {
    await talk.end();
  }
}

/** One side of the conversation: hears, answers, and loses patience. */
class Talk {
  cutShort: CutShort = {};
  /** Resolves when the pipes are there. */
  readonly ready: Promise<void>;
  private readonly replies: Replies;
  private readonly decoder = new TextDecoder();
  private patience: NodeJS.Timeout | undefined;
  private readonly pump: RunningCommand;
  private readonly timeoutMs: number | undefined;

  constructor(pump: RunningCommand, dialogue: Dialogue) {
    this.pump = pump;
    this.replies = new Replies(dialogue);
    this.timeoutMs = dialogue.timeoutMs;
    pump.stdin.on('error', () => {});
    pump.stderr.resume();
    this.ready = this.listen();
  }

  private listen(): Promise<void> {
    let greeting: string | undefined = '';
    return new Promise((ready, fail) => {
      this.pump.stdout.on('data', (chunk: Buffer) => {
        let text = this.decoder.decode(chunk, { stream: true });
        if (greeting !== undefined) {
          greeting += text;
          if (!greeting.startsWith('ready\n')) return;
          text = greeting.slice('ready\n'.length);
          greeting = undefined;
          this.wait();
          ready();
        }
        this.hear(text);
      });
      this.pump.stdout.on('end', () => fail(new Error('the target cannot make pipes (mkfifo)')));
    });
  }

  private hear(text: string): void {
    this.replies.hear(text);
    try {
      for (let turn = this.replies.next(); turn; turn = this.replies.next()) {
        if ('missing' in turn) {
          this.stop({ unanswered: turn.missing });
          return;
        }
        this.wait();
        this.type(turn.type);
      }
    } catch (thrown) {
      this.stop({ unanswered: asCutoverError(thrown).message });
    }
  }

  private type(text: string): void {
    setTimeout(() => {
      if (this.pump.stdin.writable) this.pump.stdin.write(text);
    }, PAUSE_MS);
  }

  /** Each question has the whole time. */
  private wait(): void {
    clearTimeout(this.patience);
    if (this.timeoutMs !== undefined)
      this.patience = setTimeout(() => this.stop({ timedOut: true }), this.timeoutMs);
  }

  private stop(why: CutShort): void {
    this.cutShort = why;
    clearTimeout(this.patience);
    this.pump.stdin.end();
  }

  /** Leaves nothing behind on the host. Never throws. */
  async end(): Promise<void> {
    clearTimeout(this.patience);
    this.pump.stdin.end();
    await this.pump.kill(0).catch(() => {});
  }
}
