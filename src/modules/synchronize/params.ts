import type { z } from 'zod';
import { boolean, choice, integer, path, strings, text, withAliases, writtenPath } from '../params.ts';
import { unknownOption } from './options.ts';

const asArchive = (what: string) => boolean.optional().describe(`${what} Default: as \`archive\`.`);
const ofConnection = 'Accepted; the connection of the inventory is used.';

/** What the `synchronize` module takes. */
export const synchronizeParams = withAliases(
  {},
  {
    src: path.describe('What is copied: a file, a folder, or with a slash at its end what is in it.'),
    dest: path.describe('Where it goes.'),
    mode: choice('push', 'pull').default('push').describe('To the target, or from it.'),
    archive: boolean
      .default(true)
      .describe('As `recursive`, `links`, `perms`, `times`, `owner` and `group` together.'),
    recursive: asArchive('What is in folders, too.'),
    links: asArchive('Symbolic links as such.'),
    perms: asArchive('Permission bits.'),
    times: asArchive('Times of files that are written.'),
    owner: asArchive('Owners, by name where the target has it. Only root can.'),
    group: asArchive('Groups, likewise.'),
    copy_links: boolean.default(false).describe('What links lead to instead of the links.'),
    dirs: boolean.default(false).describe('Folders without what is in them.'),
    delete: boolean.default(false).describe('Remove what the source has not; what is excluded stays.'),
    existing_only: boolean.default(false).describe('Make nothing new.'),
    checksum: boolean.default(false).describe('Accepted; contents are always compared.'),
    rsync_opts: strings
      .default([])
      .superRefine((given, refine) => {
        const fault = unknownOption(given);
        if (fault !== undefined) refine.addIssue({ code: 'custom', message: fault });
      })
      .describe('Options of rsync that say what is copied and how.'),
    compress: boolean.default(true).describe('Accepted.'),
    delay_updates: boolean.default(true).describe('Accepted; everything is put in place at the end.'),
    partial: boolean.default(false).describe('Accepted.'),
    link_dest: strings
      .refine((all) => all.length === 0, 'is not supported: nothing is linked to other copies')
      .optional()
      .describe('Refused.'),
    rsync_path: text.optional().describe('Accepted; no rsync is needed.'),
    rsync_timeout: integer.default(0).describe('Accepted.'),
    dest_port: integer.optional().describe(ofConnection),
    private_key: writtenPath.optional().describe(ofConnection),
    set_remote_user: boolean.default(true).describe(ofConnection),
    ssh_args: text.optional().describe(ofConnection),
    use_ssh_args: boolean.default(false).describe(ofConnection),
    ssh_connection_multiplexing: boolean.default(false).describe(ofConnection),
    verify_host: boolean.default(false).describe(ofConnection),
  },
);

/** The parameters as the module gets them. */
export type Params = z.output<typeof synchronizeParams>;
