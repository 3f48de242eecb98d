import { asCutoverError } from '../../errors/index.ts';
import type { Numbered } from '../outcome.ts';
import { runScript, stateFolder } from '../session.ts';
import { escapeField, quote } from '../shell.ts';
import type { HttpSpec } from '../specs.ts';
import type { ChangeOutcome, Session } from '../types.ts';
import { request } from './request.ts';

/** Makes a request that is a change: journal, request, journal. The outcome's result is the HttpReply; judging it is the module's work. */
export async function sendChange(session: Session, { change, seq }: Numbered): Promise<ChangeOutcome> {
  const journal = (lines: readonly string[]) =>
    runScript(session, [
      stateFolder(session),
      `co_begin "$co_state" ${quote(session.run)} || exit 1`,
      'co_new',
      `co_s=${seq}`,
      ...lines,
      'co_end',
    ]);
  try {
    await journal([
      `co_r=http co_q=- co_u=${change.undo} co_k=${escapeField(change.key)} co_before=http co_mtime=- co_a=http`,
      'co_B || exit 1',
    ]);
  } catch (thrown) {
    return { change, seq, status: 'failed', message: asCutoverError(thrown).message };
  }
  try {
    const reply = await request(session, change.detail as HttpSpec);
    await journal([`co_log C ${seq} "$co_now" http,${reply.status}`]);
    return { change, seq, status: 'done', result: { ...reply } };
  } catch (thrown) {
    const error = asCutoverError(thrown, 'lost');
    return { change, seq, status: error.kind === 'lost' ? 'unknown' : 'failed', message: error.message };
  }
}
