/** Connections to hosts: SSH and local; framed lanes, transfers, forwards. */
export { type ConnectOptions, connect } from './connect.ts';
export { shellQuote } from './quote.ts';
export { hashedKnownName, knownNamesMatch } from './ssh/known-names.ts';
export { ConnectLimiter } from './ssh/limiter.ts';
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
