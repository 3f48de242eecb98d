import { z } from 'zod';
import { boolean } from '../params.ts';
import setup from '../setup/index.ts';
import { gatherShape } from '../setup/shape.ts';
import { defineModule } from '../types.ts';

const params = z.strictObject({
  ...gatherShape,
  parallel: boolean.optional().describe('Accepted; all facts come in one round trip anyway.'),
});

/** What a play does first when `gather_facts` is on. */
export default defineModule({
  ...setup,
  name: 'gather_facts',
  sideBySide: true,
  summary: 'Gathers facts about the target, as a play does at its start.',
  params,
});
