import type { z } from 'zod';
import { boolean, choice, mode, plainPath, strings, text, withAliases, writtenPath } from '../params.ts';

/** Parameters of tree. */
export const treeParams = withAliases(
  { path: 'dest' },
  {
    src: plainPath.describe('Folder of the target that is copied from.'),
    dest: plainPath.describe('Folder of the target that is copied to. It is made when it is not there.'),
    pristine: writtenPath
      .optional()
      .describe(
        'What the product itself brought to src: its zip or tar pack on the controller (a lone top folder is left out), or a JSON manifest { "files": { "path": "sha256" } }. Only entries that it does not have, or has otherwise, are copied.',
      ),
    pristine_new: writtenPath
      .optional()
      .describe(
        'The same for the product in dest: an entry that the operator changed and the new product changed too is a conflict. Without it, what stands in dest counts.',
      ),
    conflicts: choice('copy', 'skip', 'fail')
      .default('copy')
      .describe(
        'What to do about entries that both the operator and the new product changed. They are reported in any case.',
      ),
    include: strings.default([]).describe('Globs of the paths to copy, ** spans folders. Default: all.'),
    exclude: strings.default([]).describe('Globs of the paths to leave out.'),
    delete: boolean
      .default(false)
      .describe(
        'Take away from dest what is not in src. With pristine: only what the operator took away from the product.',
      ),
    owner: text.optional().describe('Owner of what is copied. Default: as in src.'),
    group: text.optional().describe('Group of what is copied. Default: as in src.'),
    mode: mode.optional().describe('Permission bits of copied files. Default: as in src.'),
    directory_mode: mode.optional().describe('Permission bits of folders that are made. Default: as in src.'),
  },
);

/** What tree gets. */
export type TreeParams = z.output<typeof treeParams>;
