import { CutoverError } from '../errors/index.ts';
import type { Secrets } from './secrets.ts';

/** Gives an error without secrets in its words. Its place and host stay as they are. */
export function maskedError(error: CutoverError, secrets: Secrets): CutoverError {
  if (secrets.size === 0) return error;
  const { kind, message, position, host, hint, cause } = error;
  return new CutoverError(kind, secrets.mask(message), {
    position,
    host,
    hint: hint === undefined ? undefined : secrets.mask(hint),
    cause,
  });
}
