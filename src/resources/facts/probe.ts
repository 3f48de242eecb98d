import { randomBytes } from 'node:crypto';
import type { Cursor } from '../cursor.ts';
import { load } from '../runtime.ts';
import { quote } from '../shell.ts';
import { hardwareFacts } from './hardware.ts';
import { localFacts } from './local.ts';
import { networkFacts } from './network.ts';
import { RawFacts } from './raw.ts';
import { systemFacts } from './system.ts';
import { virtualFacts } from './virtual.ts';

/** What a facts probe asks. */
export interface FactsQuery {
  readonly subset: readonly string[];
  readonly factPath: string;
}

const script = load('facts.sh');

/** Gives the shell lines that answer these questions. */
export function factsProbeScript(queries: readonly FactsQuery[]): string[] {
  if (queries.length === 0) return [];
  return [
    script,
    ...queries.map(({ factPath }) => {
      const token = randomBytes(8).toString('hex');
      return `echo ${token}; co_token=${token} co_facts_path=${quote(factPath)}; co_part_out co_facts`;
    }),
  ];
}

/** Reads the answers: facts by the names of Ansible's `ansible_facts`, without the prefix `ansible_`. */
export function readFacts(cursor: Cursor, queries: readonly FactsQuery[]): Record<string, unknown>[] {
  return queries.map(({ subset }) => {
    const token = cursor.line();
    const raw = new RawFacts(cursor.part().toString(), token);
    return {
      ...systemFacts(raw),
      ...hardwareFacts(raw),
      ...virtualFacts(raw),
      ...networkFacts(raw),
      local: localFacts(raw),
      gather_subset: [...subset],
      module_setup: true,
    };
  });
}
