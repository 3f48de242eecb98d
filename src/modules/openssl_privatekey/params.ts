import type { z } from 'zod';
import { boolean, choice, fileAttributes, integer, path, text, withAliases } from '../params.ts';
import { CURVES } from './curves.ts';

/** What the `openssl_privatekey` module takes. */
export const privatekeyParams = withAliases(
  { attr: 'attributes' },
  {
    path: path.describe('The file of the key.'),
    state: choice('present', 'absent').default('present').describe('Whether it shall be there.'),
    type: choice('DSA', 'ECC', 'Ed25519', 'Ed448', 'RSA', 'X25519', 'X448')
      .default('RSA')
      .describe('Kind of the key.'),
    size: integer.default(4096).describe('Bits of a key of RSA or DSA.'),
    curve: choice(...CURVES)
      .optional()
      .describe('Curve of a key of ECC.'),
    passphrase: text.optional().describe('What protects the key.'),
    cipher: choice('auto').optional().describe('How it is protected: AES with 256 bits.'),
    format: choice('pkcs1', 'pkcs8', 'auto', 'auto_ignore')
      .default('auto_ignore')
      .describe(
        'How the key is written. `auto`: pkcs1 where there is one; `auto_ignore`: one that is there may be the other.',
      ),
    format_mismatch: choice('regenerate', 'convert')
      .default('regenerate')
      .describe('What becomes of a key that is right but for its format.'),
    force: boolean.default(false).describe('Make a new key in any case.'),
    regenerate: choice('never', 'fail', 'partial_idempotence', 'full_idempotence', 'always')
      .default('full_idempotence')
      .describe(
        'When a new key takes the place of one that is not as wished: `never`; `fail` instead; when it can be read; also when it cannot; `always`.',
      ),
    backup: boolean.default(false).describe('Keep the old key beside the new one.'),
    return_content: boolean.default(false).describe('Have the key in the result.'),
    select_crypto_backend: choice('auto', 'cryptography')
      .default('auto')
      .describe('Accepted; the openssl of the target makes keys.'),
    ...fileAttributes,
  },
).superRefine((given, refine) => {
  const fault = (message: string) => refine.addIssue({ code: 'custom', message });
  if ((given.cipher === undefined) !== (given.passphrase === undefined))
    fault('parameters are required together: cipher, passphrase');
  if (given.type === 'ECC' && given.curve === undefined)
    fault('type is ECC but all of the following are missing: curve');
});

/** The parameters as the module gets them. */
export type Params = z.output<typeof privatekeyParams>;
