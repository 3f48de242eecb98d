import { globSync, readFileSync } from 'node:fs';
import { homedir, hostname, userInfo } from 'node:os';
import { isAbsolute, join } from 'node:path';
import SSHConfig from 'ssh-config';
import { CutoverError } from '../../errors/index.ts';
import { matchesPatterns } from './patterns.ts';

/** What ~/.ssh/config says of a host; only what connecting needs. */
export interface SshSettings {
  readonly hostName?: string;
  readonly port?: number;
  readonly user?: string;
  readonly identityFiles: readonly string[];
  readonly identitiesOnly: boolean;
  /** undefined: not said; 'none': none. */
  readonly identityAgent?: string;
  /** Outermost first; empty: none. */
  readonly proxyJump: readonly string[];
  readonly proxyCommand?: string;
  readonly userKnownHostsFiles?: readonly string[];
  readonly strictHostKeyChecking?: string;
  readonly hostKeyAlias?: string;
  /** Milliseconds. */
  readonly connectTimeoutMs?: number;
}

/** ssh refuses deeper nesting too (ssh_config(5), Include). */
const DEEPEST_INCLUDE = 16;

/**
 * Gives the settings of a host from the files, the first file that says something wins.
 * Throws CutoverError `inventory` for a file that cannot be read or parsed.
 */
export function readSshSettings(
  host: string,
  user: string | undefined,
  files: readonly string[],
): SshSettings {
  const values = new Map<string, string[]>();
  const context: Context = { host, user, values };
  for (const file of files) readFile(file, context, 0, false);
  return settingsFrom(values, context);
}

/** Gives the files that ssh reads by itself. */
export function defaultSshConfigFiles(): string[] {
  return [join(homedir(), '.ssh', 'config'), '/etc/ssh/ssh_config'];
}

/** Gives a path with `~` and the tokens %d %h %n %p %r %u %L %% put in. */
export function expandTokens(text: string, tokens: Readonly<Record<string, string>>): string {
  const home = homedir();
  const path = text === '~' || text.startsWith('~/') ? home + text.slice(1) : text;
  const known: Record<string, string> = {
    d: home,
    u: userInfo().username,
    L: hostname().split('.')[0]!,
    '%': '%',
    ...tokens,
  };
  return path.replace(/%(.)/g, (whole, letter: string) => known[letter] ?? whole);
}

interface Context {
  readonly host: string;
  readonly user: string | undefined;
  /** Lower-case keyword -> words; IdentityFile collects, everything else keeps its first value. */
  readonly values: Map<string, string[]>;
}

/** A line as the library gives it; its class is an array of these. */
interface ConfigLine {
  readonly type: number;
  readonly param?: string;
  readonly value?: string | readonly { readonly val: string }[];
  readonly config?: readonly ConfigLine[];
}

/** The texts that were read, parsed: a fleet's hosts all ask the same one or two files. */
const parsed = new Map<string, readonly ConfigLine[]>();

function parse(text: string): readonly ConfigLine[] {
  const known = parsed.get(text);
  if (known) return known;
  const lines = SSHConfig.parse(text) as unknown as readonly ConfigLine[];
  parsed.set(text, lines);
  return lines;
}

function readFile(file: string, context: Context, depth: number, included: boolean): void {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    const missing = (cause as NodeJS.ErrnoException).code === 'ENOENT';
    if (missing || included) return;
    throw new CutoverError('inventory', `cannot read ${file}: ${(cause as Error).message}`, { cause });
  }
  let lines: readonly ConfigLine[];
  try {
    lines = parse(text);
  } catch (cause) {
    throw new CutoverError('inventory', `cannot understand ${file}: ${(cause as Error).message}`, { cause });
  }
  applyLines(lines, context, depth);
}

function applyLines(lines: readonly ConfigLine[], context: Context, depth: number): void {
  for (const line of lines) {
    if (line.param === undefined || line.value === undefined) continue;
    const keyword = line.param.toLowerCase();
    const words = typeof line.value === 'string' ? [line.value] : line.value.map((word) => word.val);
    if (keyword === 'host') {
      if (matchesPatterns(context.host, words)) applyLines(line.config ?? [], context, depth);
    } else if (keyword === 'match') {
      if (matchHolds(words, context)) applyLines(line.config ?? [], context, depth);
    } else if (keyword === 'include') {
      if (depth < DEEPEST_INCLUDE) for (const word of words) include(word, context, depth + 1);
    } else if (keyword === 'identityfile') {
      context.values.set(keyword, [...(context.values.get(keyword) ?? []), ...words]);
    } else if (!context.values.has(keyword)) context.values.set(keyword, words);
  }
}

function include(pattern: string, context: Context, depth: number): void {
  const expanded = expandTokens(pattern, {});
  const path = isAbsolute(expanded) ? expanded : join(homedir(), '.ssh', expanded);
  for (const file of globSync(path).sort()) readFile(file, context, depth, true);
}

/** `exec`, `canonical` and the like cannot be decided here without running things: such a block is left out. */
function matchHolds(words: readonly string[], context: Context): boolean {
  for (let i = 0; i < words.length; i++) {
    const negated = words[i]!.startsWith('!');
    const criterion = words[i]!.replace(/^!/, '').toLowerCase();
    if (criterion === 'all') continue;
    const subject = subjects[criterion]?.(context);
    const patterns = words[++i]?.split(',') ?? [];
    if (subject === undefined || matchesPatterns(subject, patterns) === negated) return false;
  }
  return true;
}

const subjects: Record<string, (context: Context) => string | undefined> = {
  host: ({ host, values }) => values.get('hostname')?.[0]?.replaceAll('%h', host) ?? host,
  originalhost: ({ host }) => host,
  user: ({ user, values }) => user ?? values.get('user')?.[0] ?? userInfo().username,
  localuser: () => userInfo().username,
};

function settingsFrom(values: Map<string, string[]>, context: Context): SshSettings {
  const one = (keyword: string) => values.get(keyword)?.join(' ');
  const number = (keyword: string) => (/^\d+$/.test(one(keyword) ?? '') ? Number(one(keyword)) : undefined);
  const seconds = number('connecttimeout');
  const jump = one('proxyjump');
  const proxyCommand = one('proxycommand');
  const hostName = one('hostname')?.replaceAll('%h', context.host);
  return {
    hostName,
    port: number('port'),
    user: one('user'),
    identityFiles: (values.get('identityfile') ?? []).filter((file) => file.toLowerCase() !== 'none'),
    identitiesOnly: one('identitiesonly')?.toLowerCase() === 'yes',
    identityAgent: one('identityagent'),
    proxyJump:
      jump === undefined || jump.toLowerCase() === 'none' ? [] : jump.split(',').map((hop) => hop.trim()),
    proxyCommand: proxyCommand?.toLowerCase() === 'none' ? undefined : proxyCommand,
    userKnownHostsFiles: values.get('userknownhostsfile')?.flatMap((word) => word.split(/\s+/)),
    strictHostKeyChecking: one('stricthostkeychecking')?.toLowerCase(),
    hostKeyAlias: one('hostkeyalias'),
    connectTimeoutMs: seconds === undefined ? undefined : seconds * 1000,
  };
}
