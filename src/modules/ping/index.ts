import { z } from 'zod';
import { commandOutput } from '../../resources/index.ts';
import { isUnknown } from '../../values/index.ts';
import { answer, unknownPlan } from '../answer.ts';
import { anything } from '../params.ts';
import { defineModule } from '../types.ts';

const params = z.strictObject({
  data: anything.default('pong').describe('What comes back under `ping`. `crash` fails on purpose.'),
});

// A word from the target itself: proof that login, lane and shell work.
const word = commandOutput({ argv: ['printf', '%s', 'pong'] });

/** Shows that a host can be worked with. */
export default defineModule({
  name: 'ping',
  sideBySide: true,
  summary: 'Logs in and runs a trivial command.',
  params,
  needs: () => [word],
  plan(given, seen) {
    const said = answer(seen, word);
    if (isUnknown(said)) return unknownPlan(said);
    if (said.stdout !== 'pong') return { changes: [], failed: `the target answered "${said.stdout}"` };
    if (given.data === 'crash') return { changes: [], failed: 'boom' };
    return { changes: [], changed: false, result: () => ({ ping: given.data }) };
  },
});
