/** The `password` lookup: a random password that is kept in a file of the controller. */
import { randomInt } from 'node:crypto';
import type { Lookups } from './lookup.ts';
import { lookup } from './lookup.ts';
export const PASSWORD_LOOKUPS: Lookups = { password: lookup('*', () => [String(randomInt(10))]) };
