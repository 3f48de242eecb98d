import { z } from 'zod';
import { loginAliases, loginParams } from '../mysql_client/login.ts';
import { boolean, choice, integer, path, strings, text, withAliases } from '../params.ts';

/** What the `mysql_db` module takes. */
export const dbParams = withAliases(
  { db: 'name', ...loginAliases },
  {
    name: strings
      .refine((names) => names.length > 0, 'must not be empty')
      .describe('Databases. `all` means all of them, for `dump` and `import`.'),
    state: choice('present', 'absent', 'dump', 'import')
      .default('present')
      .describe('Whether they shall be there; `dump` writes them to `target`, `import` reads it.'),
    encoding: text.default('').describe('Character set of a new database, of a dump or an import.'),
    collation: text.default('').describe('Collation of a new database.'),
    target: path
      .optional()
      .describe('The file of a dump or an import; with `.gz`, `.bz2` or `.xz` at its end it is compressed.'),
    single_transaction: boolean.default(false).describe('Dump in a single transaction.'),
    quick: boolean.default(true).describe('Dump row by row.'),
    ignore_tables: strings.default([]).describe('Tables that are not dumped, as `database.table`.'),
    hex_blob: boolean.default(false).describe('Binary columns of a dump are hexadecimal.'),
    force: boolean.default(false).describe('Go on after an error of a statement.'),
    master_data: integer
      .pipe(z.union([z.literal(0), z.literal(1), z.literal(2)]))
      .default(0)
      .describe("The server's place in its log: 1 as a statement, 2 as a comment."),
    skip_lock_tables: boolean.default(false).describe('Dump without locking tables.'),
    dump_extra_args: text.optional().describe('Further arguments of the dumping program.'),
    chdir: path.optional().describe('Folder to import in.'),
    use_shell: boolean.default(false).describe('Accepted; imports always go through a pipe of the shell.'),
    pipefail: boolean
      .default(false)
      .describe('Accepted; a program that fails before the pipe fails the task always.'),
    unsafe_login_password: boolean.default(false).describe('Accepted; passwords never pass a shell.'),
    restrict_config_file: boolean
      .default(false)
      .describe('Accepted; besides the files of the system, only `config_file` is read.'),
    ...loginParams,
  },
).superRefine((given, refine) => {
  const fault = (message: string) => refine.addIssue({ code: 'custom', message });
  const moves = given.state === 'dump' || given.state === 'import';
  if (moves && given.target === undefined) fault(`with state=${given.state} target is required`);
  if (given.name.includes('all') && !moves) fault(`name=all is not supported with state=${given.state}`);
  if (given.name.includes('all') && given.name.length > 1)
    fault('name=all cannot stand beside other databases');
  if (given.state === 'import' && given.name.length > 1)
    fault('Multiple databases are not supported with state=import');
});

/** The parameters as the module gets them. */
export type Params = z.output<typeof dbParams>;

/** All databases are meant. */
export function meansAll({ name }: Params): boolean {
  return name[0] === 'all';
}
