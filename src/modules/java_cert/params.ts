import type { z } from 'zod';
import { boolean, choice, integer, path, text, withAliases, writtenPath } from '../params.ts';

/** What the `java_cert` module takes. */
export const certParams = withAliases(
  {},
  {
    keystore_path: path.describe('The keystore, on the target.'),
    keystore_pass: text.describe('Its password.'),
    keystore_create: boolean.default(false).describe('Make the keystore when it is not there.'),
    keystore_type: text.optional().describe('Kind of the keystore, such as `JKS` or `PKCS12`.'),
    state: choice('present', 'absent').default('present').describe('Whether the entry shall be there.'),
    cert_alias: text.optional().describe('Name of the entry. Default: `cert_url`.'),
    cert_path: path.optional().describe('The certificate, on the target.'),
    cert_url: text.optional().describe('A server whose certificate is taken.'),
    cert_port: integer.default(443).describe('Port of that server.'),
    pkcs12_path: path.optional().describe('A PKCS12 keystore, whose certificate and key are taken.'),
    pkcs12_password: text.optional().describe('The password of that keystore.'),
    pkcs12_alias: text.optional().describe('Name of the entry in that keystore. Default: `cert_alias`.'),
    trust_cacert: boolean.default(false).describe('Trust the authorities of Java, too, when it is imported.'),
    executable: writtenPath.default('keytool').describe('The keytool program.'),
  },
).superRefine((given, refine) => {
  const fault = (message: string) => refine.addIssue({ code: 'custom', message });
  const sources = [given.cert_path, given.cert_url, given.pkcs12_path].filter((one) => one !== undefined);
  if (sources.length > 1) fault('parameters are mutually exclusive: cert_url|cert_path|pkcs12_path');
  if (given.state === 'present' && sources.length === 0)
    fault('state is present but any of the following are missing: cert_path, cert_url, pkcs12_path');
  if (given.state === 'absent' && given.cert_alias === undefined && given.cert_url === undefined)
    fault('state is absent but any of the following are missing: cert_url, cert_alias');
  if (given.cert_path !== undefined && given.cert_alias === undefined)
    fault('Using local path import from cert_path requires alias argument.');
});

/** The parameters as the module gets them. */
export type Params = z.output<typeof certParams>;
