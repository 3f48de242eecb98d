import { z } from 'zod';
import { commandOutput } from '../../resources/index.ts';
import { isUnknown } from '../../values/index.ts';
import { answer, unknownPlan } from '../answer.ts';
import { number } from '../params.ts';
import { defineModule } from '../types.ts';

const params = z.strictObject({
  connect_timeout: number.default(5).describe('Seconds for one attempt to connect.'),
  delay: number.default(0).describe('Seconds before the first attempt.'),
  sleep: number.default(1).describe('Seconds between two attempts.'),
  timeout: number.default(600).describe('Seconds after which the host counts as unreachable.'),
});

const word = { ...commandOutput({ argv: ['printf', '%s', 'connected'] }), volatile: true };

/** The engine connects again and again for as long as the parameters say; then one word proves that commands run. */
export default defineModule({
  name: 'wait_for_connection',
  summary: 'Waits until the target can be reached and used.',
  params,
  needs: () => [word],
  plan(_given, seen) {
    const said = answer(seen, word);
    if (isUnknown(said)) return unknownPlan(said);
    if (said.rc !== 0) return { changes: [], failed: 'the target is reached but runs no commands' };
    return { changes: [], changed: false };
  },
});
