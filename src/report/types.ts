import type { EventSink } from '../journal/index.ts';

/** Where a report goes: standard output, a file. */
export type Write = (text: string) => void;

/** Draws what happens. It knows nothing but the events. */
export type Reporter = EventSink;
