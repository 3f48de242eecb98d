import { lstat, mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { CutoverError } from '../errors/index.ts';
import { replaceFile, withPrivateFolder } from './private-file.ts';
import type { Vault } from './vault.ts';

/** Which password encrypts, when there are several. */
export interface EncryptOptions {
  readonly label?: string;
  /** Write there instead of replacing the file. */
  readonly output?: string;
}

/** Encrypts a file. The plain bytes it replaces are overwritten on disk. Throws CutoverError('vault') when it already is encrypted. */
export async function encryptFile(path: string, vault: Vault, options: EncryptOptions = {}): Promise<void> {
  const sealed = await sealedFile(path, vault, options);
  await replaceFile(options.output ?? path, sealed, { wipe: options.output === undefined });
}

/** Gives a file's bytes encrypted, and writes nothing. Throws CutoverError('vault') when they already are. */
export async function sealedFile(
  path: string,
  vault: Vault,
  options: Pick<EncryptOptions, 'label'> = {},
): Promise<Buffer> {
  const plain = await read(path);
  if (vault.isEncrypted(plain)) throw new CutoverError('vault', `${path} is already encrypted`);
  return Buffer.from(vault.encryptText(plain, options));
}

/** Decrypts a file; permissions stay as they are. Throws CutoverError('vault'). */
export async function decryptFile(
  path: string,
  vault: Vault,
  options: { readonly output?: string } = {},
): Promise<void> {
  await replaceFile(options.output ?? path, await viewFile(path, vault));
}

/** Gives the plain bytes of an encrypted file and writes nothing. Throws CutoverError('vault'). */
export async function viewFile(path: string, vault: Vault): Promise<Buffer> {
  return (await openFile(path, vault)).bytes;
}

/**
 * Lets an editor write a new file, of which only the encrypted text is ever on disk; missing folders are made. Throws
 * CutoverError('vault') when something is there already, or when it is not clear which password encrypts.
 */
export async function createFile(
  path: string,
  vault: Vault,
  edit: (path: string) => Promise<void>,
  options: Pick<EncryptOptions, 'label'> = {},
): Promise<void> {
  await mustBeFree(path);
  // Better said before the editor opens than after.
  vault.encryptText('', options);
  await withPrivateFolder(async (folder) => {
    const copy = join(folder, basename(path));
    await writeFile(copy, '', { mode: 0o600, flag: 'wx' });
    await edit(copy);
    const sealed = Buffer.from(vault.encryptText(await readFile(copy), options));
    await mustBeFree(path);
    await mkdir(dirname(path), { recursive: true });
    await replaceFile(path, sealed);
  });
}

async function mustBeFree(path: string): Promise<void> {
  if (await lstat(path).catch(() => undefined))
    throw new CutoverError('vault', `${path} is there already`, { hint: 'use `cutover vault edit`' });
}

/**
 * Lets an editor change an encrypted file. The plain text exists only in a private folder while `edit` runs, and is
 * overwritten afterwards, also when `edit` fails. Nothing is written when nothing changed. The password that opened the
 * file closes it. Gives whether it changed. Throws CutoverError('vault').
 */
export async function editFile(
  path: string,
  vault: Vault,
  edit: (path: string) => Promise<void>,
): Promise<boolean> {
  const opened = await openFile(path, vault);
  return withPrivateFolder(async (folder) => {
    // The name's ending lets the editor know the language.
    const copy = join(folder, basename(path));
    await writeFile(copy, opened.bytes, { mode: 0o600, flag: 'wx' });
    await edit(copy);
    const changed = await readFile(copy);
    if (changed.equals(opened.bytes)) return false;
    await replaceFile(path, Buffer.from(vault.encryptText(changed, { label: opened.label })));
    return true;
  });
}

/** Encrypts an encrypted file again under the password of another vault. Throws CutoverError('vault'). */
export async function rekeyFile(
  path: string,
  vault: Vault,
  next: Vault,
  options: { readonly label?: string } = {},
): Promise<void> {
  const { bytes } = await openFile(path, vault);
  await replaceFile(path, Buffer.from(next.encryptText(bytes, options)));
}

/** Gives the YAML for one encrypted value: `name: !vault |` and the text below it. */
export function encryptString(
  plain: string,
  vault: Vault,
  options: { readonly name?: string; readonly label?: string } = {},
): string {
  const lines = vault.encryptText(plain, options).trimEnd().split('\n');
  const start = options.name === undefined ? '!vault |' : `${options.name}: !vault |`;
  return [start, ...lines.map((line) => `          ${line}`)].join('\n');
}

async function openFile(path: string, vault: Vault): Promise<ReturnType<Vault['open']>> {
  const content = await read(path);
  const position = { file: path, line: 1, column: 1 };
  if (!vault.isEncrypted(content)) throw new CutoverError('vault', 'the file is not encrypted', { position });
  return vault.open(content.toString('latin1'), position);
}

/** `-` is standard input. */
async function read(path: string): Promise<Buffer> {
  if (path === '-') return buffer(process.stdin);
  try {
    return await readFile(path);
  } catch (thrown) {
    const code = (thrown as NodeJS.ErrnoException).code;
    const reason = code === 'ENOENT' ? 'does not exist' : `cannot be read (${code})`;
    throw new CutoverError('vault', `${path} ${reason}`, { cause: thrown });
  }
}
