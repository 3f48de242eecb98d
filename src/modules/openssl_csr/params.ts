import type { z } from 'zod';
import { producedParams } from '../openssl/produced.ts';
import { boolean, integer, list, mapping, strings, text, withAliases } from '../params.ts';

const name = (what: string) => text.optional().describe(`${what} in the subject.`);
const refused = list
  .refine((all) => all.length === 0, 'is not supported here: openssl has no such request')
  .optional()
  .describe('Refused.');

/** What the `openssl_csr` module takes. */
export const csrParams = withAliases(
  {
    attr: 'attributes',
    C: 'country_name',
    countryName: 'country_name',
    ST: 'state_or_province_name',
    stateOrProvinceName: 'state_or_province_name',
    L: 'locality_name',
    localityName: 'locality_name',
    O: 'organization_name',
    organizationName: 'organization_name',
    OU: 'organizational_unit_name',
    organizationalUnitName: 'organizational_unit_name',
    CN: 'common_name',
    commonName: 'common_name',
    E: 'email_address',
    emailAddress: 'email_address',
    subjectAltName: 'subject_alt_name',
    subjectAltName_critical: 'subject_alt_name_critical',
    useCommonNameForSAN: 'use_common_name_for_san',
    keyUsage: 'key_usage',
    keyUsage_critical: 'key_usage_critical',
    extKeyUsage: 'extended_key_usage',
    extendedKeyUsage: 'extended_key_usage',
    extKeyUsage_critical: 'extended_key_usage_critical',
    extendedKeyUsage_critical: 'extended_key_usage_critical',
    basicConstraints: 'basic_constraints',
    basicConstraints_critical: 'basic_constraints_critical',
    ocspMustStaple: 'ocsp_must_staple',
    ocspMustStaple_critical: 'ocsp_must_staple_critical',
  },
  {
    ...producedParams,
    digest: text.default('sha256').describe('Digest of the signature.'),
    version: integer.default(1).describe('Accepted; there is no other than 1.'),
    subject: mapping.optional().describe('Parts of the subject; a list gives a part several times.'),
    country_name: name('Country'),
    state_or_province_name: name('State'),
    locality_name: name('Locality'),
    organization_name: name('Organization'),
    organizational_unit_name: name('Unit'),
    common_name: name('Common name'),
    email_address: name('E-mail address'),
    subject_ordered: list.optional().describe('Parts of the subject in this order; not with the others.'),
    subject_alt_name: strings
      .optional()
      .describe('Alternative names, such as `DNS:a.example` or `IP:10.0.0.1`.'),
    subject_alt_name_critical: boolean.default(false).describe('Whether they must be understood.'),
    use_common_name_for_san: boolean
      .default(true)
      .describe('Without alternative names the common name is one.'),
    key_usage: strings.optional().describe('What the key may be used for.'),
    key_usage_critical: boolean.default(false).describe('Whether that must be understood.'),
    extended_key_usage: strings.optional().describe('Further purposes of the key.'),
    extended_key_usage_critical: boolean.default(false).describe('Whether they must be understood.'),
    basic_constraints: strings.optional().describe('Such as `CA:TRUE` and `pathlen:0`.'),
    basic_constraints_critical: boolean.default(false).describe('Whether they must be understood.'),
    ocsp_must_staple: boolean.default(false).describe('Whether the certificate asks for stapling.'),
    ocsp_must_staple_critical: boolean.default(false).describe('Whether that must be understood.'),
    name_constraints_permitted: strings.optional().describe('Names that an authority may sign.'),
    name_constraints_excluded: strings.optional().describe('Names that it may not.'),
    name_constraints_critical: boolean.default(false).describe('Whether they must be understood.'),
    create_subject_key_identifier: boolean.default(false).describe('Put the identifier of the key in.'),
    subject_key_identifier: text.optional().describe('The identifier, as pairs of hexadecimal digits.'),
    crl_distribution_points: refused,
    authority_cert_issuer: refused,
  },
).superRefine((given, refine) => {
  const fault = (message: string) => refine.addIssue({ code: 'custom', message });
  const sources = [given.privatekey_path, given.privatekey_content].filter((one) => one !== undefined);
  if (given.state === 'present' && sources.length !== 1)
    fault('needs either privatekey_path or privatekey_content');
  if (given.create_subject_key_identifier && given.subject_key_identifier !== undefined)
    fault('takes create_subject_key_identifier or subject_key_identifier, not both');
  if (given.subject !== undefined && given.subject_ordered !== undefined)
    fault('parameters are mutually exclusive: subject|subject_ordered');
});

/** The parameters as the module gets them. */
export type Params = z.output<typeof csrParams>;
