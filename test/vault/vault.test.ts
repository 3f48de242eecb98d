import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createSecrets } from '../../src/secrets/index.ts';
import { createVault, encryptString, isEncrypted, parseVaultId } from '../../src/vault/index.ts';
import { folderWith } from '../inventory/folder.ts';
import { hasProgram } from '../machine.ts';

const REAL = '/usr/bin/ansible-vault';
const real = (folder: string, ...args: string[]): string =>
  execFileSync(REAL, args, { cwd: folder, encoding: 'utf8' });

/** Made by ansible-vault 2.14 from "hello" with the password "pw x". */
const KNOWN = `$ANSIBLE_VAULT;1.2;AES256;dev
37336631353563646436356538306564336566343932326533366635656232353761663565623463
3732653861613639623564653136633234356237323137640a616162626561363333623962346466
36626238383733363564306135323336346335306532313939386130633566333166306535303532
3130333736353538320a636635623037393132363464393662383438396136653464353936326235
3930
`;

describe('texts', () => {
  test('one made by ansible-vault is opened', async () => {
    const vault = await createVault({ ids: [{ label: 'dev', password: 'pw x' }] });
    expect(vault.decryptText(KNOWN)).toBe('secret');
    expect(vault.open(KNOWN)).toMatchObject({ label: 'dev', textLabel: 'dev' });
  });

  test.each(['', 'x', 'sixteen bytes...', 'ümlaut\n'.repeat(1000), '\0\x01\xff'])(
    'round trip of %j',
    async (plain) => {
      const vault = await createVault({ ids: [{ password: 'p' }] });
      const sealed = vault.encryptText(plain);
      expect(sealed).toMatch(/^\$ANSIBLE_VAULT;1\.1;AES256\n(?:[0-9a-f]{80}\n)*[0-9a-f]{1,80}\n$/);
      expect(isEncrypted(sealed)).toBe(true);
      expect(vault.decryptText(sealed)).toBe(plain);
      expect(vault.decryptText(sealed.replaceAll('\n', '\r\n'))).toBe(plain);
    },
  );

  test('two encryptions of one text differ', async () => {
    const vault = await createVault({ ids: [{ password: 'p' }] });
    expect(vault.encryptText('same')).not.toBe(vault.encryptText('same'));
  });

  test('a label makes format 1.2, and the other labels are tried when its own does not open', async () => {
    const both = await createVault({
      ids: [
        { label: 'a', password: '1' },
        { label: 'b', password: '2' },
      ],
    });
    const sealed = both.encryptText('x', { label: 'b' });
    expect(sealed.split('\n')[0]).toBe('$ANSIBLE_VAULT;1.2;AES256;b');
    const renamed = await createVault({
      ids: [
        { label: 'b', password: '1' },
        { label: 'c', password: '2' },
      ],
    });
    expect(renamed.open(sealed)).toMatchObject({ label: 'c', textLabel: 'b' });
    const strict = await createVault({ ids: [{ label: 'c', password: '2' }], matchLabelsOnly: true });
    expect(() => strict.decryptText(sealed)).toThrow('no vault password opens it');
  });

  test('a value becomes a secret, a whole text does not', async () => {
    const secrets = createSecrets();
    const vault = await createVault({ ids: [{ password: 'opensesame' }], secrets });
    expect(vault.decryptText(vault.encryptText('first secret'))).toBe('first secret');
    expect(secrets.mask('first secret')).toBe('first secret');
    vault.decryptValue(vault.encryptText('first secret'));
    expect(secrets.mask('first secret opensesame')).toBe('******** ********');
  });
});

describe('errors say what and where', () => {
  const position = { file: 'g.yml', line: 3, column: 7 };
  const [header, ...body] = KNOWN.trimEnd().split('\n');
  const vaultText = (...lines: (string | undefined)[]): string => lines.join('\n');

  test('no password', async () => {
    const vault = await createVault({ ids: [] });
    expect(() => vault.decryptText(KNOWN, position)).toThrow(
      expect.objectContaining({
        kind: 'vault',
        position,
        message: 'this is encrypted (vault id "dev") and no vault password was given',
      }),
    );
  });

  test('no password matches', async () => {
    const vault = await createVault({
      ids: [{ password: 'wrong' }, { label: 'prod', password: 'also wrong' }],
    });
    expect(() => vault.decryptText(KNOWN, position)).toThrow(
      expect.objectContaining({ position, hint: 'tried: default, prod; or the text was damaged' }),
    );
  });

  test.each([
    ['a flipped digit', KNOWN.replace('36626238', '36626239'), /opens it|damaged/],
    ['a lost line', vaultText(header, body[0], ...body.slice(2)), /opens it|damaged/],
    ['an odd number of digits', vaultText(header, ...body, '3'), 'not complete'],
    ['letters that are not hex', vaultText(header, ...body, 'zz'), 'not complete'],
    ['only a header', vaultText(header), 'not complete'],
    ['another version', vaultText('$ANSIBLE_VAULT;2.0;AES256', ...body), 'vault version "2.0" is not known'],
    ['another cipher', vaultText('$ANSIBLE_VAULT;1.1;AES', ...body), 'the vault cipher "AES" is not known'],
    ['no vault', 'plain', 'not a vault'],
  ])('%s', async (_, text, message) => {
    const vault = await createVault({ ids: [{ password: 'pw x' }] });
    expect(() => vault.decryptText(text, position)).toThrow(
      expect.objectContaining({ kind: 'vault', position }),
    );
    expect(() => vault.decryptText(text, position)).toThrow(message);
  });

  test('which of several passwords encrypts', async () => {
    const vault = await createVault({
      ids: [
        { label: 'dev', password: '1' },
        { label: 'prod', password: '2' },
      ],
    });
    expect(() => vault.encryptText('x')).toThrow('there are several vault ids (dev, prod)');
    expect(() => vault.encryptText('x', { label: 'prd' })).toThrow(
      expect.objectContaining({ hint: 'did you mean "prod"?' }),
    );
  });
});

