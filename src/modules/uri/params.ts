import { requestParams, webAddress } from '../http-params.ts';
import {
  anything,
  boolean,
  choice,
  fileAttributes,
  integer,
  list,
  path,
  text,
  withAliases,
  writtenPath,
} from '../params.ts';

const { mode, owner, group } = fileAttributes;

/** What the `uri` module takes. */
export const uriParams = withAliases(
  { user: 'url_username', password: 'url_password' },
  {
    url: webAddress.describe('Address of the page, as seen from the target.'),
    method: text
      .default('GET')
      .transform((word) => word.toUpperCase())
      .describe('HTTP method. GET and HEAD only look; all others count as something that cannot be undone.'),
    body: anything.optional().describe('What to send. Mappings and lists are written in `body_format`.'),
    body_format: choice('raw', 'json', 'form-urlencoded', 'form-multipart')
      .default('raw')
      .describe('How `body` is written.'),
    src: path.optional().describe('A file to send instead of `body`.'),
    remote_src: boolean.default(false).describe('Whether `src` is on the target.'),
    status_code: list
      .default([200])
      .transform((codes) =>
        codes.flatMap((code) => (typeof code === 'string' ? code.split(/[\s,]+/) : [code])).map(Number),
      )
      .refine((codes) => codes.every(Number.isInteger), 'must be HTTP status numbers')
      .describe('Status numbers that mean success.'),
    return_content: boolean.default(false).describe('Put the body into the result as `content`.'),
    timeout: integer.default(30).describe('Seconds for the whole request.'),
    follow_redirects: text
      .default('safe')
      .transform((word) => word.toLowerCase())
      .pipe(choice('all', 'yes', 'true', 'no', 'false', 'none', 'safe', 'urllib2'))
      .describe('`all`, `none`, or `safe`: only for GET and HEAD.'),
    ca_path: writtenPath.optional().describe('PEM file on the target with certificates to trust.'),
    dest: path.optional().describe('File or folder on the target for the body.'),
    creates: path.optional().describe('A path or pattern. When something matches it, nothing is done.'),
    removes: path.optional().describe('A path or pattern. When nothing matches it, nothing is done.'),
    force: boolean.default(false).describe('Ask caches on the way for a fresh copy.'),
    unix_socket: anything
      .refine((value) => value === undefined, 'is not supported: use a command task with curl --unix-socket')
      .optional()
      .describe('Refused.'),
    ...requestParams,
    mode,
    owner,
    group,
  },
).refine((given) => given.body === undefined || given.src === undefined, {
  message: 'takes either body or src, not both',
});
