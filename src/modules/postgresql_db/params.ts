import type { z } from 'zod';
import { boolean, choice, path, text, withAliases } from '../params.ts';
import { loginAliases, loginParams } from '../postgresql_client/login.ts';

/** What the `postgresql_db` module takes. */
export const dbParams = withAliases(
  { db: 'name', ...loginAliases },
  {
    name: text.describe('The database.'),
    state: choice('present', 'absent', 'dump', 'restore', 'rename')
      .default('present')
      .describe(
        'Whether it shall be there; `dump` writes it to `target`, `restore` reads that, `rename` gives it that name.',
      ),
    owner: text.default('').describe('Role that owns it.'),
    template: text.default('').describe('What a new database is made of.'),
    encoding: text.default('').describe('Encoding of a new database.'),
    lc_collate: text.default('').describe('Collation of a new database.'),
    lc_ctype: text.default('').describe('Kinds of characters of a new database.'),
    conn_limit: text
      .default('')
      .refine((limit) => /^(?:-?\d+)?$/.test(limit), 'must be a number')
      .describe('How many connections it takes.'),
    tablespace: text.default('').describe('Where its files are.'),
    target: path
      .optional()
      .describe(
        'The file of a dump: `.sql`, `.tar`, `.pgc`, the folder `.dir`, or compressed `.gz`, `.bz2`, `.xz`.',
      ),
    target_opts: text.default('').describe('Further arguments of the program that dumps or restores.'),
    dump_extra_args: text.optional().describe('Further arguments of pg_dump.'),
    force: boolean.default(false).describe('Drop it though somebody is connected.'),
    maintenance_db: text.default('postgres').describe('Database to log in to.'),
    ...loginParams,
  },
).refine((given) => given.target !== undefined || ['present', 'absent'].includes(given.state), {
  message: 'with the states dump, restore and rename the parameter "target" is needed',
});

/** The parameters as the module gets them. */
export type Params = z.output<typeof dbParams>;
