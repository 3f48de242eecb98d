/** What tasks about files give to `register`, and the copy that `backup: yes` keeps. */
import { join } from 'node:path';
import type { Change, ChangeOutcome, FileContent, FileState, Probe } from '../resources/index.ts';
import { isUnknown } from '../values/index.ts';
import type { Effect, PlanContext } from './types.ts';

/** Gives owner, group, mode, size and state as Ansible's results name them. */
export function fileFacts(state: FileState): Record<string, unknown> {
  if (state.type === 'absent') return { state: 'absent' };
  const facts = {
    state: state.type === 'file' && (state.links ?? 1) > 1 ? 'hard' : STATES[state.type],
    owner: state.owner,
    group: state.group,
    uid: state.uid,
    gid: state.gid,
    // One zero before whatever follows: 01777.
    mode: state.mode === undefined ? undefined : `0${state.mode.toString(8).padStart(3, '0')}`,
    size: state.size,
  };
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined));
}

/** The planned state corrected by what the host said of the path after the last change of it. */
export function settled<State extends FileState>(planned: State, outcomes: readonly ChangeOutcome[]): State {
  const path = planned.realPath ?? planned.path;
  const after = outcomes.findLast(({ change }) => change.key === `file:${path}`)?.result?.after;
  return after === undefined ? planned : { ...planned, ...(after as Partial<State>) };
}

const STATES: Readonly<Record<FileState['type'], string>> = {
  absent: 'absent',
  file: 'file',
  directory: 'directory',
  link: 'link',
  other: 'file',
};

/** Gives the state that holds after the changes: the last one predicted for this probe, else the one before. */
export function afterChanges<State>(changes: readonly Change[], probe: Probe<State>, before: State): State {
  const predicted = changes
    .map((change) => change.predicts?.get(probe.key))
    .findLast((state) => state !== undefined);
  return (predicted as State | undefined) ?? before;
}

/**
 * Lets what is predicted for the file behind a link be seen through the link too: a later task of a dry run asks for the
 * same name again.
 */
export function seenThroughLink(changes: readonly Change[], before: FileState): Change[] {
  const { path, realPath } = before;
  if (realPath === undefined || realPath === path) return [...changes];
  return changes.map((change) => {
    const predicts = new Map(change.predicts);
    for (const [key, state] of change.predicts ?? []) {
      const [, kind, flags] = /^(file|content):(.*)$/s.exec(key) ?? [];
      if (!flags?.startsWith(`${realPath}?follow`)) continue;
      const seen = isUnknown(state) ? state : { ...(state as FileState), path, realPath };
      predicts.set(`${kind}:${path}${flags.slice(realPath.length)}`, seen);
    }
    return { ...change, predicts };
  });
}

/** What became of a wish for a backup. */
export interface Backup {
  readonly effects: readonly Effect[];
  readonly result: Readonly<Record<string, unknown>>;
  readonly warnings: readonly string[];
}

const NO_BACKUP: Backup = { effects: [], result: {}, warnings: [] };

/**
 * Keeps the file as it was before in the run's own folder on the controller, named by path and content, so that several
 * tasks may keep several versions. Nothing is written in check mode.
 */
export function backupOf(context: PlanContext, before: FileContent, wanted: boolean): Backup {
  if (!wanted || before.type !== 'file') return NO_BACKUP;
  if (!before.bytes || before.truncated) {
    return {
      ...NO_BACKUP,
      warnings: [
        `${before.path} is too large for a backup on the controller: its before-image stays on the host`,
      ],
    };
  }
  const version = before.sha256?.slice(0, 12) ?? String(context.startedAt);
  const host = context.host.replaceAll('/', '_');
  const path = join(context.runFolder, 'backups', host, `${before.realPath ?? before.path}.${version}`);
  const effects: Effect[] = context.checkMode ? [] : [{ kind: 'write-local', path, bytes: before.bytes }];
  return { effects, result: { backup_file: path }, warnings: [] };
}
