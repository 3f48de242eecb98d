import { z } from 'zod';
import { boolean, mapping } from '../params.ts';
import { defineModule } from '../types.ts';

const params = z.strictObject({
  data: mapping
    .refine((values) => Object.keys(values).every((name) => /^[A-Za-z_]\w*$/.test(name)), {
      message: 'must have variable names as keys: letters, digits and _',
    })
    .describe('Names and values to show at the end of the run.'),
  per_host: boolean.default(false).describe('Keep them for each host instead of once for the run.'),
  aggregate: boolean.default(true).describe('Add to what is there: numbers sum up, lists and mappings grow.'),
});

/** Collects figures for the end of the run. */
export default defineModule({
  name: 'set_stats',
  summary: 'Keeps values for the statistics at the end of the run.',
  params,
  controllerOnly: true,
  plan: ({ data, per_host, aggregate }) => ({
    changes: [],
    changed: false,
    result: () => ({ ansible_stats: { data, per_host, aggregate } }),
  }),
});
