import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text as readAll } from 'node:stream/consumers';
import { type SettingValues, settingValues } from '../../config/index.ts';
import { CutoverError } from '../../errors/index.ts';
import {
  decryptFile,
  editFile,
  encryptFile,
  encryptString,
  rekeyFile,
  sealedFile,
  type Vault,
  viewFile,
} from '../../vault/index.ts';
import { settings } from '../settings.ts';
import { type VaultFlags, vaultFromFlags } from '../vault-flags.ts';

/** Flags of `cutover vault ...`. */
export interface VaultCommandFlags extends VaultFlags {
  readonly encryptVaultId?: string;
  readonly newVaultPasswordFile?: string;
  readonly newVaultId?: string;
  readonly name?: string;
  readonly output?: string;
}

/** What changes a file where it is; the others can work on standard input. */
const INTO_PLACE = ['edit', 'rekey'];

/** `cutover vault ACTION`. Throws CutoverError('usage' or 'vault'). */
export async function vault(
  action: string,
  written: readonly string[],
  flags: VaultCommandFlags,
): Promise<void> {
  const config = settingValues(settings());
  const opened = await vaultFromFlags(
    flags,
    config,
    undefined,
    flags.encryptVaultId ?? config.vaultEncryptIdentity,
  );
  if (!opened)
    throw new CutoverError('usage', 'no vault password was given', {
      hint: 'use --vault-password-file, --vault-id or --ask-vault-pass',
    });
  if (action === 'encrypt-string') return encryptValues(written, opened, flags);
  const files = written.length === 0 && !INTO_PLACE.includes(action) ? ['-'] : written;
  if (files.length === 0 || (files.includes('-') && INTO_PLACE.includes(action)))
    throw new CutoverError('usage', `vault ${action} needs a file`);
  if (files.length > 1 && flags.output !== undefined)
    throw new CutoverError('usage', '--output is for one file', { hint: 'run it once for each file' });
  const output = flags.output === undefined ? {} : { output: flags.output };
  for (const file of files) {
    const toStdout = action === 'view' || (flags.output ?? file) === '-';
    if (action === 'encrypt' && toStdout)
      process.stdout.write(await sealedFile(file, opened, labelOf(flags)));
    else if (action === 'encrypt') await encryptFile(file, opened, { ...output, ...labelOf(flags) });
    else if (action === 'view' || (action === 'decrypt' && toStdout))
      process.stdout.write(await viewFile(file, opened));
    else if (action === 'decrypt') await decryptFile(file, opened, output);
    else if (action === 'edit') await editFile(file, opened, runEditor);
    else await rekeyFile(file, opened, await nextVault(flags, config));
  }
}

async function encryptValues(
  values: readonly string[],
  opened: Vault,
  flags: VaultCommandFlags,
): Promise<void> {
  // A value on the command line is in the shell's history: standard input is the better way.
  const plain = values.length > 0 ? values : [(await readAll(process.stdin)).replace(/\n$/, '')];
  for (const value of plain)
    process.stdout.write(
      `${encryptString(value, opened, { ...(flags.name ? { name: flags.name } : {}), ...labelOf(flags) })}\n`,
    );
}

function labelOf(flags: VaultCommandFlags): { readonly label?: string } {
  return flags.encryptVaultId === undefined ? {} : { label: flags.encryptVaultId };
}

async function nextVault(flags: VaultCommandFlags, config: SettingValues): Promise<Vault> {
  const next = await vaultFromFlags(
    {
      ...(flags.newVaultPasswordFile === undefined ? {} : { vaultPassFile: [flags.newVaultPasswordFile] }),
      ...(flags.newVaultId === undefined ? {} : { vaultId: [flags.newVaultId] }),
      askVaultPass: flags.newVaultPasswordFile === undefined && flags.newVaultId === undefined,
    },
    { ...config, vaultPasswordFile: undefined, vaultIdentityList: [] },
  );
  if (!next)
    throw new CutoverError('usage', 'no new vault password was given', {
      hint: 'use --new-vault-password-file',
    });
  return next;
}

async function runEditor(path: string): Promise<void> {
  const editor = process.env.EDITOR ?? 'vi';
  const [code] = (await once(
    spawn(editor, [path], { stdio: 'inherit', shell: /\s/.test(editor) }),
    'exit',
  )) as [number | null];
  if (code !== 0)
    throw new CutoverError('usage', `the editor "${editor}" ended with ${code}`, {
      hint: 'the file was left as it was',
    });
}
