import { text } from '../params.ts';
import type { Login } from './login.ts';

/** The parameter `db` of modules that need one only to log in. */
export const databaseParam = text
  .optional()
  .describe('Database to log in to. Default: the one named as the user.');

/** Gives the database to log in to. */
export function databaseOf(given: Login & { readonly db?: string | undefined }): string {
  return given.db || given.login_user;
}
