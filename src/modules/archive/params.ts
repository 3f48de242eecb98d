import type { z } from 'zod';
import { boolean, choice, fileAttributes, path, paths, strings, withAliases } from '../params.ts';

/** What the `archive` module takes. */
export const archiveParams = withAliases(
  { attr: 'attributes' },
  {
    path: paths.describe('Files and folders, also as patterns of the shell.'),
    dest: path.optional().describe('The archive. Only a single file has a default: its name and the format.'),
    format: choice('bz2', 'gz', 'tar', 'xz', 'zip').default('gz').describe('How it is packed.'),
    exclude_path: paths.default([]).describe('What is left out of `path`, also as patterns.'),
    exclusion_patterns: strings
      .optional()
      .describe('Patterns of whole paths that are left out, wherever they are. `*` stands for slashes too.'),
    force_archive: boolean.default(false).describe('Make an archive of a single file too.'),
    remove: boolean.default(false).describe('Remove what was packed.'),
    ...fileAttributes,
  },
);

/** The parameters as the module gets them. */
export type Params = z.output<typeof archiveParams>;
