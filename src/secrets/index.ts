/** What must never be seen: the values that sinks mask, and the sealing of values that must be kept. */
export { maskedError } from './masked-error.ts';
export { createSecrets, type Secrets } from './secrets.ts';
