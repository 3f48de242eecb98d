import { type CommandResult, type CommandSpec, commandOutput, type Probe } from '../../resources/index.ts';
import type { Setting } from '../setting.ts';
import type { Params } from './params.ts';
import { type Server, talking } from './socket.ts';
import type { Step } from './wish.ts';

/** Ends an answer in what the script of `acting` prints. */
const END = '\x1e\n';

// $1 how often to look, $2 seconds in between, then the steps. A status that is waited for in vain ends it.
const ACT = `
retries=$1 interval=$2
shift 2
await() {
  left=$retries
  while [ "$left" -gt 0 ]; do
    all=$(rows) || exit
    # shellcheck disable=SC2034
    now=$(printf '%s\\n' "$all" | while read -r pool state weight initial health agent sessions effective status; do
      [ "$pool" != "$1" ] || echo "$sessions $status"
    done)
    case "\${now#* }" in
    "$2" | "$2 ("*) [ -n "$3" ] && [ "\${now%% *}" != 0 ] || return 0 ;;
    'no check')
      [ "$2" != UP ] || { echo "server $1/$server has no health checks, so its status is never 'UP'" >&2; return 1; }
      ;;
    esac
    left=$((left - 1))
    [ "$left" = 0 ] || sleep "$interval"
  done
  echo "server $1/$server not status '$2' after $retries retries. Aborting." >&2
  return 1
}
while [ $# -gt 0 ]; do
  case $1 in
  tell)
    answer=$(tell "$2") || exit
    printf '%s\\n\\036\\n' "$answer"
    shift 2
    ;;
  await)
    await "$2" "$3" "$4" || { rows; exit 75; }
    shift 4
    ;;
  esac
done
rows
`;

/** Gives the command that does the steps; it ends with 0 when what is waited for came. */
export function acting(given: Params, steps: readonly Step[]): CommandSpec {
  const words = steps.flatMap((step) =>
    step.kind === 'tell'
      ? ['tell', step.line]
      : ['await', step.backend, step.status, step.empty ? 'empty' : ''],
  );
  return { argv: talking(given, ACT, [String(given.wait_retries), String(given.wait_interval), ...words]) };
}

/** Waits for what only haproxy itself can bring: nothing is told. */
export function waitProbe(given: Params, steps: readonly Step[]): Probe<CommandResult> {
  return { ...commandOutput(acting(given, steps)), volatile: true };
}

/** Reads what `acting` printed: the answers of haproxy, and how the servers are then. */
export function readActed(stdout: string): { readonly answers: readonly string[]; readonly rows: string } {
  const parts = stdout.split(END);
  return { answers: parts.slice(0, -1).map((answer) => answer.trim()), rows: parts.at(-1) ?? '' };
}

const LOOK = `
all=$(rows) || exit
printf '%s\\n' "$all" | cut -d ' ' -f "$1"
`;

// Words: what stands behind the state in each line.
const BACK = `
keys=$*
while read -r pool state rest; do
  line="set server $pool/$server state $state"
  # shellcheck disable=SC2086
  set -- $rest
  for key in $keys; do
    case $key:$1 in
    weight:*) line="$line; set weight $pool/$server $1" ;;
    *:on) line="$line; enable $key $pool/$server" ;;
    *:off) line="$line; disable $key $pool/$server" ;;
    esac
    shift
  done
  tell "$line"
done
`;

/** Places in a line of `rows`. */
const FIELDS = { weight: 3, health: 5, agent: 6 } as const;

type Touched = keyof typeof FIELDS;

/** What the task sets beside the state. The rest may change without being drift: an agent sets weights. */
function touched(given: Params): readonly Touched[] {
  if (given.state === 'drain') return [];
  return [
    ...(given.state === 'enabled' && given.weight ? (['weight'] as const) : []),
    ...(given.health ? (['health'] as const) : []),
    ...(given.agent ? (['agent'] as const) : []),
  ];
}

/** The server in its backends, which a rollback puts back into rotation. */
export function serverSetting(given: Params): Setting {
  const keys = touched(given);
  const fields = [1, 2, ...keys.map((key) => FIELDS[key])].join(',');
  return {
    key: `haproxy:${given.socket}:${given.backend ?? '*'}/${given.host}`,
    look: talking(given, LOOK, [fields]),
    back: talking(given, BACK, keys),
  };
}

/** What `look` of the setting prints. */
export function lookOf(given: Params, servers: readonly Server[]): string {
  const keys = touched(given);
  return servers
    .map((server) => `${[server.backend, server.state, ...keys.map((key) => server[key])].join(' ')}\n`)
    .join('');
}