describe('where passwords come from', () => {
  const folder = folderWith({
    file: '  pw x \n\n',
    empty: ' \n',
    'script*': '#!/bin/sh\nprintf "pw x\\n"',
    'ask-client*': '#!/bin/sh\n[ "$1 $2" = "--vault-id dev" ] || exit 2\necho "pw x"',
    'failing*': '#!/bin/sh\nexit 7',
  });

  test.each([
    ['a file, white space cut off', { file: 'file' }],
    ['an executable file', { file: 'script' }],
    ['a script', { script: 'script' }],
    ['a client script, told the label', { file: 'ask-client' }],
    ['a prompt', { prompt: async (label: string) => (label === 'dev' ? 'pw x' : 'no') }],
  ])('%s', async (_, source) => {
    const vault = await createVault({ ids: [{ label: 'dev', ...source }], cwd: folder });
    expect(vault.decryptText(KNOWN)).toBe('secret');
  });

  test.each([
    ['missing', 'the vault password file "missing" does not exist'],
    ['empty', 'the vault password file "empty" gives an empty password'],
    ['failing', 'the vault password file "failing" ended with exit code 7'],
    ['ask-client', 'the vault password file "ask-client" knows no password for the vault id "other"'],
    ['.', 'the vault password file "." is a folder'],
  ])('%s', async (file, message) => {
    const vault = await createVault({ ids: [{ label: 'other', file }], cwd: folder });
    expect(() => vault.decryptText(KNOWN)).toThrow(expect.objectContaining({ kind: 'vault', message }));
  });

  test.each([
    ['dev@file', { label: 'dev', source: { file: 'file' } }],
    ['dev@prompt', { label: 'dev', source: { prompt: true } }],
    ['~/.pass', { label: 'default', source: { file: '~/.pass' } }],
    ['dev@a@b', { label: 'dev', source: { file: 'a@b' } }],
  ])('--vault-id %s', (text, spec) => expect(parseVaultId(text)).toEqual(spec));
});

describe.runIf(hasProgram('ansible-vault'))('together with the real ansible-vault', () => {
  test('it opens what is made here, and the other way round', async () => {
    const folder = folderWith({ pass: 'öpen sesame\n', theirs: 'line 1\nümlaut\n' });
    const plain = await createVault({ ids: [{ file: 'pass' }], cwd: folder });
    const labelled = await createVault({ ids: [{ label: 'prod', file: 'pass' }], cwd: folder });
    const files = { ours11: plain.encryptText('one\n'), ours12: labelled.encryptText('two\n') };
    const other = folderWith({ ...files, pass: 'öpen sesame' });
    expect(real(other, 'view', '--vault-password-file', 'pass', 'ours11', 'ours12')).toContain('one\ntwo\n');
    real(folder, 'encrypt', '--vault-id', 'prod@pass', 'theirs');
    const sealed = readFileSync(join(folder, 'theirs'), 'utf8');
    expect(labelled.open(sealed)).toMatchObject({
      textLabel: 'prod',
      bytes: Buffer.from('line 1\nümlaut\n'),
    });
  });

  test('encrypt-string prints the same YAML shape', async () => {
    const folder = folderWith({ pass: 'p' });
    const theirs = real(folder, 'encrypt_string', '--vault-id', 'dev@pass', 'v', '--name', 'key');
    const vault = await createVault({ ids: [{ label: 'dev', file: 'pass' }], cwd: folder });
    const shape = (text: string): string => text.replace(/^ +[0-9a-f]+$/gm, 'hex').trimEnd();
    expect(shape(encryptString('v', vault, { name: 'key' }))).toBe(shape(theirs));
  });
});
