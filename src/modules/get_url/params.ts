import { anything, boolean, fileAttributes, integer, mapping, path, text, withAliases } from '../params.ts';

/** What the `get_url` module takes. */
export const getUrlParams = withAliases(
  { thirsty: 'force', username: 'url_username', password: 'url_password' },
  {
    url: text
      .refine((url) => /^https?:\/\//i.test(url), 'must start with http:// or https://')
      .describe('Address of the file, as seen from the target.'),
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
    headers: mapping.default({}).describe('Further headers.'),
    timeout: integer
      .default(10)
      .describe('Seconds to wait for the server; the transfer itself may take longer.'),
    url_username: text.optional().describe('User name for HTTP Basic authentication.'),
    url_password: text.optional().describe('Password for HTTP Basic authentication.'),
    force_basic_auth: boolean.default(false).describe('Send name and password with the first request.'),
    validate_certs: boolean.default(true).describe('Check the certificate of the server.'),
    client_cert: path.optional().describe('PEM file on the target with the certificate to show.'),
    client_key: path.optional().describe('PEM file on the target with its key. Default: in `client_cert`.'),
    http_agent: text.default('cutover').describe('The User-Agent header.'),
    tmp_dest: path.optional().describe('Accepted; the file is written beside its place and renamed.'),
    use_proxy: boolean.default(true).describe('Accepted; requests go straight from the target.'),
    use_netrc: boolean.default(true).describe('Accepted; no .netrc file is read.'),
    use_gssapi: boolean
      .default(false)
      .refine((value) => !value, 'is not supported')
      .describe('Refused.'),
    decompress: boolean.default(true).describe('Accepted; no compressed bodies are asked for.'),
    ciphers: anything.optional().describe('Accepted; the TLS defaults of the controller count.'),
    unredirected_headers: anything.optional().describe('Accepted; no header follows to another host.'),
    ...fileAttributes,
  },
).refine((given) => given.checksum === undefined || given.sha256sum === undefined, {
  message: 'takes either checksum or sha256sum, not both',
});
