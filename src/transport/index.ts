/** Connections to hosts: SSH and local; framed lanes, transfers, forwards. */
export { connect } from './connect.ts';
export { shellQuote } from './quote.ts';
export type {
  Connection,
  Frame,
  FrameResult,
  Identity,
  Lane,
  Progress,
  RunningCommand,
  Target,
} from './types.ts';
