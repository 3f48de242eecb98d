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

/** Makes the vault that flags and settings describe; undefined when they name no password. */
export async function vaultFromFlags(
  flags: VaultFlags,
  config: SettingValues,
  secrets?: { add(value: unknown): void },
  encryptLabel?: string,
): Promise<Vault | undefined> {
  const ids: VaultIdentity[] = [];
  const ask = async (label: string) => {
    const prompt = terminalPrompt();
    if (!prompt)
      throw new CutoverError('usage', 'a vault password is wanted and nobody is at the terminal', {
        hint: 'use --vault-password-file',
      });
    return prompt(label === 'default' ? 'Vault password: ' : `Vault password (${label}): `, { echo: false });
  };
  for (const text of [...(config.vaultIdentityList ?? []), ...(flags.vaultId ?? [])]) {
    const { label, source } = parseVaultId(text);
    ids.push('file' in source ? { label, file: source.file } : { label, prompt: ask });
  }
  const files = flags.vaultPassFile ?? (config.vaultPasswordFile ? [config.vaultPasswordFile] : []);
  for (const file of files) ids.push({ file });
  if (flags.askVaultPass ?? config.askVaultPass) ids.push({ prompt: ask });
  return ids.length === 0
    ? undefined
    : createVault({
        ids,
        matchLabelsOnly: config.vaultIdMatch,
        ...(secrets ? { secrets } : {}),
        ...(encryptLabel ? { encryptLabel } : {}),
      });
}
