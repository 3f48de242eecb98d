import { asCutoverError, type CutoverError } from '../errors/index.ts';
import type { UserDetail } from './account/detail.ts';
import { buildFrame } from './change-frame.ts';
import type { CommandDetail } from './command/change.ts';
import { converse } from './dialogue/converse.ts';
import type { FileDetail } from './file/detail.ts';
import { FrameBuilder } from './frame.ts';
import { sendChange } from './http/send.ts';
import { readJournal } from './journal/read.ts';
import { allFailed, type Numbered, readOutcomes } from './outcome.ts';
import { bringUploads, complaint, stagePath } from './session.ts';
import type { CommandSpec, Dialogue } from './specs.ts';
import type { Archive } from './tree/archive.ts';
import type { Change, ChangeOutcome, Session } from './types.ts';

/** A frame stays below this many inline bytes, so that a long loop does not arrive as one lump. */
const FRAME_BYTES = 1024 * 1024;

/** Hosts (by connection) and the runs whose undo.sh they have. */
const equipped = new WeakMap<object, Set<string>>();

/**
 * Makes changes in order and stops at the first that is not done; those behind it are `not-run`. Small ones share a frame.
 * A lost link gives `unknown` for what was in flight. Throws when `session.arm` does, never for what happens on the host.
 */
export async function applyChanges(session: Session, changes: readonly Change[]): Promise<ChangeOutcome[]> {
  if (changes.length === 0) return [];
  const numbered = changes.map((change) => ({ change, seq: session.nextSeq() }));
  await session.arm(numbered);
  const outcomes: ChangeOutcome[] = [];
  for (const group of framesOf(numbered)) {
    const stopped = outcomes.some(({ status }) => status !== 'done');
    if (stopped) outcomes.push(...group.map(({ change }): ChangeOutcome => ({ change, status: 'not-run' })));
    else outcomes.push(...(await withFollowing(session, await applyGroup(session, group))));
  }
  return outcomes;
}

/** Makes the changes that the last outcome gives reason to. */
async function withFollowing(session: Session, outcomes: ChangeOutcome[]): Promise<ChangeOutcome[]> {
  const { change, status, result = {} } = outcomes.at(-1)!;
  if (status !== 'done' || !change.following) return outcomes;
  return [...outcomes, ...(await applyChanges(session, change.following(result)))];
}

/** Requests are made by the controller, and it talks to programs that ask; everything else is work for frames. */
const standsAlone = ({ change }: Numbered): boolean =>
  change.resource === 'http' || asks(change) !== undefined;

function framesOf(numbered: readonly Numbered[]): Numbered[][] {
  const groups: Numbered[][] = [];
  let bytes = 0;
  for (const entry of numbered) {
    const size = inlineSize(entry.change);
    const last = groups.at(-1);
    const alone = standsAlone(entry) || (last !== undefined && standsAlone(last[0]!));
    if (last && !alone && bytes + size <= FRAME_BYTES) {
      last.push(entry);
      bytes += size;
    } else {
      groups.push([entry]);
      bytes = size;
    }
  }
  return groups;
}

function inlineSize(change: Change): number {
  if (change.resource === 'file') return (change.detail as FileDetail).content?.size ?? 0;
  return change.resource === 'tree' ? FRAME_BYTES : 1000;
}

async function applyGroup(session: Session, group: readonly Numbered[]): Promise<ChangeOutcome[]> {
  const first = group[0]!;
  if (first.change.resource === 'http') return [await sendChange(session, first)];
  const talk = asks(first.change);
  if (talk) return [await talkTo(session, first, talk)];
  const archives: Archive[] = [];
  try {
    const builder = new FrameBuilder(() => stagePath(session));
    const script = await buildFrame(session, group, builder, archives, !isEquipped(session));
    await bringUploads(session, builder.uploads, first.change.summary);
    await leaveAccounts(session, group);
    return await runGroup(session, group, script, builder.payload);
  } catch (thrown) {
    const error = asCutoverError(thrown, 'transfer');
    if (error.kind === 'internal') throw error;
    return allFailed(group, error.message);
  } finally {
    await Promise.all(archives.map((archive) => archive.remove()));
  }
}

/** An account that is in use cannot be deleted, nor get another number or home: our own shells are no use of it. */
async function leaveAccounts({ connection }: Session, group: readonly Numbered[]): Promise<void> {
  const accounts = group.flatMap(({ change: { resource, detail } }) =>
    resource === 'user' && (detail as UserDetail).action !== 'create' ? [(detail as UserDetail).name] : [],
  );
  await Promise.all(accounts.map((name) => connection.leaveUser(name)));
}

type Talk = CommandSpec & { readonly dialogue: Dialogue };

/** The command of a change that asks questions. */
function asks({ resource, detail }: Change): Talk | undefined {
  const { spec } = detail as CommandDetail;
  return resource === 'command' && spec.dialogue !== undefined ? (spec as Talk) : undefined;
}

async function talkTo(session: Session, { change, seq }: Numbered, spec: Talk): Promise<ChangeOutcome> {
  const run = async (driver: CommandSpec): Promise<ChangeOutcome> => {
    const [outcome] = await applyGroup(session, [{ change: { ...change, detail: { spec: driver } }, seq }]);
    return outcome!;
  };
  try {
    const { outcome, cutShort } = await converse(session, spec, run);
    return { ...outcome, change, ...(outcome.result && { result: { ...outcome.result, ...cutShort } }) };
  } catch (thrown) {
    return { change, seq, status: 'failed', message: asCutoverError(thrown, 'command').message };
  }
}

async function runGroup(
  session: Session,
  group: readonly Numbered[],
  script: string,
  payload: Uint8Array | undefined,
): Promise<ChangeOutcome[]> {
  const { timeoutMs } = session;
  try {
    const result = await session.lane.run({
      script,
      ...(payload && { payload }),
      ...(timeoutMs && { timeoutMs }),
    });
    markEquipped(session);
    return readOutcomes(group, result.stdout, complaint(result.stderr));
  } catch (thrown) {
    const error = asCutoverError(thrown, 'command');
    if (error.kind === 'timeout' || error.kind === 'interrupted') return afterEnding(session, group, error);
    if (error.kind !== 'lost') return allFailed(group, error.message);
    return group.map(({ change, seq }) => ({ change, seq, status: 'unknown', message: error.message }));
  }
}

/** The frame was ended in the middle of something: the journal tells how far it came. */
async function afterEnding(
  session: Session,
  group: readonly Numbered[],
  error: CutoverError,
): Promise<ChangeOutcome[]> {
  const entries = await readJournal(session, session.run).catch(() => undefined);
  const { message, kind } = error;
  if (!entries) return group.map(({ change, seq }) => ({ change, seq, status: 'unknown', message }));
  let ended = false;
  return group.map(({ change, seq }): ChangeOutcome => {
    const entry = entries.find((candidate) => candidate.seq === seq);
    if (entry?.after !== undefined) return { change, seq, status: 'done' };
    if (ended) return { change, status: 'not-run' };
    ended = true;
    return { change, seq, status: 'failed', message, kind };
  });
}

const equipmentKey = (session: Session) => `${session.stateDir ?? session.lane.uid} ${session.run}`;

function isEquipped(session: Session): boolean {
  return equipped.get(session.connection)?.has(equipmentKey(session)) ?? false;
}

function markEquipped(session: Session): void {
  const known = equipped.get(session.connection) ?? new Set<string>();
  equipped.set(session.connection, known.add(equipmentKey(session)));
}
