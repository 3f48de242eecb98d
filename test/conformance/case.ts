import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A folder of cases/: a playbook with what it needs, run by Ansible and by Cutover. */
export interface Case {
  readonly name: string;
  readonly folder: string;
  /** What the case mirrors: the first line of its README.md. */
  readonly about: string;
  readonly playbook: string;
  readonly inventory: string;
  /** Arguments of each run; the runs follow one another on the same target folder. */
  readonly runs: readonly (readonly string[])[];
  /** Environment of all runs. */
  readonly environment: Readonly<Record<string, string>>;
  /** Given on stdin. */
  readonly input: string;
}

interface CaseFile {
  readonly playbook?: string;
  readonly inventory?: string;
  readonly runs?: readonly (readonly string[])[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly input?: string;
}

const CASES = join(import.meta.dirname, 'cases');

/** Gives all cases, by name. `case.json` says what is not as usual. Throws when a case has no README.md. */
export function allCases(): Case[] {
  return readdirSync(CASES, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort()
    .map(readCase);
}

function readCase(name: string): Case {
  const folder = join(CASES, name);
  const special = join(folder, 'case.json');
  const file = (existsSync(special) ? JSON.parse(readFileSync(special, 'utf8')) : {}) as CaseFile;
  return {
    name,
    folder,
    about: readFileSync(join(folder, 'README.md'), 'utf8').split('\n', 1)[0] as string,
    playbook: file.playbook ?? 'playbook.yml',
    inventory: file.inventory ?? 'inventory',
    runs: file.runs ?? [[]],
    environment: file.environment ?? {},
    input: file.input ?? '',
  };
}
