import { z } from 'zod';
import { withoutTuples } from '../../values/index.ts';
import { boolean } from '../params.ts';
import { defineModule } from '../types.ts';

const params = z
  .looseObject({
    cacheable: boolean.default(false).describe('Keep the facts in the fact cache too, for later runs.'),
  })
  .refine((given) => Object.keys(given).length > 1, {
    message: 'needs at least one variable: name: value',
  })
  .superRefine((given, context) => {
    for (const name of Object.keys(given)) {
      if (/^[A-Za-z_]\w*$/.test(name)) continue;
      context.addIssue({
        code: 'custom',
        message: `"${name}" is no variable name: letters, digits and _ only, and no digit first`,
      });
    }
  });

/** Text that says yes or no is made a boolean, as ansible-core does it up to 2.18, and a tuple a list; everything else keeps its type. */
export default defineModule({
  name: 'set_fact',
  summary: 'Sets variables of the host, for the rest of the run.',
  params,
  controllerOnly: true,
  plan({ cacheable, ...given }) {
    const facts = Object.fromEntries(Object.entries(given).map(([name, value]) => [name, yesOrNo(value)]));
    return {
      changes: [],
      changed: false,
      effects: [{ kind: 'set-facts', facts, cacheable }],
      result: () => ({ ansible_facts: facts, _ansible_facts_cacheable: cacheable }),
    };
  },
});

function yesOrNo(value: unknown): unknown {
  if (typeof value !== 'string' || !/^(?:true|false|yes|no)$/i.test(value)) return withoutTuples(value);
  return /^(?:true|yes)$/i.test(value);
}
