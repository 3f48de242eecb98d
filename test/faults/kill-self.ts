/**
 * Loaded before the program (`node --import`): ends its own process with SIGKILL at an exact moment, so that a sweep is the
 * same every time. `CUTOVER_TEST_KILL` is `event:N` (when the N-th line of NDJSON is about to be printed) or `write:N` (when
 * the N-th piece was handed to the network).
 */
import { Socket } from 'node:net';

const [what, number] = (process.env.CUTOVER_TEST_KILL ?? '').split(':');
let left = Number(number);

function countDown(): void {
  if (--left === 0) process.kill(process.pid, 'SIGKILL');
}

if (what === 'event') {
  const write = process.stdout.write.bind(process.stdout);
  process.stdout.write = ((...args: Parameters<typeof write>) => {
    const written = write(...args);
    countDown();
    return written;
  }) as typeof process.stdout.write;
}
if (what === 'write') {
  const write = Socket.prototype.write;
  Socket.prototype.write = function (this: Socket, ...args: Parameters<typeof write>) {
    const written = write.apply(this, args);
    // Standard output is a socket too when it is a pipe.
    if (this.remotePort !== undefined) countDown();
    return written;
  } as typeof write;
}
