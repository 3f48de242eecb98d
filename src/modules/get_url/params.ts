import { requestParams } from '../http-params.ts';
import { boolean, fileAttributes, integer, path, text, withAliases } from '../params.ts';

/** What the `get_url` module takes. */
export const getUrlParams = withAliases(
  { thirsty: 'force', username: 'url_username', password: 'url_password' },
  {
    url: text
      .refine((url) => /^(?:https?|file):\/\//i.test(url), 'must start with http://, https:// or file://')
      .describe('Address of the file, as seen from the target; with file:// a file of the target.'),
    dest: path.describe('File on the target, or a folder that the file goes into under its own name.'),
    checksum: text
      .optional()
      .describe('`sha256:DIGEST`, or `sha256:URL` of a list of digests. Checked before anything is written.'),
    sha256sum: text.optional().describe('The older way to write `checksum: sha256:...`.'),
    force: boolean
      .default(false)
      .describe('Fetch it even when a file is there, and write it when it differs.'),
    backup: boolean
      .default(false)
      .describe('Keep the file that was there before in the run on the controller.'),
    timeout: integer
      .default(10)
      .describe('Seconds to wait for the server; the transfer itself may take longer.'),
    tmp_dest: path.optional().describe('Accepted; the file is written beside its place and renamed.'),
    ...requestParams,
    ...fileAttributes,
  },
).refine((given) => given.checksum === undefined || given.sha256sum === undefined, {
  message: 'takes either checksum or sha256sum, not both',
});
