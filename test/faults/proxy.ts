/** A TCP proxy that can cut every connection after a number of bytes, or go silent. */

import type { AddressInfo } from 'node:net';
import { connect, createServer, type Socket } from 'node:net';

/** Which way bytes are counted. */
export type Direction = 'out' | 'in';

export interface CuttingProxy {
  readonly port: number;
  /** Bytes so far, both ways, since the last `limit`. */
  readonly passed: Readonly<Record<Direction, number>>;
  /** Cuts after so many bytes that way (Infinity: never), counted from now. */
  limit(direction: Direction, bytes: number): void;
  close(): Promise<void>;
}

/** Starts a proxy on a free loopback port. */
export async function startProxy(target: number): Promise<CuttingProxy> {
  const passed = { out: 0, in: 0 };
  const limits = { out: Number.POSITIVE_INFINITY, in: Number.POSITIVE_INFINITY };
  const open = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(target, '127.0.0.1');
    const cut = () => {
      near.resetAndDestroy();
      far.resetAndDestroy();
    };
    const pass = (from: Socket, to: Socket, direction: Direction) => {
      open.add(from);
      from.setNoDelay(true);
      from.on('error', () => to.destroy());
      from.on('close', () => {
        open.delete(from);
        to.destroy();
      });
      from.on('data', (chunk: Buffer) => {
        const room = limits[direction] - passed[direction];
        passed[direction] += chunk.length;
        if (chunk.length < room) return void to.write(chunk);
        // What still fits goes through: the other side sees half a packet.
        to.write(chunk.subarray(0, Math.max(0, room)), cut);
      });
    };
    pass(near, far, 'out');
    pass(far, near, 'in');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    passed,
    limit(direction, bytes) {
      passed.out = passed.in = 0;
      limits.out = limits.in = Number.POSITIVE_INFINITY;
      limits[direction] = bytes;
    },
    close: () =>
      new Promise((resolve) => {
        for (const socket of open) socket.destroy();
        server.close(() => resolve());
      }),
  };
}
