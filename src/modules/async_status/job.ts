/**
 * Jobs: commands that go on by themselves on a host, whatever becomes of the connection. A job is a folder below the state folder,
 * `jobs/<id>`: `pid` (its process group), `out` and `err` for what it writes, `expired` when its time was up, `rc` when it is over.
 */

import {
  type CommandResult,
  type CommandSpec,
  commandOutput,
  OUTPUT_LIMIT_BYTES,
  outputBlocks,
  outputCap,
  type Probe,
} from '../../resources/index.ts';
import type { Scope } from '../../template/index.ts';

/** Which job, and where: `ansible_async_dir` or the state folder of the identity that runs it, undefined for the usual one. */
export interface Job {
  readonly id: string;
  readonly stateDir: string | undefined;
}

/** What a look at a job tells. `lost`: it ended without leaving a result (it was killed, or the host was started anew). */
export interface JobState {
  readonly state: 'none' | 'running' | 'ended' | 'expired' | 'lost';
  /** The folder. */
  readonly path: string;
  readonly ended: {
    readonly rc: number;
    readonly stdout: string;
    readonly stderr: string;
    /** Epoch milliseconds, to the second. */
    readonly startedAt: number;
    readonly endedAt: number;
  };
}

/** Where jobs are kept: what the variable `ansible_async_dir` says, else the state folder. */
export function jobsFolder(scope: Scope, stateDir: unknown): string | undefined {
  const asked = scope.has('ansible_async_dir') ? scope.get('ansible_async_dir') : undefined;
  return [asked, stateDir].find((folder): folder is string => typeof folder === 'string' && folder !== '');
}

/** Gives the command that starts another one as a job, and returns at once. The job is ended after `seconds`. */
export function startJob(spec: CommandSpec, job: Job, seconds: number): CommandSpec {
  const script = Buffer.from(spec.argv ? '' : (spec.script ?? ''));
  const argv = spec.argv ?? [spec.shell ?? '/bin/sh'];
  const { script: _script, shell: _shell, ...rest } = spec;
  return {
    ...rest,
    argv: [
      ...call(job, START),
      String(seconds),
      String(script.length),
      spec.argv ? 'argv' : 'script',
      ...argv,
    ],
    stdin: Buffer.concat([script, Buffer.from(spec.stdin ?? '')]),
  };
}

/** Asks how a job is. */
export function jobProbe(job: Job): Probe<CommandResult> {
  return { ...commandOutput({ argv: call(job, LOOK) }), volatile: true };
}

/** Reads the answer of `jobProbe`. */
export function readJob(said: CommandResult): JobState {
  const bytes = said.stdoutBytes ?? Buffer.from(said.stdout);
  const words: string[] = [];
  let at = 0;
  for (let line = 0; line < 6; line++) {
    const end = bytes.indexOf(10, at);
    words.push(bytes.subarray(at, end < 0 ? bytes.length : end).toString());
    at = end < 0 ? bytes.length : end + 1;
  }
  const [state = 'none', path = '', rc = '', outBytes = '', started = '', ended = ''] = words;
  const split = at + Number(outBytes);
  return {
    state: state as JobState['state'],
    path,
    ended: {
      rc: Number(rc),
      stdout: bytes.subarray(at, split).toString(),
      stderr: bytes.subarray(split).toString(),
      startedAt: Number(started) * 1000,
      endedAt: Number(ended) * 1000,
    },
  };
}

/** Gives the command that ends a job: TERM to all its processes, KILL two seconds later. */
export function endJob(job: Job): CommandSpec {
  return { argv: call(job, END) };
}

/** Gives the command that removes what is left of a job. */
export function forgetJob(job: Job): CommandSpec {
  return { argv: call(job, 'rm -rf "$job"') };
}

function call({ id, stateDir }: Job, script: string): string[] {
  return ['/bin/sh', '-c', `${JOB_FOLDER}${script}`, 'sh', id, stateDir ?? ''];
}

// Under sudo HOME may still be the login user's: then the account's own home counts, as for the journal.
const JOB_FOLDER = `
base=$2
if [ -z "$base" ]; then
  home=$HOME
  if [ "$(id -u)" = 0 ]; then base=/var/lib/cutover
  else
    if [ ! -O "$home" ]; then eval "home=~$(id -un)"; fi
    base=$home/.local/state/cutover
    if [ ! -w "$base" ] && [ ! -w "$home" ]; then
      base=/var/tmp/cutover-$(id -u)
      if [ -L "$base" ] || { [ -e "$base" ] && [ ! -O "$base" ]; }; then base=/dev/null; fi
    fi
  fi
fi
case $base in
  '~') base=$HOME ;;
  '~/'*) base=$HOME/\${base#??} ;;
esac
job=$base/jobs/$1
shift 2
boot=$(cat /proc/sys/kernel/random/boot_id 2>/dev/null)
`;

