import { createServer } from 'node:net';
import { CutoverError } from '../../errors/index.ts';

/** HTTP, HTTPS and the two internal ports of a node with offset 0. */
const BASE_PORTS = [8280, 8243, 9191, 9154];
/** No two of the base ports differ by a multiple of it, so neighbours never meet. */
const STEP = 10;

/** Enough to stay below the range that systems hand out to clients (32768 and up). */
const SLOTS = 2000;
/** Labs that start at the same moment are mostly in different processes: each begins at another place. */
let nextSlot = (process.pid * 8) % SLOTS;

/** Gives offsets whose four ports are free on loopback. Throws CutoverError `internal` when there are none. */
export async function freeOffsets(count: number): Promise<number[]> {
  for (let attempt = 0; attempt < 50; attempt++) {
    const offsets = Array.from({ length: count }, (_, i) => 100 + STEP * ((nextSlot + i) % SLOTS));
    nextSlot = (nextSlot + count) % SLOTS;
    const ports = offsets.flatMap((offset) => BASE_PORTS.map((port) => port + offset));
    if ((await Promise.all(ports.map(isFree))).every(Boolean)) return offsets;
  }
  throw new CutoverError('internal', 'found no free ports for the practice cluster');
}

function isFree(port: number): Promise<boolean> {
  return new Promise((done) => {
    const server = createServer();
    server.once('error', () => done(false));
    server.listen(port, '127.0.0.1', () => server.close(() => done(true)));
  });
}
