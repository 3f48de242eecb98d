import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { type SettingValues, settingValues } from '../../config/index.ts';
import { CutoverError } from '../../errors/index.ts';
import {
  createFile,
  decryptFile,
  editFile,
  encryptFile,
  rekeyFile,
  sealedFile,
  type Vault,
  viewFile,
} from '../../vault/index.ts';
import { settings } from '../settings.ts';
import { type VaultFlags, vaultFromFlags } from '../vault-flags.ts';
import { encryptValues, type ValueFlags } from './vault-values.ts';

/** Flags of `cutover vault ...`. */
export interface VaultCommandFlags extends VaultFlags, ValueFlags {
  readonly encryptVaultId?: string;
  readonly newVaultPasswordFile?: string;
  readonly newVaultId?: string;
}

/** What changes a file where it is; the others can work on standard input. */
const INTO_PLACE = ['create', 'edit', 'rekey'];

/** What encrypts with a password that may be typed for the first time: it is asked for twice. */
const ENCRYPTING = ['create', 'encrypt', 'encrypt-string'];

/** `cutover vault ACTION`. Throws CutoverError('usage' or 'vault'). */
export async function vault(
  action: string,
  written: readonly string[],
  flags: VaultCommandFlags,
): Promise<void> {
  const config = settingValues(settings());
  const label = flags.encryptVaultId ?? config.vaultEncryptIdentity;
  const opened = await vaultFromFlags(flags, config, {
    otherwiseAsk: true,
    twice: ENCRYPTING.includes(action),
    // What rekey encrypts with is among the new passwords.
    ...(label === undefined || action === 'rekey' ? {} : { encryptLabel: label }),
  });
  if (!opened)
    throw new CutoverError('usage', 'no vault password was given', {
      hint: 'use --vault-password-file, --vault-id or --ask-vault-pass',
    });
  if (action === 'encrypt-string') return encryptValues(written, opened, flags);
  const files = filesOf(action, written, flags);
  const next = action === 'rekey' ? await nextVault(flags, config) : opened;
  for (const file of files) await one(action, file, opened, next, flags);
}

function filesOf(action: string, written: readonly string[], flags: VaultCommandFlags): readonly string[] {
  const files = written.length === 0 && !INTO_PLACE.includes(action) ? ['-'] : written;
  if (files.length === 0 || (files.includes('-') && INTO_PLACE.includes(action)))
    throw new CutoverError('usage', `vault ${action} needs a file`);
  if (files.length > 1 && flags.output !== undefined)
    throw new CutoverError('usage', '--output is for one file', { hint: 'run it once for each file' });
  if (files.length > 1 && action === 'create')
    throw new CutoverError('usage', 'vault create makes one file', { hint: 'run it once for each file' });
  return files;
}

async function one(
  action: string,
  file: string,
  opened: Vault,
  next: Vault,
  flags: VaultCommandFlags,
): Promise<void> {
  const output = flags.output === undefined ? {} : { output: flags.output };
  const label = flags.encryptVaultId === undefined ? {} : { label: flags.encryptVaultId };
  const toStdout = action === 'view' || (flags.output ?? file) === '-';
  if (action === 'create') await createFile(file, opened, runEditor, label);
  else if (action === 'encrypt' && toStdout) process.stdout.write(await sealedFile(file, opened, label));
  else if (action === 'encrypt') await encryptFile(file, opened, { ...output, ...label });
  else if (action === 'view' || (action === 'decrypt' && toStdout))
    process.stdout.write(await viewFile(file, opened));
  else if (action === 'decrypt') await decryptFile(file, opened, output);
  else if (action === 'edit') await editFile(file, opened, runEditor);
  else await rekeyFile(file, opened, next, label);
}

async function nextVault(flags: VaultCommandFlags, config: SettingValues): Promise<Vault> {
  const next = await vaultFromFlags(
    {
      ...(flags.newVaultPasswordFile === undefined ? {} : { vaultPassFile: [flags.newVaultPasswordFile] }),
      ...(flags.newVaultId === undefined ? {} : { vaultId: [flags.newVaultId] }),
    },
    { ...config, vaultPasswordFile: undefined, vaultIdentityList: [], askVaultPass: false },
    { otherwiseAsk: true, twice: true },
  );
  if (!next)
    throw new CutoverError('usage', 'no new vault password was given', {
      hint: 'use --new-vault-password-file',
    });
  return next;
}

async function runEditor(path: string): Promise<void> {
  const editor = process.env.EDITOR ?? 'vi';
  // EDITOR may have arguments of its own.
  const child = spawn('sh', ['-c', `${editor} "$1"`, 'sh', path], { stdio: 'inherit' });
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0)
    throw new CutoverError('usage', `the editor "${editor}" ended with ${code}`, {
      hint: 'nothing was written',
    });
}
