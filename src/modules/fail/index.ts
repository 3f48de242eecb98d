import { z } from 'zod';
import { isUnknown } from '../../values/index.ts';
import { anything } from '../params.ts';
import { defineModule } from '../types.ts';

const params = z.strictObject({
  msg: anything.optional().describe('What to say. Default `Failed as requested from task`.'),
});

/** Gives up a host, mostly behind a `when`. */
export default defineModule({
  name: 'fail',
  summary: 'Fails with a message.',
  params,
  controllerOnly: true,
  plan({ msg = 'Failed as requested from task' }) {
    const line = isUnknown(msg) ? msg.reason : typeof msg === 'string' ? msg : JSON.stringify(msg);
    return { changes: [], failed: line, result: () => ({ msg }) };
  },
});
