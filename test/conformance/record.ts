import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Case } from './case.ts';
import type { Outcome } from './outcome.ts';

/** Gives what Ansible did when the case was recorded; undefined when it never was. */
export function recorded(one: Case): Outcome[] | undefined {
  const file = join(one.folder, 'expected.json');
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Outcome[]) : undefined;
}

/** Keeps what Ansible did, for machines without it. */
export function record(one: Case, outcomes: readonly Outcome[]): void {
  writeFileSync(join(one.folder, 'expected.json'), `${JSON.stringify(outcomes, null, 2)}\n`);
}
