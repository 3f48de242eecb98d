/** The run store of the controller: events, frozen inputs, and what reads them back. */

export { type DueNotification, dueAfter, dueNotifications } from './due.ts';
export { maskedEvent } from './masked.ts';
export { newRunId } from './runid.ts';
export { openRunStore } from './store.ts';
export type {
  ChangeMark,
  ChangeRecord,
  CustomStats,
  DiffRecord,
  EventSink,
  FrozenInputs,
  HostStats,
  HostStatus,
  RunEvent,
  RunInfo,
  RunStatus,
  RunStore,
  RunWriter,
  TaskRef,
} from './types.ts';
