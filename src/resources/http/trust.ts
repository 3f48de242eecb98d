import { rootCertificates } from 'node:tls';
import type { CutoverError } from '../../errors/index.ts';
import { quote } from '../shell.ts';
import type { Session } from '../types.ts';

// What OpenSSL says of a certificate whose signer it does not know (verify(1ssl)).
const UNKNOWN_SIGNER = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]);

// Debian and its kin, RHEL and its kin, SUSE, Alpine and the BSDs.
const BUNDLES = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/ca-bundle.pem',
  '/etc/ssl/cert.pem',
];

/** Whether a TLS connection failed only because nobody here knows who signed the certificate. */
export function lacksSigner(error: CutoverError): boolean {
  const { code } = (error.cause ?? {}) as { code?: unknown };
  return typeof code === 'string' && UNKNOWN_SIGNER.has(code);
}

/**
 * Gives the certificates that the target trusts, beside those that everybody does: a company's own authority is often known
 * there only. It is asked for when it is missing, so that requests to the public cost nothing more. Undefined where there are none.
 */
export async function trustedByTarget(session: Session): Promise<string | undefined> {
  // As OpenSSL has it, the task's environment may name another file.
  const named = session.environment.SSL_CERT_FILE;
  const places = named === undefined ? BUNDLES : [quote(named), ...BUNDLES];
  const script = `for co_f in ${places.join(' ')}; do
if [ -f "$co_f" ] && [ -r "$co_f" ]; then cat "$co_f"; break; fi
done`;
  const { code, stdout } = await session.lane.run({ script });
  if (code !== 0 || stdout.length === 0) return undefined;
  return [...rootCertificates, stdout.toString('utf8')].join('\n');
}
