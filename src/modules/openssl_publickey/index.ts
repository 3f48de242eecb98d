import type { z } from 'zod';
import type { CommandResult, Probe } from '../../resources/index.ts';
import { planProduced, producedNeeds, producedParams, rehearsal } from '../openssl/produced.ts';
import { fingerprints } from '../openssl_privatekey/fingerprint.ts';
import { choice, withAliases } from '../params.ts';
import { defineModule } from '../types.ts';

const params = withAliases(
  { attr: 'attributes' },
  {
    ...producedParams,
    format: choice('PEM', 'OpenSSH').default('PEM').describe('How the key is written.'),
  },
).superRefine((given, refine) => {
  const sources = [given.privatekey_path, given.privatekey_content].filter((one) => one !== undefined);
  if (given.state === 'present' && sources.length !== 1)
    refine.addIssue({ code: 'custom', message: 'needs either privatekey_path or privatekey_content' });
});

type Params = z.output<typeof params>;

/** Public keys of private keys. */
export default defineModule({
  name: 'openssl_publickey',
  summary: 'Writes the public key of a private key.',
  params,
  needs: (given) => producedNeeds(given, made(given)),
  plan: (given, seen, context) =>
    planProduced(
      given,
      made(given),
      {
        contentKey: 'publickey',
        keys: (text) => ({
          privatekey: given.privatekey_path ?? null,
          filename: given.path,
          format: given.format,
          fingerprint: text === undefined ? {} : fingerprints(pemOf(text)),
        }),
      },
      seen,
      context,
    ),
});

/** A key of OpenSSH is one word of base64. */
function pemOf(text: string): string {
  return text.startsWith('-----') ? text : (text.split(' ')[1] ?? '');
}

// A comment behind a key of OpenSSH does not count.
const MAKE = `
run pkey -in "$key" -passin env:CUTOVER_PASSPHRASE -pubout -out "$folder/made"
if [ "$1" = OpenSSH ]; then
  mv "$folder/made" "$folder/pem"
  ssh-keygen -i -m PKCS8 -f "$folder/pem" >"$folder/made" || exit
fi
bare() { if [ "$1" = OpenSSH ]; then cut -d ' ' -f 1,2; else cat; fi; }
if [ -f "$path" ] && [ "$(bare "$1" <"$path")" = "$(bare "$1" <"$folder/made")" ]; then echo same; else echo other; fi
cat "$folder/made"
`;

function made(given: Params): Probe<CommandResult> {
  const key = {
    path: given.privatekey_path,
    content: given.privatekey_content,
    passphrase: given.privatekey_passphrase,
  };
  return rehearsal(given.path, key, MAKE, [given.format]);
}
