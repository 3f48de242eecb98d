import type { PlayContext } from '../context.ts';

/** What a batch begins with; without more, it is the play's only one, and nobody was prompted. */
export type BatchStart = Pick<PlayContext, 'run' | 'playbook' | 'play' | 'includes' | 'allHosts'> &
  Partial<Pick<PlayContext, 'batch' | 'batchIndex' | 'batchSize' | 'prompted'>>;

/** What the tasks of a batch share, before the first of them. */
export function newBatch(start: BatchStart): PlayContext {
  return {
    batch: start.allHosts,
    batchIndex: 0,
    prompted: {},
    varsFiles: new Map(),
    handlers: [...start.play.handlers],
    exposed: [],
    once: new Map(),
    metas: new Map(),
    abort: { reason: undefined, endPlay: false, endBatch: false },
    announced: new Set(),
    ...start,
  };
}
