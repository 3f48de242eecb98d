import { createServer } from 'node:net';
import { CutoverError } from '../../errors/index.ts';

/** Where one host's sshd listens. */
export interface SshAddress {
  readonly address: string;
  readonly port: number;
}

/** Gives an address in 127/8 per host, all in one random /24, with port 22 where nothing listens on all addresses. Throws CutoverError `internal` when there is none. */
export async function freeAddresses(count: number): Promise<SshAddress[]> {
  for (let attempt = 0; attempt < 20; attempt++) {
    const [a, b] = [1 + Math.floor(Math.random() * 250), Math.floor(Math.random() * 255)];
    const addresses = Array.from({ length: count }, (_, i) => `127.${a}.${b}.${i + 1}`);
    for (const port of [22, 2222]) {
      const free = await Promise.all(addresses.map((address) => isFree(address, port)));
      if (free.every(Boolean)) return addresses.map((address) => ({ address, port }));
    }
  }
  throw new CutoverError('internal', 'found no free loopback addresses for the practice hosts');
}

function isFree(address: string, port: number): Promise<boolean> {
  return new Promise((done) => {
    const server = createServer();
    server.once('error', () => done(false));
    server.listen(port, address, () => server.close(() => done(true)));
  });
}
