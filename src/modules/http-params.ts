import { anything, boolean, mapping, strings, text, writtenPath } from './params.ts';

/** An address on the web. */
export const webAddress = text.refine(
  (url) => /^https?:\/\//i.test(url),
  'must start with http:// or https://',
);

/** Parameters of every module that asks a web server: how, and as whom. */
export const requestParams = {
  headers: mapping.default({}).describe('Further headers.'),
  url_username: text.optional().describe('User name for HTTP Basic authentication.'),
  url_password: text.optional().describe('Password for HTTP Basic authentication.'),
  force_basic_auth: boolean.default(false).describe('Send name and password with the first request.'),
  validate_certs: boolean.default(true).describe('Check the certificate of the server.'),
  client_cert: writtenPath.optional().describe('PEM file on the target with the certificate to show.'),
  client_key: writtenPath
    .optional()
    .describe('PEM file on the target with its key. Default: in `client_cert`.'),
  http_agent: text
    .default('ansible-httpget')
    .describe('The User-Agent header. Some servers let only known ones in.'),
  use_proxy: boolean.default(true).describe('Accepted; requests go straight from the target.'),
  use_netrc: boolean.default(true).describe('Accepted; no .netrc file is read.'),
  use_gssapi: boolean
    .default(false)
    .refine((value) => !value, 'is not supported')
    .describe('Refused.'),
  decompress: boolean.default(true).describe('Unpack a body that the server sent packed by gzip.'),
  ciphers: anything.optional().describe('Accepted; the TLS defaults of the controller count.'),
  unredirected_headers: strings
    .default([])
    .describe('Headers that no redirect takes along; credentials never go to another host.'),
} as const;
