import { randomBytes } from 'node:crypto';
import type { Cursor } from '../cursor.ts';
import { load } from '../runtime.ts';
import { exportsOf, quote } from '../shell.ts';
import { deviceFacts, lvmFacts } from './devices.ts';
import { hardwareFacts } from './hardware.ts';
import { localFacts } from './local.ts';
import { networkFacts } from './network.ts';
import { pythonFacts } from './python.ts';
import { RawFacts } from './raw.ts';
import { storageFacts } from './storage.ts';
import { kindsOf, ofKinds } from './subsets.ts';
import { systemFacts } from './system.ts';
import { virtualFacts } from './virtual.ts';

/** What a facts probe asks. */
export interface FactsQuery {
  readonly subset: readonly string[];
  readonly factPath: string;
  /** Seconds that looking at disks may take. */
  readonly timeoutSeconds: number;
  /** Added to what `*.fact` programs and `ansible_env` see. */
  readonly environment: Readonly<Record<string, string>>;
}

const script = load('facts.sh');

/** Gives the shell lines that answer these questions. */
export function factsProbeScript(queries: readonly FactsQuery[]): string[] {
  if (queries.length === 0) return [];
  return [
    script,
    ...queries.map(({ subset, factPath, timeoutSeconds, environment }) => {
      const token = randomBytes(8).toString('hex');
      const kinds = quote([...kindsOf(subset)].join(' '));
      const exports = quote(exportsOf(environment).join(' && '));
      return `echo ${token}; co_exports=${exports} co_token=${token} co_kinds=${kinds} co_facts_timeout=${timeoutSeconds} co_facts_path=${quote(factPath)}; co_part_out co_facts`;
    }),
  ];
}

/** Reads the answers: facts by the names of Ansible's `ansible_facts`, without the prefix `ansible_`. */
export function readFacts(cursor: Cursor, queries: readonly FactsQuery[]): Record<string, unknown>[] {
  return queries.map(({ subset, factPath }) => {
    const token = cursor.line();
    const raw = new RawFacts(cursor.part().toString(), token);
    const all = {
      ...systemFacts(raw),
      ...pythonFacts(raw),
      ...storageFacts(raw),
      ...hardwareFacts(raw),
      ...deviceFacts(raw),
      ...lvmFacts(raw),
      ...virtualFacts(raw),
      ...networkFacts(raw),
      local: localFacts(raw, factPath),
    };
    return {
      ...ofKinds(all, kindsOf(subset)),
      gather_subset: [...subset],
      module_setup: true,
    };
  });
}
