import { z } from 'zod';
import { text } from '../params.ts';
import { defineModule } from '../types.ts';

const params = z.strictObject({
  msg: text.default('Failed as requested from task').describe('What to say.'),
});

/** Gives up a host, mostly behind a `when`. */
export default defineModule({
  name: 'fail',
  summary: 'Fails with a message.',
  params,
  controllerOnly: true,
  plan: ({ msg }) => ({ changes: [], failed: msg, result: () => ({ msg }) }),
});
