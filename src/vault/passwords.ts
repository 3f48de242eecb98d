import { spawnSync } from 'node:child_process';
import { accessSync, constants, readFileSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, extname, resolve } from 'node:path';
import { CutoverError } from '../errors/index.ts';

/** The label of a password that was given without one. */
export const DEFAULT_LABEL = 'default';

/** Where the password of one vault id comes from. */
export type VaultIdentity = { readonly label?: string } & (
  | { readonly password: string }
  /** A file that holds the password; when it is executable it is run, and prints it. */
  | { readonly file: string }
  /** A program that prints the password, as Ansible's password scripts do. */
  | { readonly script: string }
  /** Asks the operator. */
  | { readonly prompt: (label: string) => Promise<string> }
);

/** A source as `--vault-id` writes it. */
export interface VaultIdSpec {
  readonly label: string;
  readonly source: { readonly prompt: true } | { readonly file: string };
}

/** Splits `label@source` or `source`; the source `prompt` asks. */
export function parseVaultId(text: string): VaultIdSpec {
  const at = text.indexOf('@');
  const label = at < 0 ? DEFAULT_LABEL : text.slice(0, at) || DEFAULT_LABEL;
  const source = at < 0 ? text : text.slice(at + 1);
  const prompts = source === 'prompt' || source === 'prompt_ask_vault_pass';
  return { label, source: prompts ? { prompt: true } : { file: source } };
}

/** Reads a password file or runs a password script. Throws CutoverError('vault'); the password is in no message. */
export function readPassword(
  path: string,
  label: string,
  options: { readonly run?: boolean; readonly cwd?: string },
): Buffer {
  const file = resolve(options.cwd ?? process.cwd(), path.replace(/^~(?=\/|$)/, homedir()));
  const about = `the vault password ${options.run ? 'script' : 'file'} "${path}"`;
  let found: ReturnType<typeof statSync>;
  try {
    found = statSync(file);
  } catch (thrown) {
    throw new CutoverError('vault', `${about} does not exist`, { cause: thrown });
  }
  if (found?.isDirectory()) throw new CutoverError('vault', `${about} is a folder`);
  const password = options.run || isExecutable(file) ? runScript(file, about, label) : readFile(file, about);
  if (password.length === 0)
    throw new CutoverError('vault', `${about} gives an empty password`, {
      hint: 'put the password into its first line',
    });
  return password;
}

/** White space around the password does not count in a file; from a script only line ends are cut off, as in Ansible. */
function readFile(file: string, about: string): Buffer {
  try {
    return Buffer.from(
      readFileSync(file, 'latin1').replace(/^[ \t\r\n\v\f]+|[ \t\r\n\v\f]+$/g, ''),
      'latin1',
    );
  } catch (thrown) {
    throw new CutoverError('vault', `${about} cannot be read`, { cause: thrown });
  }
}

function runScript(file: string, about: string, label: string): Buffer {
  const client = basename(file, extname(file)).endsWith('-client');
  const args = client ? ['--vault-id', label] : [];
  const ended = spawnSync(file, args, {
    stdio: ['inherit', 'pipe', client ? 'pipe' : 'inherit'],
    maxBuffer: 1 << 20,
  });
  if (ended.error) throw new CutoverError('vault', `${about} could not be run`, { cause: ended.error });
  if (client && ended.status === 2)
    throw new CutoverError('vault', `${about} knows no password for the vault id "${label}"`);
  if (ended.status !== 0)
    throw new CutoverError('vault', `${about} ended with ${ended.signal ?? `exit code ${ended.status}`}`);
  return Buffer.from(ended.stdout.toString('latin1').replace(/^[\r\n]+|[\r\n]+$/g, ''), 'latin1');
}

function isExecutable(file: string): boolean {
  if ((statSync(file).mode & 0o111) === 0) return false;
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
