import { main } from '../../src/cli/main.ts';
import { cell } from './module-pages.ts';

interface Flag {
  readonly flag: string;
  readonly meaning: string;
}

interface CommandHelp {
  readonly usage: string;
  readonly about: string;
  readonly flags: readonly Flag[];
}

/** Flags of every command that logs in: said once. A command with this one has them all. */
const SIGN_OF_HOST_FLAGS = '--forks';

/** Gives the tables of command-line.md from what `--help` prints. */
export async function commandTables(): Promise<Readonly<Record<string, string>>> {
  const commands = await allHelp([]);
  const onHosts = commands.filter(({ flags }) => flags.some(({ flag }) => flag.includes(SIGN_OF_HOST_FLAGS)));
  const shared = (onHosts[0]?.flags ?? []).filter((one) =>
    onHosts.every(({ flags }) =>
      flags.some(({ flag, meaning }) => flag === one.flag && meaning === one.meaning),
    ),
  );
  const names = new Set(shared.map(({ flag }) => flag));
  return {
    commands: alike(commands)
      .map((group) => section(group, onHosts.includes(group[0]!) ? names : new Set()))
      .join('\n\n'),
    hostflags: table(shared),
  };
}

/** Neighbours below the same word with the same flags, such as those of `vault`, share a section. */
function alike(commands: readonly CommandHelp[]): CommandHelp[][] {
  const groups: CommandHelp[][] = [];
  for (const command of commands) {
    const last = groups.at(-1)?.[0];
    const same = last && first(last) === first(command) && table(last.flags) === table(command.flags);
    if (same) groups.at(-1)!.push(command);
    else groups.push([command]);
  }
  return groups;
}

const first = ({ usage }: CommandHelp) => usage.split(' ')[0];

function section(commands: readonly CommandHelp[], shared: ReadonlySet<string>): string {
  const [{ usage, about, flags } = { usage: '', about: '', flags: [] }] = commands;
  const own = flags.filter(({ flag }) => !shared.has(flag));
  const head =
    commands.length === 1
      ? [`### \`cutover ${usage}\``, '', sentence(about)]
      : [
          `### \`cutover ${usage.split(' ')[0]} ...\``,
          '',
          ...commands.map((one) => `- \`${one.usage}\`: ${one.about}`),
        ];
  if (shared.size > 0) head.push('', 'It takes the [flags for hosts](#flags-for-hosts) too.');
  return [...head, ...(own.length > 0 ? ['', table(own)] : [])].join('\n');
}

function table(flags: readonly Flag[]): string {
  const rows = flags.map(({ flag, meaning }) => `| \`${flag}\` | ${cell(meaning)} |`);
  return ['| flag | meaning |', '|---|---|', ...rows].join('\n');
}

function sentence(text: string): string {
  return text === '' ? '' : `${text[0]!.toUpperCase()}${text.slice(1).replace(/\.$/, '')}.`;
}

/** Reads the help of a command and of those below it. A command that only holds others has no section of its own. */
async function allHelp(words: readonly string[]): Promise<CommandHelp[]> {
  const help = await helpOf(words);
  const below = listOf(help, 'Commands')
    // `name|alias [files...]`
    .map(({ flag }) => flag.split(/[ |]/)[0]!)
    .filter((name) => name !== 'help');
  const flags = listOf(help, 'Options').filter(({ flag }) => !flag.includes('--help'));
  const [, usage = '', about = ''] = /^Usage: cutover ?(.*)\n\n([\s\S]*?)\n\n/.exec(help) ?? [];
  const own: CommandHelp = {
    usage: usage.replace(/ \[options\]| \[command\]|\|\S+/g, '').trim(),
    about: about.replace(/\s+/g, ' '),
    flags,
  };
  const parts = words.length > 0 && (below.length === 0 || flags.length > 0) ? [own] : [];
  for (const name of below) parts.push(...(await allHelp([...words, name])));
  return parts;
}

/** Gives what `cutover WORDS --help` prints. */
async function helpOf(words: readonly string[]): Promise<string> {
  const { write } = process.stdout;
  const { exitCode } = process;
  let text = '';
  process.stdout.write = ((chunk: string) => {
    text += chunk;
    return true;
  }) as typeof write;
  try {
    await main([...words, '--help']);
  } finally {
    process.stdout.write = write;
    process.exitCode = exitCode;
  }
  return text;
}

/** Reads one list of a help text; its descriptions go on over several lines. */
function listOf(help: string, title: 'Options' | 'Commands'): Flag[] {
  const lines = (help.split(`\n${title}:\n`)[1] ?? '').split('\n\n')[0]!.split('\n');
  const found: { flag: string; meaning: string }[] = [];
  for (const line of lines) {
    const [, flag, meaning = ''] = /^ {2}(\S.*?)(?: {2,}(.*))?$/.exec(line) ?? [];
    const last = found.at(-1);
    if (flag !== undefined) found.push({ flag, meaning });
    else if (last) last.meaning = `${last.meaning} ${line.trim()}`.trim();
  }
  return found;
}
