import { keyId } from '../openpgp/keys.ts';
import { boolean, choice, plainPath, text, withAliases } from '../params.ts';

/** What the `apt_key` module takes. */
export const aptKeyParams = withAliases(
  {},
  {
    id: text
      .refine((id) => keyId(id) !== undefined, {
        message: 'is no id of a key: 8, 16 or better 40 hex digits are',
      })
      .optional()
      .describe('Id of the key; best its whole fingerprint. A source must hold it.'),
    state: choice('present', 'absent').default('present').describe('Whether apt shall trust the key.'),
    data: text.optional().describe('The key itself, as text.'),
    file: plainPath.optional().describe('File on the target that holds the key.'),
    url: text.optional().describe('Address of the key.'),
    keyserver: text.optional().describe('Server that has the key of this id.'),
    keyring: plainPath
      .optional()
      .describe('File that the key is put into. Default: /etc/apt/trusted.gpg; all files count as trusted.'),
    validate_certs: boolean.default(true).describe('Check the certificate of the url.'),
  },
)
  .refine((given) => given.state === 'present' || given.id !== undefined, {
    message: 'needs the parameter "id" when state is absent',
  })
  .refine((given) => given.keyserver === undefined || given.id !== undefined, {
    message: 'needs the parameter "id" beside "keyserver"',
  })
  .refine(
    ({ data, file, url, keyserver }) =>
      [data, file, url, keyserver].filter((source) => source !== undefined).length < 2,
    { message: 'takes one of data, file, url and keyserver' },
  );
