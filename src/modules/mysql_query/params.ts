import type { z } from 'zod';
import { loginAliases, loginParams } from '../mysql_client/login.ts';
import { boolean, text, withAliases } from '../params.ts';
import { argumentParams, clash } from '../sql/arguments.ts';

/** What the `mysql_query` module takes. */
export const queryParams = withAliases(
  { ...loginAliases },
  {
    ...argumentParams,
    login_db: text.optional().describe('Database to work in.'),
    single_transaction: boolean
      .default(false)
      .describe('All statements or none; otherwise each is kept when it is done.'),
    ...loginParams,
  },
).superRefine((given, refine) => {
  const fault = clash(given);
  if (fault !== undefined) refine.addIssue({ code: 'custom', message: fault });
});

/** The parameters as the module gets them. */
export type Params = z.output<typeof queryParams>;
