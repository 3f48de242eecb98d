/** How a host leaves a list of tasks. */
export type Flow = 'next' | 'failed' | 'end-host' | 'end-play' | 'end-batch' | 'end-role' | 'stopped';
