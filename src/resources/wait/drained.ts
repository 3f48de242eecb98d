import { runScript } from '../session.ts';
import type { WaitSpec } from '../specs.ts';
import type { Session } from '../types.ts';

/** States of /proc/net/tcp (include/net/tcp_states.h of Linux). */
const STATES: Record<string, string> = {
  ESTABLISHED: '01',
  SYN_SENT: '02',
  SYN_RECV: '03',
  FIN_WAIT1: '04',
  FIN_WAIT2: '05',
  TIME_WAIT: '06',
};
const DEFAULT_STATES = ['ESTABLISHED', 'FIN_WAIT1', 'FIN_WAIT2', 'SYN_RECV', 'SYN_SENT', 'TIME_WAIT'];

/** Counts the host's TCP connections on one of its own ports. Throws CutoverError('command') where /proc/net/tcp is missing. */
export async function countConnections(session: Session, port: number, spec: WaitSpec): Promise<number> {
  const { stdout } = await runScript(session, [
    'cat /proc/net/tcp || exit 1',
    'cat /proc/net/tcp6 2>/dev/null',
    ':',
  ]);
  const states = new Set((spec.activeConnectionStates ?? DEFAULT_STATES).map((name) => STATES[name]));
  const excluded = new Set(spec.excludeHosts ?? []);
  return stdout
    .toString()
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([, local = '', remote = '', state = '']) => {
      const [, localPort] = local.split(':');
      if (localPort === undefined || Number.parseInt(localPort, 16) !== port || !states.has(state))
        return false;
      return !excluded.has(plainAddress(remote.split(':')[0] ?? ''));
    }).length;
}

/** Kernel notation: each group of four bytes in the host's byte order (little endian everywhere that matters). */
function plainAddress(hex: string): string {
  const words = hex.match(/.{8}/g) ?? [];
  const bytes = words.flatMap((word) =>
    (word.match(/../g) ?? []).reverse().map((pair) => Number.parseInt(pair, 16)),
  );
  const mapped = bytes.length === 16 && bytes.slice(0, 10).every((byte) => byte === 0) && bytes[10] === 255;
  if (bytes.length === 4 || mapped) return bytes.slice(-4).join('.');
  const groups = Array.from({ length: 8 }, (_, at) =>
    ((bytes[2 * at]! << 8) | bytes[2 * at + 1]!).toString(16),
  );
  return new URL(`http://[${groups.join(':')}]`).hostname.slice(1, -1);
}
