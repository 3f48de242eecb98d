import { z } from 'zod';
import { number } from '../params.ts';
import { defineModule } from '../types.ts';

const params = z.strictObject({
  connect_timeout: number.default(5).describe('Seconds for one attempt to connect.'),
  delay: number.default(0).describe('Seconds before the first attempt.'),
  sleep: number.default(1).describe('Seconds between two attempts.'),
  timeout: number.default(600).describe('Seconds after which the task fails.'),
});

/** The engine logs in again and again for as long as the parameters say, and has a word said to prove that commands run. */
export default defineModule({
  name: 'wait_for_connection',
  sideBySide: true,
  summary: 'Waits until the target can be reached and used.',
  params,
  plan: (given) => ({
    changes: [],
    changed: false,
    effects: [
      {
        kind: 'await-connection',
        what: 'the target can be used',
        delaySeconds: given.delay,
        timeoutSeconds: given.timeout,
        sleepSeconds: given.sleep,
        connectTimeoutSeconds: given.connect_timeout,
        accepts: { argv: ['printf', '%s', 'connected'] },
      },
    ],
    result: () => ({ elapsed: 0 }),
  }),
});
