import type { Interrupt } from '../engine/index.ts';

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
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  return {
    stop: stop.signal,
    kill: kill.signal,
    done: () => {
      process.off('SIGINT', onSignal);
      process.off('SIGTERM', onSignal);
    },
  };
}
