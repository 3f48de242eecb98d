/** Connections to hosts: SSH and local; framed lanes, transfers, forwards. */
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
