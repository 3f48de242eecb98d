import type { z } from 'zod';
import type { CommandResult, Probe } from '../../resources/index.ts';
import { planProduced, producedNeeds, producedParams, rehearsal } from '../openssl/produced.ts';
import { choice, integer, withAliases } from '../params.ts';
import { defineModule } from '../types.ts';

const {
  privatekey_path: _path,
  privatekey_content: _content,
  privatekey_passphrase: _passphrase,
  ...shared
} = producedParams;

const params = withAliases(
  { attr: 'attributes' },
  {
    ...shared,
    select_crypto_backend: choice('auto', 'cryptography', 'openssl')
      .default('auto')
      .describe('Accepted; the openssl of the target does the work.'),
    size: integer.default(4096).describe('Bits of the prime number. Large ones take minutes.'),
  },
);

type Params = z.output<typeof params>;

/** Parameters for Diffie-Hellman key exchange. */
export default defineModule({
  name: 'openssl_dhparam',
  summary: 'Makes parameters for Diffie-Hellman key exchange.',
  params,
  needs: (given, _seen, context) => producedNeeds(given, made(given, context.checkMode)),
  plan: (given, seen, context) =>
    planProduced(
      given,
      made(given, context.checkMode),
      { contentKey: 'dhparams', keys: () => ({ filename: given.path, size: given.size }) },
      seen,
      context,
    ),
});

// $1 the bits, $2 yes: make them anew, $3 yes: a dry run, which does not take the time.
const MAKE = `
bits=$(openssl dhparam -in "$path" -noout -text 2>/dev/null | sed -n 's/.*(\\([0-9]*\\) bit).*/\\1/p')
if [ "$bits" = "$1" ] && [ -z "$2" ]; then
  echo same
  exit
fi
echo other
if [ -n "$3" ]; then
  echo "DH parameters of $1 bits"
  exit
fi
run dhparam -out "$folder/made" "$1"
cat "$folder/made"
`;

function made({ path, size, force }: Params, dry: boolean): Probe<CommandResult> {
  return rehearsal(path, { content: '' }, MAKE, [String(size), force ? 'yes' : '', dry ? 'yes' : '']);
}
