import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { settingValues } from '../config/index.ts';
import type { HostOptions, Interrupt, Prompt } from '../engine/index.ts';
import { CutoverError } from '../errors/index.ts';
import { type EventSink, openRunStore } from '../journal/index.ts';
import type { Secrets } from '../secrets/index.ts';
import { parse as parseDuration } from './duration.ts';
import { parseExtraVars } from './extra-vars.ts';
import { terminalPrompt } from './prompt.ts';
import { commandSecrets } from './secrets.ts';
import { settingNotes, settings } from './settings.ts';
import { type VaultFlags, vaultFromFlags } from './vault-flags.ts';
import { VERSION } from './version.ts';

/** Flags shared by all commands that reach hosts. */
export interface HostFlags extends VaultFlags {
  readonly inventory?: readonly string[];
  readonly limit?: string;
  readonly extraVars?: readonly string[];
  readonly forks?: string;
  readonly user?: string;
  readonly keyFile?: string;
  readonly askPass?: boolean;
  readonly connection?: string;
  readonly timeout?: string;
  readonly sshCommonArgs?: string;
  readonly sshExtraArgs?: string;
  readonly modulePath?: string;
  readonly become?: boolean;
  readonly becomeUser?: string;
  readonly becomeMethod?: string;
  readonly askBecomePass?: boolean;
  readonly becomePasswordFile?: string;
  readonly connectionPasswordFile?: string;
  readonly output: string;
  readonly wait?: string;
  readonly breakLock?: boolean;
  readonly verbose: number;
}

/** Turns flags, ansible.cfg and the environment into options. Throws CutoverError('usage'). */
export async function hostOptions(
  flags: HostFlags,
  sinks: readonly EventSink[],
  interrupt: Interrupt | undefined,
): Promise<HostOptions & { readonly secrets: Secrets }> {
  const loaded = settings();
  for (const note of settingNotes(loaded, flags.verbose)) process.stderr.write(`${note}\n`);
  const read = settingValues(loaded);
  const config = {
    ...read,
    sshCommonArgs: flags.sshCommonArgs ?? read.sshCommonArgs,
    sshExtraArgs: flags.sshExtraArgs ?? read.sshExtraArgs,
    library: [...(flags.modulePath?.split(':').map((path) => resolve(path)) ?? []), ...read.library],
  };
  const secrets = commandSecrets();
  const prompt = terminalPrompt();
  const vault = await vaultFromFlags(flags, config, { secrets });
  const password = await passwordOf(
    flags.connectionPasswordFile ?? config.connectionPasswordFile,
    flags.askPass ?? config.askPass,
    'SSH password: ',
    prompt,
  );
  const becomePassword = await passwordOf(
    flags.becomePasswordFile ?? config.becomePasswordFile,
    flags.askBecomePass ?? config.becomeAskPass,
    'BECOME password: ',
    prompt,
  );
  secrets.add([password ?? '', becomePassword ?? '', config.becomePassword ?? '']);
  const inventory = flags.inventory ?? (config.inventory.length > 0 ? config.inventory : []);
  return {
    secrets,
    inventory,
    ...(flags.limit === undefined ? {} : { limit: flags.limit }),
    forks: flags.forks === undefined ? config.forks : positive(flags.forks, '--forks'),
    connection: {
      ...(flags.user === undefined ? {} : { remoteUser: flags.user }),
      ...(flags.keyFile === undefined ? {} : { privateKeyFile: resolve(flags.keyFile) }),
      ...(password === undefined ? {} : { password }),
      ...(flags.connection === undefined ? {} : { connection: flags.connection }),
      ...(flags.timeout === undefined ? {} : { timeoutSeconds: positive(flags.timeout, '--timeout') }),
      ...(flags.become === undefined ? {} : { become: flags.become }),
      ...(flags.becomeUser === undefined ? {} : { becomeUser: flags.becomeUser }),
      ...(flags.becomeMethod === undefined ? {} : { becomeMethod: flags.becomeMethod }),
      ...(becomePassword === undefined ? {} : { becomePassword }),
    },
    extraVars: parseExtraVars(flags.extraVars ?? [], vault, secrets),
    ...(vault ? { vault } : {}),
    config,
    ...(loaded.file === undefined ? {} : { configFile: loaded.file }),
    store: openRunStore({ secrets }),
    sinks: config.displaySkippedHosts ? sinks : sinks.map(withoutSkipped),
    ...(prompt ? { prompt } : {}),
    verbosity: flags.verbose,
    version: VERSION,
    ...(interrupt ? { interrupt } : {}),
    lockWaitMs: flags.wait === undefined ? 0 : parseDuration(flags.wait),
    breakLock: flags.breakLock ?? false,
  };
}

/** `display_skipped_hosts = no`: reports are not told of them; the recap counts them all the same. */
function withoutSkipped(sink: EventSink): EventSink {
  return (event) => {
    const skipped =
      (event.type === 'host-result' || event.type === 'item-result') && event.status === 'skipped';
    if (!skipped) sink(event);
  };
}

async function passwordOf(
  file: string | undefined,
  ask: boolean | undefined,
  question: string,
  prompt: Prompt | undefined,
): Promise<string | undefined> {
  if (file !== undefined) {
    try {
      return readFileSync(file, 'utf8').replace(/\r?\n$/, '');
    } catch (cause) {
      throw new CutoverError('usage', `cannot read the password file ${file}: ${(cause as Error).message}`, {
        cause,
      });
    }
  }
  if (!ask) return undefined;
  if (!prompt)
    throw new CutoverError('usage', 'a password is to be asked for and nobody is at the terminal', {
      hint: 'use --connection-password-file or --become-password-file',
    });
  return prompt(question, { echo: false });
}

/** Reads a flag that counts something. Throws CutoverError('usage'). */
export function positive(text: string, flag: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value > 0) return value;
  throw new CutoverError('usage', `${flag} needs a whole number above 0, not "${text}"`);
}
