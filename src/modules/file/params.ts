import type { z } from 'zod';
import { boolean, choice, flaggedAttributes, path, plainPath, text, withAliases } from '../params.ts';

const time = (what: string) =>
  text.optional().describe(`${what}: now, preserve, or a time as its format says.`);

/** Parameters of file. */
export const fileParams = withAliases(
  { attr: 'attributes', dest: 'path', name: 'path' },
  {
    path: plainPath.describe('What it is about.'),
    state: choice('file', 'directory', 'link', 'hard', 'touch', 'absent')
      .optional()
      .describe(
        'What the path shall be. Default: what it is; file only sets attributes and never makes a file.',
      ),
    src: path.optional().describe('What a link leads to.'),
    recurse: boolean
      .default(false)
      .describe(
        'Set mode, owner and group of everything below a directory, and of what links below lead to unless `follow` is off.',
      ),
    force: boolean
      .default(false)
      .describe('Make a link though its target is missing, or in place of a file or an empty folder.'),
    follow: boolean.default(true).describe('Look through links.'),
    modification_time: time('When the content was changed'),
    modification_time_format: text
      .default('%Y%m%d%H%M.%S')
      .describe('How modification_time is written (strftime).'),
    access_time: time('When it was last read'),
    access_time_format: text.default('%Y%m%d%H%M.%S').describe('How access_time is written (strftime).'),
    owned: boolean
      .default(false)
      .describe(
        'A directory that this run makes belongs to it with all that appears in it later: a rollback removes everything.',
      ),
    ...flaggedAttributes,
  },
).superRefine((given, refine) => {
  const fault = (message: string) => refine.addIssue({ code: 'custom', message });
  if (given.recurse && given.state !== undefined && given.state !== 'directory')
    fault("recurse option requires state to be 'directory'");
  if (given.recurse && given.attributes !== undefined)
    fault('takes no attributes with recurse: they are set of the path alone');
  if (given.state === 'link' && given.attributes !== undefined)
    fault('takes no attributes for a link: it has none of its own');
  if (
    given.src !== undefined &&
    given.state !== undefined &&
    given.state !== 'link' &&
    given.state !== 'hard'
  )
    fault(`takes src only for links, not for state ${given.state}`);
  if (given.state === 'hard' && given.src === undefined) fault('src is required for creating new hardlinks');
  if (given.state === 'absent' && given.path === '/') fault('will not remove /');
});

/** What file gets. */
export type FileParams = z.output<typeof fileParams>;
