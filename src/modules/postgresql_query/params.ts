import type { z } from 'zod';
import { boolean, path, strings, text, withAliases } from '../params.ts';
import { loginAliases, loginParams } from '../postgresql_client/login.ts';
import { argumentParams, clash } from '../sql/arguments.ts';

/** What the `postgresql_query` module takes. */
export const queryParams = withAliases(
  { login_db: 'db', ...loginAliases },
  {
    ...argumentParams,
    query: argumentParams.query.optional(),
    path_to_script: path.optional().describe('File on the target with statements, instead of `query`.'),
    as_single_query: boolean
      .default(true)
      .describe('The file counts as one statement: only what its last one gave is told.'),
    db: text.optional().describe('Database to work in. Default: the one named as the user.'),
    autocommit: boolean
      .default(false)
      .describe('Each statement is kept when it is done, and may be one that no transaction takes.'),
    search_path: strings.optional().describe('Schemas to look for names in.'),
    encoding: text.optional().describe('Accepted; the session is in UTF-8.'),
    ...loginParams,
  },
).superRefine((given, refine) => {
  const fault = (message: string) => refine.addIssue({ code: 'custom', message });
  const clashing = clash(given);
  if (clashing !== undefined) fault(clashing);
  if (given.query !== undefined && given.path_to_script !== undefined)
    fault('parameters are mutually exclusive: path_to_script|query');
  if (given.query === undefined && given.path_to_script === undefined) fault('needs query or path_to_script');
});

/** The parameters as the module gets them. */
export type Params = z.output<typeof queryParams>;
