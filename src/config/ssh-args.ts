import { homedir } from 'node:os';
import { splitWords } from './words.ts';

/** What `ssh_args`, `ssh_common_args` or `ansible_ssh_common_args` ask of a connection. */
export interface SshArgs {
  /** Jump hosts, outermost first, as `[user@]host[:port]`: from `ProxyJump`, `-J` or `ProxyCommand ssh -W`. */
  readonly jump?: readonly string[];
  /** Key of the jump host, when its `ProxyCommand` names one. */
  readonly jumpIdentityFile?: string;
  /** A `ProxyCommand` that is not `ssh -W`: nobody can translate it. */
  readonly proxyCommand?: string;
  readonly hostKeyChecking?: 'strict' | 'accept-new' | 'off';
  readonly knownHostsFiles?: readonly string[];
  /** Seconds. */
  readonly connectTimeout?: number;
  readonly port?: number;
  readonly user?: string;
  readonly identityFiles?: readonly string[];
  /** Path given with `-F`. `none` reads no file. */
  readonly configFile?: string;
  readonly serverAliveInterval?: number;
  readonly serverAliveCountMax?: number;
  /** Options without a meaning here, by name: they are named once and ignored. */
  readonly ignored: readonly string[];
}

type Found = { -readonly [Key in keyof SshArgs]: SshArgs[Key] } & { ignored: string[] };

/** Options of ssh(1) that take a value. */
const WITH_VALUE = 'BbcDEeFIiJLlmOopQRSWw';

/**
 * Reads the options that Ansible hands to ssh(1). As in ssh, the first value of an option wins. Throws Error for a quote that is
 * never closed or a number that is none.
 */
export function parseSshArgs(text: string): SshArgs {
  const found: Found = { ignored: [] };
  for (const { letter, value } of options(words(text))) {
    if (letter === 'o') readOption(value, found);
    else if (letter === 'J') found.jump ??= jumps(value);
    else if (letter === 'i') found.identityFiles = [...(found.identityFiles ?? []), home(value)];
    else if (letter === 'p') found.port ??= wholeNumber('-p', value);
    else if (letter === 'l') found.user ??= value;
    else if (letter === 'F') found.configFile ??= home(value);
    else found.ignored.push(`-${letter}`);
  }
  return found;
}

function words(text: string): string[] {
  return splitWords(text, { comments: false }).map((word) => word.text);
}

/** Gives option letters with their values; words that are no option have the letter ''. */
function options(args: readonly string[]): { letter: string; value: string }[] {
  const found: { letter: string; value: string }[] = [];
  for (let at = 0; at < args.length; at++) {
    const word = args[at]!;
    if (!word.startsWith('-') || word === '-') {
      found.push({ letter: '', value: word });
      continue;
    }
    for (let index = 1; index < word.length; index++) {
      const letter = word[index]!;
      if (!WITH_VALUE.includes(letter)) {
        found.push({ letter, value: '' });
        continue;
      }
      found.push({ letter, value: word.slice(index + 1) || (args[++at] ?? '') });
      break;
    }
  }
  return found.filter((option) => option.letter !== '' || option.value !== '');
}

function readOption(text: string, found: Found): void {
  const [, name = '', value = ''] = /^\s*([A-Za-z]+)\s*[=\s]\s*(.*)$/s.exec(text) ?? [];
  switch (name.toLowerCase()) {
    case 'proxyjump':
      found.jump ??= jumps(value);
      break;
    case 'proxycommand':
      readProxyCommand(value, found);
      break;
    case 'stricthostkeychecking':
      found.hostKeyChecking ??= /^(?:no|off)$/i.test(value)
        ? 'off'
        : /^accept-new$/i.test(value)
          ? 'accept-new'
          : 'strict';
      break;
    case 'userknownhostsfile':
      found.knownHostsFiles ??= words(value).map(home);
      break;
    case 'connecttimeout':
      found.connectTimeout ??= wholeNumber(name, value);
      break;
    case 'port':
      found.port ??= wholeNumber(name, value);
      break;
    case 'user':
      found.user ??= value;
      break;
    case 'identityfile':
      found.identityFiles = [...(found.identityFiles ?? []), home(value)];
      break;
    case 'serveraliveinterval':
      found.serverAliveInterval ??= wholeNumber(name, value);
      break;
    case 'serveralivecountmax':
      found.serverAliveCountMax ??= wholeNumber(name, value);
      break;
    default:
      found.ignored.push(name || text);
  }
}

/** `ssh -W %h:%p [-p port] [-i key] [user@]host` is a jump; anything else is kept as it is. */
function readProxyCommand(command: string, found: Found): void {
  if (found.jump || found.proxyCommand !== undefined || command.toLowerCase() === 'none') return;
  const [program = '', ...rest] = words(command);
  const parts = options(rest);
  const value = (letter: string): string | undefined => parts.find((part) => part.letter === letter)?.value;
  const hosts = parts.filter((part) => part.letter === '').map((part) => part.value);
  if (!/(?:^|\/)ssh$/.test(program) || !/^\[?%h\]?:%p$/.test(value('W') ?? '') || hosts.length !== 1) {
    found.proxyCommand = command;
    return;
  }
  const inner = parseSshArgs(
    parts
      .filter((part) => part.letter === 'o')
      .map((part) => `-o '${part.value.replaceAll("'", "'\\''")}'`)
      .join(' '),
  );
  const user = value('l') ?? inner.user;
  const port = value('p') ?? inner.port;
  const host = hosts[0]!;
  const whole = `${user === undefined || host.includes('@') ? '' : `${user}@`}${host}${port === undefined ? '' : `:${port}`}`;
  found.jump = [...(value('J') ? jumps(value('J')!) : (inner.jump ?? [])), whole];
  const key = value('i') ?? inner.identityFiles?.[0];
  if (key !== undefined) found.jumpIdentityFile = home(key);
}

function jumps(value: string): string[] {
  if (value.toLowerCase() === 'none') return [];
  return value.split(',').map((part) => part.trim().replace(/^ssh:\/\//, ''));
}

function home(path: string): string {
  return path.replace(/^~(?=\/|$)/, homedir());
}

function wholeNumber(name: string, text: string): number {
  if (/^\d+$/.test(text)) return Number(text);
  throw new Error(`the ssh option ${name} must be a whole number, not "${text}"`);
}
