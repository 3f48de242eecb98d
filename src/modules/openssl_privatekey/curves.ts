/** Curves by the names that tasks give them. */
export const CURVES = [
  'secp224r1',
  'secp256k1',
  'secp256r1',
  'secp384r1',
  'secp521r1',
  'secp192r1',
  'brainpoolP256r1',
  'brainpoolP384r1',
  'brainpoolP512r1',
  'sect163k1',
  'sect163r2',
  'sect233k1',
  'sect233r1',
  'sect283k1',
  'sect283r1',
  'sect409k1',
  'sect409r1',
  'sect571k1',
  'sect571r1',
] as const;

/** Two of them have other names in OpenSSL. */
export function opensslCurve(curve: string): string {
  return { secp256r1: 'prime256v1', secp192r1: 'prime192v1' }[curve] ?? curve;
}
