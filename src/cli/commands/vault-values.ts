import { writeFile } from 'node:fs/promises';
import { text as readAll } from 'node:stream/consumers';
import { CutoverError } from '../../errors/index.ts';
import { encryptString, type Vault } from '../../vault/index.ts';
import { terminalPrompt } from '../prompt.ts';

/** Flags of `cutover vault encrypt-string`. */
export interface ValueFlags {
  readonly encryptVaultId?: string;
  readonly name?: readonly string[];
  readonly stdinName?: string;
  readonly prompt?: boolean;
  readonly showInput?: boolean;
  readonly output?: string;
}

interface NamedValue {
  readonly name: string | undefined;
  readonly value: string;
}

/** Encrypts values of the command line, of a question and of standard input, and prints them as YAML in that order. Throws CutoverError('usage' or 'vault'). */
export async function encryptValues(
  given: readonly string[],
  vault: Vault,
  flags: ValueFlags,
): Promise<void> {
  const label = flags.encryptVaultId === undefined ? {} : { label: flags.encryptVaultId };
  const values = await valuesOf(given, flags);
  const text = values
    .map(({ name, value }) => `${encryptString(value, vault, { ...(name ? { name } : {}), ...label })}\n`)
    .join('');
  if (flags.output === undefined || flags.output === '-') process.stdout.write(text);
  else await writeFile(flags.output, text, { mode: 0o600 });
}

async function valuesOf(given: readonly string[], flags: ValueFlags): Promise<readonly NamedValue[]> {
  const names = [...(flags.name ?? [])];
  const values: NamedValue[] = [];
  if (flags.prompt) values.push(await typed(names, flags.showInput ?? false));
  // A value on the command line is in the shell's history, and every user of the machine can see it.
  const onLine = given.filter((value) => value !== '-');
  const fromInput =
    flags.stdinName !== undefined || given.includes('-') || (onLine.length === 0 && !flags.prompt);
  if (fromInput)
    values.push({
      name: flags.stdinName ?? (onLine.length === 0 ? names.shift() : undefined),
      value: await input(),
    });
  for (const value of onLine) values.push({ name: names.shift(), value });
  if (names.length > 0)
    throw new CutoverError('usage', `there are more names than values: nothing is left for "${names[0]}"`);
  return values;
}

async function typed(names: string[], shown: boolean): Promise<NamedValue> {
  const prompt = terminalPrompt();
  if (!prompt)
    throw new CutoverError('usage', 'the value is to be typed and nobody is at the terminal', {
      hint: 'give it on standard input, without --prompt',
    });
  const name = names.shift() ?? (await prompt('Name of the variable (may be empty): ', { echo: true }));
  const value = await prompt('Value to encrypt: ', { echo: shown });
  if (value === '') throw new CutoverError('usage', 'the value is empty');
  return { name, value };
}

/** Byte for byte: a key file wants its last line end. */
async function input(): Promise<string> {
  if (process.stdin.isTTY)
    process.stderr.write('The value, then Ctrl-D (twice when it has no line end of its own):\n');
  const value = await readAll(process.stdin);
  if (value === '') throw new CutoverError('usage', 'standard input is empty: there is nothing to encrypt');
  return value;
}
