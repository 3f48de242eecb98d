import type { CommandResult, Probe } from '../../resources/index.ts';
import { planProduced, producedNeeds, rehearsal } from '../openssl/produced.ts';
import { defineModule, type PlanContext } from '../types.ts';
import { certificateOf } from '../x509_certificate_info/certificate.ts';
import { moment } from '../x509_certificate_info/moment.ts';
import { certificateParams, type Params } from './params.ts';
import { SIGN } from './script.ts';

/** Certificates, signed by their own key or by an authority of one's own. One that says the same stays, whatever its number. */
export default defineModule({
  name: 'x509_certificate',
  summary: 'Makes a certificate.',
  params: certificateParams,
  needs: (given, _, context) => producedNeeds(given, made(given, context)),
  plan: (given, seen, context) =>
    planProduced(
      given,
      made(given, context),
      { contentKey: 'certificate', keys: (text) => keysOf(given, text) },
      seen,
      context,
    ),
});

function keysOf(given: Params, text: string | undefined): Record<string, unknown> {
  const common = {
    filename: given.path,
    privatekey: given.privatekey_path ?? null,
    csr: given.csr_path ?? null,
  };
  const certificate = text === undefined ? undefined : certificateOf(text);
  if (certificate === undefined) return common;
  return {
    ...common,
    notBefore: certificate.notBefore,
    notAfter: certificate.notAfter,
    serial_number: certificate.serial,
    ...(given.provider === 'ownca'
      ? { ca_cert: given.ownca_path ?? null, ca_privatekey: given.ownca_privatekey_path ?? null }
      : {}),
  };
}

/** What the provider needs, whichever it is. */
function signer(given: Params) {
  if (given.provider === 'ownca')
    return {
      key: {
        path: given.ownca_privatekey_path,
        content: given.ownca_privatekey_content,
        passphrase: given.ownca_privatekey_passphrase,
      },
      digest: given.ownca_digest,
      from: given.ownca_not_before,
      to: given.ownca_not_after,
      identifier: given.ownca_create_subject_key_identifier,
    };
  return {
    key: {
      path: given.privatekey_path,
      content: given.privatekey_content,
      passphrase: given.privatekey_passphrase,
    },
    digest: given.selfsigned_digest,
    from: given.selfsigned_not_before,
    to: given.selfsigned_not_after,
    identifier: given.selfsigned_create_subject_key_identifier,
  };
}

function made(given: Params, { startedAt }: PlanContext): Probe<CommandResult> {
  const { key, digest, from, to, identifier } = signer(given);
  return rehearsal(given.path, key, SIGN, [
    given.provider ?? '',
    given.csr_path ?? '',
    given.csr_content ?? '',
    given.ownca_path ?? '',
    given.ownca_content ?? '',
    digest,
    moment(from, startedAt)!,
    moment(to, startedAt)!,
    identifier,
    given.ownca_create_authority_key_identifier ? 'authority' : '',
    given.ignore_timestamps ? '' : 'times',
  ]);
}
