import { type CommandResult, commandOutput, type Probe } from '../../resources/index.ts';
import type { Params } from './params.ts';

/** One server of one backend, as the process shows it. */
export interface Server {
  readonly backend: string;
  /** What was told: traffic as usual, only what has begun, or nothing at all. */
  readonly state: 'ready' | 'drain' | 'maint';
  readonly weight: number;
  /** The weight of the configuration. */
  readonly initial: number;
  /** Health checks and checks by an agent. */
  readonly health: 'on' | 'off' | 'none';
  readonly agent: 'on' | 'off' | 'none';
  readonly sessions: number;
  /** The weight that counts now. */
  readonly effective: string;
  /** `UP`, `DOWN 1/2`, `MAINT`, `no check` ... */
  readonly status: string;
}

/** Exit code when there is nobody to talk to. */
export const UNREACHABLE = 127;

/**
 * $1 the socket, $2 the backend or `*`, $3 the server. `tell` sends a line and gives the answer; `rows` gives a line for each server:
 * the keys of Server in their order, the status last because it has blanks.
 */
export const TALK = `
socket=$1 backend=$2 server=$3
shift 3
export backend server
[ -S "$socket" ] || { echo "there is no socket $socket of haproxy" >&2; exit ${UNREACHABLE}; }
if command -v socat >/dev/null; then
  address=$(printf '%s' "$socket" | sed 's|[^A-Za-z0-9_./-]|\\\\&|g')
  talk() { socat -t 60 - "UNIX-CONNECT:$address"; }
elif nc -h 2>&1 | grep -q -e ' *-U[ ,[:blank:]]'; then
  talk() { nc -U "$socket"; }
elif perl -MSocket -e 1 2>/dev/null; then
  talk() {
    perl -MSocket -e 'my $s; socket($s, PF_UNIX, SOCK_STREAM, 0) && connect($s, sockaddr_un($ARGV[0])) or die "$!\\n";
      syswrite($s, join("", <STDIN>)); print while <$s>' "$socket"
  }
elif python3 -c '' 2>/dev/null; then
  talk() {
    python3 -c 'import socket, sys
s = socket.socket(socket.AF_UNIX)
s.connect(sys.argv[1])
s.sendall(sys.stdin.buffer.read())
for part in iter(lambda: s.recv(65536), b""):
    sys.stdout.buffer.write(part)' "$socket"
  }
else
  echo "one of socat, nc that knows -U, perl and python3 is needed to talk to haproxy, and none is on the target" >&2
  exit ${UNREACHABLE}
fi
tell() { printf '%s\\n' "$1" | talk; }
rows() {
  said=$(tell 'show servers state; show stat -1 4 -1') || exit
  case $said in
  *'# be_id'*'# pxname'*) ;;
  *) echo "haproxy did not say what its servers are: \${said:-nothing}" >&2; exit 1 ;;
  esac
  printf '%s\\n' "$said" | awk '
    function bit(value, of) { return int(value / of) % 2 }
    function check(bits) { return !bit(bits, 2) ? "none" : bit(bits, 4) ? "on" : "off" }
    function mine(pool, name) { return name == ENVIRON["server"] && (ENVIRON["backend"] == "*" || pool == ENVIRON["backend"]) }
    /^# be_id/ { for (i = 2; i <= NF; i++) at[$i] = i - 1; part = 1; next }
    /^# pxname/ { sub(/^# /, ""); FS = ","; n = split($0, name, ","); for (i = 1; i <= n; i++) at[name[i]] = i; part = 2; next }
    part == 1 && mine($at["be_name"], $at["srv_name"]) {
      admin = $at["srv_admin_state"]
      told[$at["be_name"]] = (bit(admin, 1) ? "maint" : bit(admin, 8) ? "drain" : "ready") " " $at["srv_uweight"] " " \\
        $at["srv_iweight"] " " check($at["srv_check_state"]) " " check($at["srv_agent_state"])
    }
    part == 2 && mine($at["pxname"], $at["svname"]) && ($at["pxname"] in told) {
      print $at["pxname"], told[$at["pxname"]], $at["scur"], $at["weight"], $at["status"]
    }'
}
`;

/** Arguments of a program that talks to haproxy about the server. */
export function talking(given: Params, script: string, words: readonly string[] = []): readonly string[] {
  return [
    '/bin/sh',
    '-c',
    `${TALK}${script}`,
    'sh',
    given.socket,
    given.backend ?? '*',
    given.host,
    ...words,
  ];
}

/** Asks for the server, in one backend or in all. Whoever waits wants to know how it is when its turn comes. */
export function serversProbe(given: Params, live: boolean): Probe<CommandResult> {
  return { ...commandOutput({ argv: talking(given, 'rows\n') }), ...(live && { volatile: true }) };
}

/** Reads what `rows` printed. */
export function readServers(stdout: string): readonly Server[] {
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [backend, state, weight, initial, health, agent, sessions, effective, ...status] =
        line.split(' ');
      return {
        backend,
        state,
        weight: Number(weight),
        initial: Number(initial),
        health,
        agent,
        sessions: Number(sessions),
        effective,
        status: status.join(' '),
      } as Server;
    });
}

/** Gives the text that `rows` prints. */
export function writeServers(servers: readonly Server[]): string {
  return servers
    .map(
      (one) =>
        `${[one.backend, one.state, one.weight, one.initial, one.health, one.agent, one.sessions, one.effective, one.status].join(' ')}\n`,
    )
    .join('');
}
