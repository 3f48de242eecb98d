import { z } from 'zod';
import { isMapping } from '../../values/index.ts';
import { boolean, mapping, plainPath, strings, withAliases } from '../params.ts';
import { editParams } from '../text-file.ts';

/** Parameters of toml. */
export const tomlParams = withAliases(
  { dest: 'path', name: 'path' },
  {
    path: plainPath.describe('File to edit.'),
    base: plainPath
      .optional()
      .describe(
        'File of the target whose text is the starting point, in place of what path holds: the deployment.toml of an older version, say.',
      ),
    merge_from: plainPath
      .optional()
      .describe('TOML file of the target that is merged in: tables deeply, other values replaced.'),
    merge: z
      .unknown()
      .refine((given) => given === undefined || typeof given === 'string' || isMapping(given), {
        error: 'must be a mapping or the name of a TOML file',
      })
      .optional()
      .describe('Mapping, or TOML file of the controller, that is merged in.'),
    remove: strings.default([]).describe('Keys to take away: a.b, a[0].b, a[id=NAME].'),
    set: mapping
      .default({})
      .describe('Key to value: { "transport.http.listener.port": 8290, "datasource[id=MAIN].url": ... }.'),
    append: mapping
      .default({})
      .describe('Key of an array of tables to the element, or list of elements, that it shall have too.'),
    create: boolean.default(false).describe('Make the file when it is not there.'),
    ...editParams,
  },
);

/** What toml gets. */
export type TomlParams = z.output<typeof tomlParams>;
