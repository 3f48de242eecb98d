import type { SettingValues } from '../config/index.ts';
import { CutoverError } from '../errors/index.ts';
import { createVault, parseVaultId, type Vault, type VaultIdentity } from '../vault/index.ts';
import { terminalPrompt } from './prompt.ts';

/** Flags that say where vault passwords come from. */
export interface VaultFlags {
  /** `--vault-password-file`, or `--vault-pass-file`: commander names it after the second. */
  readonly vaultPassFile?: readonly string[];
  readonly vaultId?: readonly string[];
  readonly askVaultPass?: boolean;
}

/** What the commands want of a vault beyond what flags and settings say. */
export interface VaultWishes {
  readonly secrets?: { add(value: unknown): void };
  readonly encryptLabel?: string;
  /** Ask when no password was named and somebody is at the terminal. */
  readonly otherwiseAsk?: boolean;
  /** Typed passwords are asked for twice: they encrypt, and a slip would lock everybody out. */
  readonly twice?: boolean;
}

/** Makes the vault that flags and settings describe; undefined when they name no password. */
export async function vaultFromFlags(
  flags: VaultFlags,
  config: SettingValues,
  { secrets, encryptLabel, otherwiseAsk = false, twice = false }: VaultWishes = {},
): Promise<Vault | undefined> {
  const ids: VaultIdentity[] = [];
  const ask = (label: string) => askPassword(label, twice);
  for (const text of [...(config.vaultIdentityList ?? []), ...(flags.vaultId ?? [])]) {
    const { label, source } = parseVaultId(text);
    ids.push('file' in source ? { label, file: source.file } : { label, prompt: ask });
  }
  const files = flags.vaultPassFile ?? (config.vaultPasswordFile ? [config.vaultPasswordFile] : []);
  for (const file of files) ids.push({ file });
  const nobodySaid = ids.length === 0 && otherwiseAsk && process.stdin.isTTY === true;
  if ((flags.askVaultPass ?? config.askVaultPass) || nobodySaid) ids.push({ prompt: ask });
  return ids.length === 0
    ? undefined
    : createVault({
        ids,
        matchLabelsOnly: config.vaultIdMatch,
        ...(secrets ? { secrets } : {}),
        ...(encryptLabel ? { encryptLabel } : {}),
      });
}

async function askPassword(label: string, twice: boolean): Promise<string> {
  const prompt = terminalPrompt();
  if (!prompt)
    throw new CutoverError('usage', 'a vault password is wanted and nobody is at the terminal', {
      hint: 'use --vault-password-file',
    });
  const of = label === 'default' ? '' : ` (${label})`;
  const password = await prompt(`${twice ? 'New vault' : 'Vault'} password${of}: `, { echo: false });
  if (twice && (await prompt(`Confirm the new vault password${of}: `, { echo: false })) !== password)
    throw new CutoverError('usage', 'the two passwords differ');
  return password;
}
