/**
 * Fifteen small tasks on ten hosts that have nothing left to do, by Cutover, by Ansible and by bare lanes; see README.md.
 * `--strict` exits with 1 when Cutover misses its aim.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { labDown, labUp } from '../src/lab/index.ts';
import { machineLine, median, printTable, type Subject, time, timeInTurns } from './measure.ts';

const HOSTS = 10;
/** Cutover's aim. */
const TIMES_FASTER_THAN_ANSIBLE = 20;
const TIMES_BARE_LANES = 2;

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const { values: flags } = parseArgs({
  options: { strict: { type: 'boolean', default: false }, rounds: { type: 'string', default: '3' } },
});

/** Ansible as its users tune it: pipelining, one fork per host, connections that stay open between tasks and runs. */
function ansibleConfig(lab: string): string {
  return `[defaults]
forks = ${HOSTS}
host_key_checking = True
interpreter_python = /usr/bin/python3
[ssh_connection]
pipelining = True
control_path_dir = ${lab}/control
ssh_args = -o ControlMaster=auto -o ControlPersist=60s -o StrictHostKeyChecking=yes -o UserKnownHostsFile=${lab}/known_hosts
`;
}

function subjects(dir: string, inventory: string): readonly [Subject, Subject, Subject] {
  const playbook = here('playbooks/small.yml');
  return [
    {
      name: 'Cutover',
      command: process.execPath,
      args: [here('../bin/cutover.js'), 'run', playbook, '-i', inventory],
      env: { CUTOVER_HOME: join(dir, 'runs') },
    },
    {
      name: 'ansible-playbook',
      command: 'ansible-playbook',
      args: ['-i', inventory, playbook],
      env: { ANSIBLE_CONFIG: join(dir, 'ansible.cfg') },
    },
    { name: 'bare lanes', command: process.execPath, args: [here('bare-lanes.ts'), inventory] },
  ];
}

/** Frames and bytes that crossed all lanes, which no speed of the machine changes. */
async function countFrames(subject: Subject): Promise<{ frames: number; bytes: number }> {
  const counted = await time({
    ...subject,
    env: { ...subject.env, NODE_OPTIONS: `--import ${here('count-frames.ts')}` },
  });
  return JSON.parse(counted.stderr.trimEnd().split('\n').at(-1)!);
}

function refuseChanges(name: string, stdout: string): void {
  const changed = /changed=[1-9]\d*/.exec(stdout);
  if (changed) throw new Error(`${name}: the second run says ${changed[0]}, so it was no second run`);
}

async function compare(dir: string, inventory: string): Promise<void> {
  const [cutover, ansible, bare] = subjects(dir, inventory);
  console.log('first runs ...');
  for (const subject of [cutover, ansible, bare]) await time(subject);
  console.log(`second runs, ${flags.rounds} times in turns ...`);
  const runs = await timeInTurns([cutover, ansible, bare], Number(flags.rounds));
  for (const run of runs[0]!) refuseChanges(cutover.name, run.stdout);
  for (const run of runs[1]!) refuseChanges(ansible.name, run.stdout);
  const [own, theirs, floor] = runs.map((list) => median(list.map((run) => run.seconds))) as [
    number,
    number,
    number,
  ];
  const [ownCount, floorCount] = [await countFrames(cutover), await countFrames(bare)];
  const row = (name: string, seconds: number, frames: string, bytes: string) => [
    name,
    `${seconds.toFixed(2)} s`,
    (seconds / own).toFixed(2),
    frames,
    bytes,
  ];
  const kilobytes = (bytes: number) => `${Math.round(bytes / 1000)} kB`;
  console.log(
    `\n15 tasks, ${HOSTS} hosts, nothing to change (median of ${flags.rounds}; ${machineLine()})\n`,
  );
  printTable([
    ['', 'time', 'ratio', 'frames', 'in frames'],
    row('Cutover', own, String(ownCount.frames), kilobytes(ownCount.bytes)),
    row('bare lanes', floor, String(floorCount.frames), kilobytes(floorCount.bytes)),
    row('ansible-playbook', theirs, '', ''),
  ]);
  const faster = theirs / own;
  const slower = own / floor;
  console.log(
    `\n${faster.toFixed(1)} times faster than Ansible (aim: ${TIMES_FASTER_THAN_ANSIBLE}); ` +
      `${slower.toFixed(2)} times the bare lanes (aim: at most ${TIMES_BARE_LANES})`,
  );
  if (flags.strict && (faster < TIMES_FASTER_THAN_ANSIBLE || slower > TIMES_BARE_LANES)) process.exitCode = 1;
}

const dir = mkdtempSync(join(tmpdir(), 'cutover-bench-'));
const lab = join(dir, 'lab');
try {
  // Ansible needs Python on the hosts; Cutover does not look for it.
  const { inventory } = await labUp({ dir: lab, backend: 'openssh', hosts: HOSTS, python: true });
  writeFileSync(join(dir, 'ansible.cfg'), ansibleConfig(lab));
  await compare(dir, inventory);
} finally {
  await labDown({ dir: lab });
  rmSync(dir, { recursive: true, force: true });
}
