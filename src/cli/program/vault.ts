import type { Command } from 'commander';
import { lazy, list, vaultPasswords } from './flags.ts';

/** Flags that only some of the actions have. */
const FLAGS = {
  encryptId: ['--encrypt-vault-id <label>', 'the identity to encrypt with'],
  newFile: ['--new-vault-password-file <file>', 'file with the new password'],
  newId: ['--new-vault-id <label@source>', 'the new identity'],
  output: ['--output <file>', 'write here instead of in place; - is standard output'],
  name: ['-n, --name <variable>', 'name of the variable; once for each value'],
  stdinName: ['--stdin-name <variable>', 'read a value from standard input too, and call it so'],
  prompt: ['-p, --prompt', 'ask for a value'],
  showInput: ['--show-input', 'show what is typed at the question'],
} as const;

interface Action {
  readonly about: string;
  readonly flags: readonly (keyof typeof FLAGS)[];
  readonly alias?: string;
}

const ACTIONS: Readonly<Record<string, Action>> = {
  create: { about: 'make an encrypted file in $EDITOR', flags: ['encryptId'] },
  edit: { about: 'edit in $EDITOR', flags: ['encryptId'] },
  encrypt: { about: 'encrypt files in place, or standard input (-)', flags: ['encryptId', 'output'] },
  decrypt: { about: 'decrypt files in place, or standard input (-)', flags: ['output'] },
  view: { about: 'print decrypted', flags: [] },
  rekey: { about: 'encrypt anew with another password', flags: ['encryptId', 'newFile', 'newId'] },
  'encrypt-string': {
    about: 'encrypt values for use as !vault',
    flags: ['encryptId', 'output', 'name', 'stdinName', 'prompt', 'showInput'],
    alias: 'encrypt_string',
  },
};

/** Describes the actions of `cutover vault`. */
export function describeVault(program: Command): void {
  const vault = program.command('vault').description('encrypt and decrypt files and values');
  for (const [name, { about, flags, alias }] of Object.entries(ACTIONS)) {
    const what = name === 'encrypt-string' ? 'values' : 'files';
    const command = vaultPasswords(vault.command(`${name} [${what}...]`).description(about));
    if (alias !== undefined) command.alias(alias);
    for (const flag of flags) {
      const [written, meaning] = FLAGS[flag];
      if (flag === 'name') command.option(written, meaning, list);
      else command.option(written, meaning);
    }
    command.action(
      lazy(
        () => import('../commands/vault.ts'),
        (module, given: string[], own: never) => module.vault(name, given, own),
      ),
    );
  }
}
