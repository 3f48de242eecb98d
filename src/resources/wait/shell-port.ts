import { CutoverError } from '../../errors/index.ts';
import { runScript } from '../session.ts';
import { quote } from '../shell.ts';
import type { Session } from '../types.ts';

/** Tells whether a port is open with what the host itself has: bash, curl or nc. For hosts whose sshd forbids forwarding. Throws CutoverError('connect') when there is none of them. */
export async function portOpenByShell(
  session: Session,
  host: string,
  port: number,
  limitMs: number,
): Promise<'open' | 'closed'> {
  const seconds = Math.ceil(limitMs / 1000);
  const place = `${quote(host)} ${port}`;
  const { stdout } = await runScript(session, [
    `set -- ${place} ${seconds}`,
    'if command -v curl >/dev/null 2>&1; then',
    // 7: refused; 28: timed out; anything else (52 empty reply, 1 ...) means that somebody answered.
    'curl -q -s -o /dev/null --connect-timeout "$3" --max-time "$3" "telnet://$1:$2" </dev/null; case $? in 6|7|28) echo closed ;; *) echo open ;; esac',
    'elif command -v nc >/dev/null 2>&1; then if nc -z -w "$3" "$1" "$2" >/dev/null 2>&1; then echo open; else echo closed; fi',
    'elif command -v bash >/dev/null 2>&1; then',
    'if bash -c \'exec 3<>"/dev/tcp/$1/$2"\' x "$1" "$2" 2>/dev/null; then echo open; else echo closed; fi',
    'else echo none; fi',
  ]);
  const said = stdout.toString().trim();
  if (said === 'open' || said === 'closed') return said;
  throw new CutoverError(
    'connect',
    'sshd forbids forwarding and the host has neither curl, nc nor bash, so its ports cannot be seen',
    {
      host: session.connection.host,
      hint: 'allow AllowTcpForwarding local',
    },
  );
}
