import { setTimeout as sleep } from 'node:timers/promises';
import { CutoverError } from '../../errors/index.ts';
import { load } from '../runtime.ts';
import { runScript, stateFolder } from '../session.ts';
import { escapeField, quote, unescapeField } from '../shell.ts';
import type { Session } from '../types.ts';

/** Who takes the lock, and how patiently. */
export interface LockRequest {
  /** As another operator will read it: `ann@ops1`. */
  readonly owner: string;
  /** Milliseconds to wait for another run to end; 0 (default): do not. */
  readonly waitMs?: number;
  /** Take it from whoever holds it. */
  readonly breakLock?: boolean;
}

/** Seconds without heartbeat after which a lock is stale on hosts that cannot tell whether its process lives. */
const STALE_SECONDS = 300;
const POLL_MS = 1000;
const functions = load('lock.sh');

/**
 * Takes the host's lock for this run (one run at a time per host). A lock whose shell is gone, or of an earlier boot, is
 * taken over. Gives what was taken over or broken, if anything. Throws CutoverError('lock') that says who holds it.
 */
export async function takeLock(
  session: Session,
  { owner, waitMs = 0, breakLock = false }: LockRequest,
): Promise<{ readonly from?: string }> {
  const started = Date.now();
  let misses = 0;
  for (;;) {
    const [status, ...words] = await lockScript(
      session,
      owner,
      breakLock ? 'co_break=1; co_lock_take' : 'co_break=; co_lock_take',
    );
    if (status === 'taken') return words.length > 0 ? { from: holder(words) } : {};
    // It was given back just then.
    if (!words[0] && ++misses <= 5) continue;
    if (Date.now() - started >= waitMs) throw heldError(session, words);
    await sleep(Math.min(POLL_MS, waitMs - (Date.now() - started)));
  }
}

/** Renews the heartbeat. Throws CutoverError('lock') when somebody else has the lock by now. */
export async function refreshLock(session: Session, owner: string): Promise<void> {
  const [status, ...words] = await lockScript(session, owner, 'co_lock_refresh');
  if (status !== 'taken') throw heldError(session, words);
}

/** Gives the lock back; does nothing when it is not ours. */
export async function releaseLock(session: Session, owner: string): Promise<void> {
  await lockScript(session, owner, 'co_lock_release');
}

async function lockScript(session: Session, owner: string, call: string): Promise<string[]> {
  const { stdout } = await runScript(session, [
    functions,
    stateFolder(session),
    `co_owner=${escapeField(owner)} co_run=${quote(escapeField(session.run))} co_stale=${STALE_SECONDS}`,
    call,
  ]);
  return stdout.toString().trim().split(' ');
}

function holder([owner = '', run = '', time = '']: readonly string[]): string {
  // Power went while it was written.
  if (unescapeField(owner) === '' || !/^\d+$/.test(time)) return 'a damaged lock';
  const since = new Date(Number(time) * 1000).toISOString().replace(/\.\d+Z$/, 'Z');
  return `${unescapeField(owner)} (run ${unescapeField(run)}, last seen ${since})`;
}

function heldError(session: Session, [owner = '', run = '', , time = '0']: readonly string[]): CutoverError {
  const who = owner === '' ? 'nobody any more' : holder([owner, run, time]);
  return new CutoverError('lock', `the host is locked by ${who}`, {
    host: session.connection.host,
    hint: 'wait for that run (--wait DURATION), or take the lock with --break-lock if it is dead',
  });
}
