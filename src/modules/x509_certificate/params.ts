import type { z } from 'zod';
import { producedParams } from '../openssl/produced.ts';
import { boolean, choice, integer, path, text, withAliases } from '../params.ts';
import { moment } from '../x509_certificate_info/moment.ts';

const time = (what: string, otherwise: string) =>
  text
    .refine((written) => moment(written, 0) !== undefined, {
      error: (issue) => `is no time: "${String(issue.input)}"; write +52w or 20301231235959Z`,
    })
    .default(otherwise)
    .describe(what);
const identifier = choice('create_if_not_provided', 'always_create', 'never_create')
  .default('create_if_not_provided')
  .describe('Whether the identifier of the key is put in.');
const version = integer
  .refine((number) => number === 3, 'must be 3')
  .default(3)
  .describe('Accepted; there is no other than 3.');

/** What the `x509_certificate` module takes. */
export const certificateParams = withAliases(
  {
    attr: 'attributes',
    selfsigned_notBefore: 'selfsigned_not_before',
    selfsigned_notAfter: 'selfsigned_not_after',
    ownca_notBefore: 'ownca_not_before',
    ownca_notAfter: 'ownca_not_after',
  },
  {
    ...producedParams,
    provider: choice('selfsigned', 'ownca').optional().describe('Who signs.'),
    csr_path: path.optional().describe('The request, on the target.'),
    csr_content: text.optional().describe('The request itself, instead of its path.'),
    ignore_timestamps: boolean.default(true).describe('Other times are no reason to make it anew.'),
    selfsigned_digest: text.default('sha256').describe('Digest of the signature.'),
    selfsigned_not_before: time('When it begins to be valid.', '+0s'),
    selfsigned_not_after: time('When it ends to be valid.', '+3650d'),
    selfsigned_create_subject_key_identifier: identifier,
    selfsigned_version: version,
    ownca_path: path.optional().describe('Certificate of the authority, on the target.'),
    ownca_content: text.optional().describe('The certificate of the authority itself.'),
    ownca_privatekey_path: path.optional().describe('Key of the authority, on the target.'),
    ownca_privatekey_content: text.optional().describe('The key of the authority itself.'),
    ownca_privatekey_passphrase: text.optional().describe('What protects that key.'),
    ownca_digest: text.default('sha256').describe('Digest of the signature.'),
    ownca_not_before: time('When it begins to be valid.', '+0s'),
    ownca_not_after: time('When it ends to be valid.', '+3650d'),
    ownca_create_subject_key_identifier: identifier,
    ownca_create_authority_key_identifier: boolean
      .default(true)
      .describe('Whether the identifier of the key of the authority is put in.'),
    ownca_version: version,
  },
).superRefine((given, refine) => {
  const fault = (message: string) => refine.addIssue({ code: 'custom', message });
  const count = (...all: unknown[]) => all.filter((one) => one !== undefined).length;
  if (given.state === 'absent') return;
  if (given.provider === undefined)
    return fault('state is present but all of the following are missing: provider');
  const requests = count(given.csr_path, given.csr_content);
  if (requests > 1) fault('parameters are mutually exclusive: csr_path|csr_content');
  if (given.provider === 'selfsigned') {
    if (count(given.privatekey_path, given.privatekey_content) !== 1)
      fault('needs either privatekey_path or privatekey_content for the provider selfsigned');
    return;
  }
  if (requests === 0) fault('needs csr_path or csr_content for the provider ownca');
  if (count(given.ownca_path, given.ownca_content) !== 1)
    fault('needs either ownca_path or ownca_content for the provider ownca');
  if (count(given.ownca_privatekey_path, given.ownca_privatekey_content) !== 1)
    fault('needs either ownca_privatekey_path or ownca_privatekey_content for the provider ownca');
});

/** The parameters as the module gets them. */
export type Params = z.output<typeof certificateParams>;
