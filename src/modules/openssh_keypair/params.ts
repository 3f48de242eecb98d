import type { z } from 'zod';
import { boolean, choice, fileAttributes, integer, path, text, withAliases } from '../params.ts';

/** What the `openssh_keypair` module takes. */
export const keypairParams = withAliases(
  {},
  {
    path: path.describe('The private key; the public one is beside it, with `.pub`.'),
    state: choice('present', 'absent').default('present').describe('Whether the pair shall be there.'),
    type: choice('rsa', 'dsa', 'ecdsa', 'ed25519').default('rsa').describe('Kind of the key.'),
    size: integer.optional().describe('Bits: 4096 for rsa, 256 for ecdsa, 1024 for dsa when not given.'),
    comment: text.optional().describe('Comment in the public key.'),
    passphrase: text.optional().describe('What protects the private key.'),
    force: boolean.default(false).describe('Make a new pair in any case.'),
    regenerate: choice('never', 'fail', 'partial_idempotence', 'full_idempotence', 'always')
      .default('partial_idempotence')
      .describe(
        'When a new pair takes the place of one that is not as wished: `never`; `fail` instead; when it can be read; also when it cannot; `always`.',
      ),
    private_key_format: choice('auto', 'ssh')
      .default('auto')
      .describe('Accepted; keys are in the format of OpenSSH.'),
    backend: choice('auto', 'opensshbin')
      .default('auto')
      .describe('Accepted; ssh-keygen of the target makes keys.'),
    ...fileAttributes,
  },
);

/** The parameters as the module gets them. */
export type Params = z.output<typeof keypairParams>;

/** Bits of a key when nobody says: those of an ed25519 key are always the same. */
export function bitsOf({ type, size }: Params): number {
  if (type === 'ed25519') return 256;
  return size ?? { rsa: 4096, dsa: 1024, ecdsa: 256 }[type];
}
