import { z } from 'zod';
import { withoutTuples } from '../../values/index.ts';
import { boolean } from '../params.ts';
import { defineModule } from '../types.ts';

/** Ansible takes none of Python's words as a name. */
const PYTHON_WORDS: ReadonlySet<string> = new Set(
  'False None True and as assert async await break class continue def del elif else except finally for from global if import in is lambda nonlocal not or pass raise return try while with yield'.split(
    ' ',
  ),
);

const params = z
  .looseObject({
    cacheable: boolean.default(false).describe('Keep the facts in the fact cache too, for later runs.'),
  })
  .refine((given) => Object.keys(given).length > 1, {
    message: 'No key/value pairs provided, at least one is required for this action to succeed',
  })
  .superRefine((given, context) => {
    for (const name of Object.keys(given)) {
      if (/^[A-Za-z_]\w*$/.test(name) && !PYTHON_WORDS.has(name)) continue;
      context.addIssue({
        code: 'custom',
        message: `The variable name '${name}' is not valid. Variables must start with a letter or underscore character, and contain only letters, numbers and underscores.`,
      });
    }
  });

/** Text that says yes or no is made a boolean unless `jinja2_native` is on, as ansible-core does it up to 2.18, and a tuple a list; everything else keeps its type. */
export default defineModule({
  name: 'set_fact',
  summary: 'Sets variables of the host, for the rest of the run.',
  params,
  controllerOnly: true,
  plan({ cacheable, ...given }, _seen, { templar }) {
    const kept = templar.native ? withoutTuples : yesOrNo;
    const facts = Object.fromEntries(Object.entries(given).map(([name, value]) => [name, kept(value)]));
    return {
      changes: [],
      changed: false,
      effects: [{ kind: 'set-facts', facts, cacheable }],
      result: () => ({ ansible_facts: facts }),
    };
  },
});

function yesOrNo(value: unknown): unknown {
  if (typeof value !== 'string' || !/^(?:true|false|yes|no)$/i.test(value)) return withoutTuples(value);
  return /^(?:true|yes)$/i.test(value);
}