/** Both outputs and the words before them come back as one output of a command. */
const BLOCKS = outputBlocks(OUTPUT_LIMIT_BYTES / 2 - 500_000);

// $1 seconds, $2 bytes of script, $3 argv or script, then the command. Standard input: the script, then the job's own input.
// dd takes the script byte by byte, because whatever reads more from a pipe would swallow the input.
const START = `
mask=$(umask)
umask 077
mkdir -p "$base/jobs" && mkdir "$job" || exit 1
dd bs=1 count="$2" of="$job/script" 2>/dev/null && cat >"$job/in" && printf '%s\\n' "$boot" >"$job/boot" || exit 1
limit=$1 kind=$3
shift 3
if [ "$kind" = script ]; then set -- "$1" "$job/script"; fi
cat >"$job/run" <<'END_OF_RUN'
job=$1 limit=$2 mask=$3
shift 3
# It outlives the end of its command, to say how that ended.
trap : TERM
date +%s >"$job/started"
echo "$$" >"$job/pid.part" && mv "$job/pid.part" "$job/pid"
(
  trap 'kill "$nap" 2>/dev/null; exit 0' TERM
  sleep "$limit" &
  nap=$!
  wait "$nap"
  trap '' TERM
  : >"$job/expired"
  kill -TERM "-$$" 2>/dev/null
  tries=20
  while [ "$tries" -gt 0 ] && kill -0 "$$" 2>/dev/null; do
    sleep 0.1 2>/dev/null || sleep 1
    tries=$((tries - 1))
  done
  kill -KILL "-$$" 2>/dev/null
) </dev/null >/dev/null 2>&1 &
watch=$!
co_dir=$job co_blocks=${BLOCKS}
${outputCap}
co_cap_start job
(umask "$mask" && exec "$@") <"$job/in" >>"$job/out" 2>>"$job/err"
rc=$?
kill "$watch" 2>/dev/null
co_cap_end
date +%s >"$job/ended"
rm -f "$job/in" "$job/script"
echo "$rc" >"$job/rc.part" && mv "$job/rc.part" "$job/rc"
END_OF_RUN
if command -v setsid >/dev/null 2>&1; then
  setsid /bin/sh "$job/run" "$job" "$limit" "$mask" "$@" </dev/null >/dev/null 2>&1 3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&- &
else
  set -m 2>/dev/null
  nohup /bin/sh "$job/run" "$job" "$limit" "$mask" "$@" </dev/null >/dev/null 2>&1 3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&- &
fi
tries=50
while [ ! -e "$job/pid" ] && [ "$tries" -gt 0 ]; do
  sleep 0.1 2>/dev/null || sleep 1
  tries=$((tries - 1))
done
[ -e "$job/pid" ]
`;

// State, folder, exit code, length of out in bytes, start and end on a line each, then out and err.
const LOOK = `
say() {
  rc=$(cat "$job/rc" 2>/dev/null) started=$(cat "$job/started" 2>/dev/null) ended=$(cat "$job/ended" 2>/dev/null)
  bytes=$(cat "$job/out" 2>/dev/null | wc -c)
  printf '%s\\n%s\\n%s\\n%s\\n%s\\n%s\\n' "$1" "$job" "$rc" $bytes "$started" "$ended"
  cat "$job/out" "$job/err" 2>/dev/null
  exit 0
}
if [ ! -d "$job" ]; then say none; fi
if [ -e "$job/expired" ]; then say expired; fi
if [ -e "$job/rc" ]; then say ended; fi
if [ "$boot" = "$(cat "$job/boot" 2>/dev/null || echo "$boot")" ] && kill -0 "$(cat "$job/pid" 2>/dev/null)" 2>/dev/null; then say running; fi
# It may have ended between the two looks.
if [ -e "$job/rc" ]; then say ended; fi
say lost
`;

const END = `
: >"$job/expired"
pid=$(cat "$job/pid" 2>/dev/null)
if [ -z "$pid" ] || [ "$boot" != "$(cat "$job/boot" 2>/dev/null || echo "$boot")" ]; then exit 0; fi
kill -TERM "-$pid" 2>/dev/null
tries=20
while [ "$tries" -gt 0 ] && kill -0 "-$pid" 2>/dev/null; do
  sleep 0.1 2>/dev/null || sleep 1
  tries=$((tries - 1))
done
kill -KILL "-$pid" 2>/dev/null
exit 0
`;
