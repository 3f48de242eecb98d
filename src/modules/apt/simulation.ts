import { type CommandResult, commandOutput, type Probe } from '../../resources/index.ts';

/** What apt-get would do to one package. */
export interface Step {
  readonly act: 'install' | 'upgrade' | 'remove' | 'purge';
  readonly name: string;
  readonly from?: string;
  readonly to?: string;
}

/** Asks apt-get what it would do. It needs no rights, takes no locks, and (as root) does not even write its log of plans. */
export function simulationProbe(argv: readonly string[]): Probe<CommandResult> {
  const [program, ...args] = argv;
  const quiet = ['-o', 'Dir::Log::Planner=/dev/null'];
  return commandOutput({ argv: [program!, '--simulate', ...quiet, ...args], env: APT_ENVIRONMENT });
}

/** Nobody is there to answer, and messages must be readable for us. */
export const APT_ENVIRONMENT = { LC_ALL: 'C', DEBIAN_FRONTEND: 'noninteractive' } as const;

/** Reads the steps of a simulation (apt-get(8), `--simulate`: Inst, Remv, Purg lines). */
export function readSteps(output: string): readonly Step[] {
  const steps: Step[] = [];
  for (const line of output.split('\n')) {
    const match = /^(Inst|Remv|Purg) (\S+)(?: \[([^\]]+)\])?(?: \((\S+))?/.exec(line);
    if (!match) continue;
    const [, word, name, from, to] = match;
    if (word === 'Inst')
      steps.push({ act: from === undefined ? 'install' : 'upgrade', name: name!, from, to });
    else steps.push({ act: word === 'Remv' ? 'remove' : 'purge', name: name!, from });
  }
  return steps;
}

/** Gives a line for each step: `upgrade curl 8.1 -> 8.2`. */
export function describeSteps(steps: readonly Step[]): string {
  return steps
    .map(({ act, name, from, to }) => {
      const versions = [from, to].filter((version) => version !== undefined).join(' -> ');
      return versions ? `${act} ${name} ${versions}` : `${act} ${name}`;
    })
    .join('\n');
}

/** Says in one line why apt-get refused. */
export function refusal(stderr: string, rc: number): string {
  const missing = /Unable to locate package (\S+)|Couldn't find any package by (?:glob|regex) '([^']+)'/.exec(
    stderr,
  );
  if (missing) return `No package matching '${missing[1] ?? missing[2]}' is available`;
  const version = /Version '(.+)' for '(.+)' was not found/.exec(stderr);
  if (version) return `no available installation candidate for ${version[2]}=${version[1]}`;
  const error = stderr.split('\n').find((line) => line.startsWith('E: '));
  return error?.slice(3) ?? `apt-get ended with exit code ${rc}`;
}

/** Gives apt-get's own words for what it does: from the first list of packages to the line that counts them. Empty when there is none. */
export function preparedText(stdout: string): string {
  const counts = /^\d+ upgraded, \d+ newly installed, .*$/m.exec(stdout);
  const first = stdout.search(/^The following .*:$/m);
  if (!counts || first < 0 || first > counts.index) return '';
  return stdout.slice(first, counts.index + counts[0].length);
}

/** The packages that a simulation would no longer count as installed for others. */
export function becomingManual(stdout: string): readonly string[] {
  return [...stdout.matchAll(/^(\S+) set to manually installed\.$/gm)].map(([, name]) => name!);
}

/** Whether the summary line of a real run says that packages were touched. Undefined when there is none. */
export function touchedPackages(stdout: string): boolean | undefined {
  const counts = [...stdout.matchAll(/^(\d+) upgraded, (\d+) newly installed, (.*?)(\d+) to remove/gm)];
  if (counts.length === 0) return undefined;
  return counts.some(
    ([, up, fresh, more, gone]) => Number(up) + Number(fresh) + Number(gone) > 0 || /[1-9]/.test(more ?? ''),
  );
}
