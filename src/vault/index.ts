/** Ansible Vault, formats 1.1 and 1.2: texts, values and files, to and fro. */
export {
  createFile,
  decryptFile,
  type EncryptOptions,
  editFile,
  encryptFile,
  encryptString,
  rekeyFile,
  sealedFile,
  viewFile,
} from './files.ts';
export { BadEnvelope, isEncrypted, openEnvelope, parseEnvelope, sealEnvelope } from './format.ts';
export { parseVaultId, type VaultIdentity, type VaultIdSpec } from './passwords.ts';
export { createVault, type Opened, type Vault, type VaultOptions } from './vault.ts';
