/** The kinds of things on a host that Cutover can probe, change and restore. */
export type { Change, ChangeOutcome, Diff, Observed, Probe, Resource, Session, UndoKind } from './types.ts';
