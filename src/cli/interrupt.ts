import type { Interrupt } from '../engine/index.ts';

/** A terminal that goes away (SIGHUP) must not tear a run apart either. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Listens to Ctrl-C: first stop starting, then end what runs, then leave. */
export function watchInterrupts(): Interrupt & { done(): void } {
  const stop = new AbortController();
  const kill = new AbortController();
  let times = 0;
  const onSignal = () => {
    times++;
    if (times === 1) {
      process.stderr.write('\nstopping: what is in flight may finish; press Ctrl-C again to end it\n');
      stop.abort();
    } else if (times === 2) {
      process.stderr.write('\nending what runs on the hosts; press Ctrl-C again to leave at once\n');
      kill.abort();
    } else {
      process.exit(99);
    }
  };
  for (const signal of SIGNALS) process.on(signal, onSignal);
  return {
    stop: stop.signal,
    kill: kill.signal,
    done: () => {
      for (const signal of SIGNALS) process.off(signal, onSignal);
    },
  };
}
