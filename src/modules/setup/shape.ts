import { didYouMean } from '../../errors/index.ts';
import { FACT_SUBSETS } from '../../resources/index.ts';
import { integer, path, strings } from '../params.ts';

/** Parameters of `setup`, which `gather_facts` takes too. */
export const gatherShape = {
  gather_subset: strings
    .refine((words) => wrongSubset(words) === undefined, { error: ({ input }) => wrongSubset(input) ?? '' })
    .default(['all'])
    .describe(
      'Kinds of facts: all, min, hardware, network, virtual ..., or the name of a fact; `!` before a name leaves it out. The minimal ones come always, unless `!min` is said.',
    ),
  filter: strings.default([]).describe('Keep only facts whose names match one of these patterns.'),
  gather_timeout: integer
    .default(10)
    .describe('Seconds that looking at disks and shares may take; what has not answered then is missing.'),
  fact_path: path.default('/etc/ansible/facts.d').describe('Folder of local facts on the target.'),
} as const;

/** Says what is wrong with a list of subsets. As in Ansible, what is left out need not exist. */
function wrongSubset(words: unknown): string | undefined {
  const wrong = (Array.isArray(words) ? words.map(String) : []).find(
    (word) => !word.startsWith('!') && !FACT_SUBSETS.includes(word) && !word.includes('{{'),
  );
  return wrong === undefined
    ? undefined
    : `Bad subset '${wrong}' given to Ansible. There are no facts of that name (${didYouMean(wrong, FACT_SUBSETS) ?? 'all, min, hardware, network and virtual are the usual ones'})`;
}
