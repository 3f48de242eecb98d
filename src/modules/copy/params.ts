import { z } from 'zod';
import { isMapping } from '../../values/index.ts';
import { boolean, mode, path, text, withAliases } from '../params.ts';
import { placeParams } from '../placing.ts';
import { pythonJson } from '../python-json.ts';

/** Parameters of copy. */
export const copyParams = withAliases(
  { thirsty: 'force', attr: 'attributes' },
  {
    src: path
      .optional()
      .describe('File or folder of the controller; a folder with a slash at its end means what is in it.'),
    content: z
      .preprocess((given) => (isMapping(given) || Array.isArray(given) ? pythonJson(given) : given), text)
      .optional()
      .describe('The text of the file, in place of src. A mapping or list is written as JSON.'),
    dest: path.describe('Where it goes. A slash at its end means a folder.'),
    remote_src: boolean.default(false).describe('src is a file or folder of the target.'),
    directory_mode: mode.optional().describe('Permission bits of folders that are made.'),
    local_follow: boolean
      .optional()
      .describe(
        'Copy what links in a source folder lead to, not the links. Of the controller that is so unless it is no; of the target only where it is yes: where nothing is said, links of folders that are copied whole stay links, and those beside things that are there are passed over.',
      ),
    checksum: text.optional().describe('SHA-1 (or SHA-256) that the source must have.'),
    decrypt: boolean.default(true).describe('Write vault files decrypted.'),
    ...placeParams,
  },
).superRefine((given, refine) => {
  const fault = (message: string) => refine.addIssue({ code: 'custom', message });
  if (!given.src && given.content === undefined) fault('src (or content) is required');
  if (given.src !== undefined && given.content !== undefined) fault('src and content are mutually exclusive');
  if (given.content !== undefined && given.dest.endsWith('/'))
    fault('can not use content with a dir as dest');
  if (given.content !== undefined && given.remote_src) fault('takes content or remote_src, not both');
});

/** What copy gets. */
export type CopyParams = z.output<typeof copyParams>;
