import { z } from 'zod';
import { choice } from '../params.ts';
import { defineModule } from '../types.ts';

/** What `meta` can ask of the engine, which does it itself. */
export const META_ACTIONS = [
  'flush_handlers',
  'end_play',
  'end_host',
  'end_batch',
  'end_role',
  'reset_connection',
  'clear_host_errors',
  'clear_facts',
  'refresh_inventory',
  'noop',
] as const;

const params = z.strictObject({
  action: choice(...META_ACTIONS).describe('What the run shall do.'),
});

/** Only checks the word: the engine acts on it. */
export default defineModule({
  name: 'meta',
  summary: 'Steers the run itself: handlers, end of a play, connections, facts.',
  params,
  freeForm: 'action',
  controllerOnly: true,
  plan: () => ({ changes: [], changed: false }),
});
