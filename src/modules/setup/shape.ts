import { integer, path, strings } from '../params.ts';

/** Parameters of `setup`, which `gather_facts` takes too. */
export const gatherShape = {
  gather_subset: strings
    .default(['all'])
    .describe('Kinds of facts: all, min, hardware, network, virtual ...; `!` before a name leaves it out.'),
  filter: strings.default([]).describe('Keep only facts whose names match one of these patterns.'),
  gather_timeout: integer.optional().describe('Accepted; the time limit of the task counts.'),
  fact_path: path.default('/etc/ansible/facts.d').describe('Folder of local facts on the target.'),
} as const;
