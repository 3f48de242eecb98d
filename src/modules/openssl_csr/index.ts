import type { CommandResult, Probe } from '../../resources/index.ts';
import { planProduced, producedNeeds, rehearsal } from '../openssl/produced.ts';
import { defineModule } from '../types.ts';
import { csrParams, type Params } from './params.ts';
import { alternativeNames, configuration, subjectOf } from './request.ts';

/** Requests for certificates. One that says the same with the same key stays, whatever its signature. */
export default defineModule({
  name: 'openssl_csr',
  summary: 'Makes a request for a certificate.',
  params: csrParams,
  needs: (given) => producedNeeds(given, made(given)),
  plan: (given, seen, context) =>
    planProduced(given, made(given), { contentKey: 'csr', keys: () => keysOf(given) }, seen, context),
});

function keysOf(given: Params): Record<string, unknown> {
  return {
    privatekey: given.privatekey_path ?? null,
    filename: given.path,
    subject: subjectOf(given),
    subjectAltName: alternativeNames(given) ?? null,
    keyUsage: given.key_usage ?? null,
    extendedKeyUsage: given.extended_key_usage ?? null,
    basicConstraints: given.basic_constraints ?? null,
    ocspMustStaple: given.ocsp_must_staple,
    name_constraints_permitted: given.name_constraints_permitted ?? [],
    name_constraints_excluded: given.name_constraints_excluded ?? [],
  };
}

// $1 the configuration, $2 the digest.
const MAKE = `
printf '%s' "$1" >"$folder/config"
run req -new -key "$key" -passin env:CUTOVER_PASSPHRASE -config "$folder/config" "-$2" -out "$folder/made"
shown() { openssl req -in "$1" -noout -text 2>/dev/null | sed '/^ *Signature Algorithm/,$d'; }
if [ -f "$path" ] && [ "$(shown "$path")" = "$(shown "$folder/made")" ]; then echo same; else echo other; fi
cat "$folder/made"
`;

function made(given: Params): Probe<CommandResult> {
  const key = {
    path: given.privatekey_path,
    content: given.privatekey_content,
    passphrase: given.privatekey_passphrase,
  };
  return rehearsal(given.path, key, MAKE, [configuration(given), given.digest]);
}
