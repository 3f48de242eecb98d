import type { EventSink } from '../journal/index.ts';

/** Where a report goes: standard output, a file. */
export type Write = (text: string) => void;

/** Draws what happens. It knows nothing but the events. */
export type Reporter = EventSink;

/** A report that is being drawn. */
export interface OpenReport {
  readonly sink: EventSink;
  /** Resolves when everything is drawn. */
  close(): Promise<void>;
}
