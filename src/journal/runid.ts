import { randomBytes } from 'node:crypto';

/** Gives a run id that sorts by time and can be read aloud: `20261123-021530-k3f9`. Time in UTC. */
export function newRunId(now: Date = new Date()): string {
  const stamp = now.toISOString().replaceAll('-', '').replaceAll(':', '').replace('T', '-').slice(0, 15);
  const letters = 'abcdefghjkmnpqrstvwxyz23456789';
  const suffix = [...randomBytes(4)].map((byte) => letters[byte % letters.length]).join('');
  return `${stamp}-${suffix}`;
}
