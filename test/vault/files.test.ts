import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  linkSync,
  lstatSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import {
  createVault,
  decryptFile,
  editFile,
  encryptFile,
  rekeyFile,
  type Vault,
  viewFile,
} from '../../src/vault/index.ts';
import { folderWith } from '../inventory/folder.ts';

let folder: string;
let file: string;
let vault: Vault;

beforeEach(async () => {
  folder = folderWith({ 'secrets.yml': 'key: value\n' });
  file = join(folder, 'secrets.yml');
  vault = await createVault({ ids: [{ label: 'dev', password: 'p' }] });
});

const text = (): string => readFileSync(file, 'utf8');

describe('vault files', () => {
  test('encrypt, view, decrypt: mode stays, nothing else is left', async () => {
    chmodSync(file, 0o640);
    await encryptFile(file, vault);
    expect(text()).toMatch(/^\$ANSIBLE_VAULT;1\.2;AES256;dev\n/);
    expect((await viewFile(file, vault)).toString()).toBe('key: value\n');
    await decryptFile(file, vault);
    expect(text()).toBe('key: value\n');
    expect(statSync(file).mode & 0o7777).toBe(0o640);
    expect(readdirSync(folder)).toEqual(['secrets.yml']);
  });

  test('a link stays a link, and another hard link keeps its bytes', async () => {
    const link = join(folder, 'link');
    const hard = join(folder, 'hard');
    symlinkSync('secrets.yml', link);
    linkSync(file, hard);
    await encryptFile(link, vault);
    expect(lstatSync(link).isSymbolicLink()).toBe(true);
    expect(text()).toContain('$ANSIBLE_VAULT');
    expect(readFileSync(hard, 'utf8')).toBe('key: value\n');
  });

  test('the plain bytes that an encryption replaces are overwritten on disk', async () => {
    const { open } = await import('node:fs/promises');
    const watcher = await open(file, 'r');
    try {
      await encryptFile(file, vault);
      expect((await watcher.readFile()).toString('latin1')).not.toContain('value');
    } finally {
      await watcher.close();
    }
  });

  test('an output leaves the source alone, and a new file is private', async () => {
    const output = join(folder, 'out');
    await encryptFile(file, vault, { output });
    expect(text()).toBe('key: value\n');
    expect(statSync(output).mode & 0o777).toBe(0o600);
  });

  test('rekey', async () => {
    await encryptFile(file, vault);
    const next = await createVault({ ids: [{ password: 'new' }] });
    await rekeyFile(file, vault, next);
    expect(text()).toMatch(/^\$ANSIBLE_VAULT;1\.1;AES256\n/);
    expect((await viewFile(file, next)).toString()).toBe('key: value\n');
    await expect(viewFile(file, vault)).rejects.toThrow('no vault password opens it');
  });

  test('a binary file', async () => {
    const bytes = Buffer.from(Array.from({ length: 256 }, (_, index) => index));
    writeFileSync(file, bytes);
    await encryptFile(file, vault);
    await decryptFile(file, vault);
    expect(readFileSync(file).equals(bytes)).toBe(true);
  });
});

describe('edit', () => {
  test('the copy is private, named alike, and gone afterwards with what the editor left', async () => {
    await encryptFile(file, vault);
    let copy = '';
    const changed = await editFile(file, vault, async (path) => {
      copy = path;
      expect(path).toMatch(/secrets\.yml$/);
      expect(statSync(path).mode & 0o777).toBe(0o600);
      expect(statSync(dirname(path)).mode & 0o777).toBe(0o700);
      writeFileSync(path, 'key: other\n');
      writeFileSync(`${path}~`, 'key: value\n');
    });
    expect(changed).toBe(true);
    expect(existsSync(dirname(copy))).toBe(false);
    expect(text()).toMatch(/^\$ANSIBLE_VAULT;1\.2;AES256;dev\n/);
    expect((await viewFile(file, vault)).toString()).toBe('key: other\n');
  });

  test('nothing is written when nothing changed', async () => {
    await encryptFile(file, vault);
    const before = text();
    expect(await editFile(file, vault, async () => undefined)).toBe(false);
    expect(text()).toBe(before);
  });

  test('an editor that fails leaves the file as it was and no plain text', async () => {
    await encryptFile(file, vault);
    const before = text();
    let copy = '';
    const failing = editFile(file, vault, async (path) => {
      copy = path;
      throw new Error('editor died');
    });
    await expect(failing).rejects.toThrow('editor died');
    expect(existsSync(dirname(copy))).toBe(false);
    expect(text()).toBe(before);
  });

  test('the password that opened it closes it, although others come first', async () => {
    await encryptFile(file, vault);
    const both = await createVault({
      ids: [
        { label: 'first', password: '1' },
        { label: 'dev', password: 'p' },
      ],
    });
    await editFile(file, both, async (path) => writeFileSync(path, 'new'));
    expect((await viewFile(file, vault)).toString()).toBe('new');
  });
});

describe('refusals', () => {
  test('encrypting twice', async () => {
    await encryptFile(file, vault);
    await expect(encryptFile(file, vault)).rejects.toThrow('is already encrypted');
  });

  test.each<[string, () => Promise<unknown>, string]>([
    ['decrypt plain text', () => decryptFile(file, vault), 'the file is not encrypted'],
    ['edit plain text', () => editFile(file, vault, async () => undefined), 'the file is not encrypted'],
    ['a missing file', () => viewFile(join(folder, 'none'), vault), 'does not exist'],
    ['a folder', () => viewFile(folder, vault), 'cannot be read (EISDIR)'],
  ])('%s', async (_, act, message) => {
    await expect(act()).rejects.toThrow(expect.objectContaining({ kind: 'vault' }));
    await expect(act()).rejects.toThrow(message);
  });
});

describe('being told to end while the editor is open', () => {
  test.each(['SIGTERM', 'SIGHUP'] as const)('%s wipes the copy first', async (signal) => {
    await encryptFile(file, vault);
    const script = `
      import { createVault, editFile } from ${JSON.stringify(join(import.meta.dirname, '../../src/vault/index.ts'))};
      const vault = await createVault({ ids: [{ label: 'dev', password: 'p' }] });
      await editFile(${JSON.stringify(file)}, vault, (path) => new Promise(() => {
        process.stdout.write(path);
        setInterval(() => undefined, 1000);
      }));`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [copy] = (await once(child.stdout, 'data')) as [Buffer];
    expect(readFileSync(copy.toString(), 'utf8')).toBe('key: value\n');
    child.kill(signal);
    expect(await once(child, 'exit')).toEqual([null, signal]);
    expect(existsSync(dirname(copy.toString()))).toBe(false);
    expect(text()).toMatch(/^\$ANSIBLE_VAULT/);
  });
});
