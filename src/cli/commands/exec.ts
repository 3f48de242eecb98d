import { execModule, prepareRun } from '../../engine/index.ts';
import { CutoverError } from '../../errors/index.ts';
import { treeReporter } from '../../report/index.ts';
import { parseYaml } from '../../source/index.ts';
import { isMapping } from '../../values/index.ts';
import type { HostFlags } from '../host-flags.ts';
import { type OnHosts, onHosts } from '../on-hosts.ts';

/** Flags of `cutover exec`. */
export interface ExecFlags extends HostFlags {
  readonly moduleName: string;
  readonly args: string;
  readonly check?: boolean;
  readonly diff?: boolean;
  readonly playbookDir?: string;
  readonly oneLine?: boolean;
  readonly tree?: string;
  readonly background?: string;
  readonly poll?: string;
  readonly taskTimeout?: string;
  readonly listHosts?: boolean;
}

/** Modules that do nothing without an argument. */
const NEED_ARGUMENT = ['command', 'shell', 'raw', 'script'];

/** `cutover exec`. */
export async function exec(pattern: string, flags: ExecFlags): Promise<void> {
  const work = flags.listHosts ? listHosts : runModule;
  const output = flags.oneLine ? 'ansible' : flags.output;
  await onHosts({ ...flags, output }, (on) => work(pattern, flags, on), {
    // What was found is what was asked for.
    verbosity: Math.max(1, flags.verbose),
    oneLine: flags.oneLine ?? false,
    also: flags.tree === undefined ? [] : [treeReporter(flags.tree, complain)],
  });
}

const complain = (text: string) => void process.stderr.write(`warning: ${text}\n`);

async function runModule(pattern: string, flags: ExecFlags, { base, diff }: OnHosts): Promise<void> {
  const name = flags.moduleName.replace(/^ansible\.(builtin|legacy)\./, '');
  if (NEED_ARGUMENT.includes(name) && flags.args.trim() === '')
    throw new CutoverError('usage', `${flags.moduleName} needs an argument`, {
      hint: 'say what to run with -a',
    });
  const summary = await execModule({
    ...base,
    pattern,
    module: flags.moduleName,
    args: argumentsOf(flags.args),
    keywords: keywordsOf(flags),
    playbookFolder: flags.playbookDir,
    check: flags.check ?? false,
    diff,
  });
  process.exitCode = summary.exitCode;
}

async function listHosts(pattern: string, _flags: ExecFlags, { base }: OnHosts): Promise<void> {
  const { inventory } = await prepareRun(base);
  const { hosts } = inventory.match(pattern, base.limit === undefined ? {} : { limit: base.limit });
  process.stdout.write(`  hosts (${hosts.length}):\n${hosts.map((host) => `    ${host}\n`).join('')}`);
}

/** Flags of the command line that are keywords of a task in a playbook. */
function keywordsOf({ background, poll, taskTimeout }: ExecFlags): Record<string, number> {
  const keywords: Record<string, number> = {};
  if (background !== undefined) keywords.async = seconds(background, '--background');
  const looks = poll === undefined ? undefined : seconds(poll, '--poll');
  // Without a job there is nothing to look at.
  if (background !== undefined && looks !== undefined) keywords.poll = looks;
  if (taskTimeout !== undefined) keywords.timeout = seconds(taskTimeout, '--task-timeout');
  return keywords;
}

function seconds(text: string, flag: string): number {
  if (/^\d+$/.test(text)) return Number(text);
  throw new CutoverError('usage', `${flag} needs whole seconds, not "${text}"`);
}

/** Arguments may be JSON or YAML in braces; anything else is free text or key=value. */
function argumentsOf(text: string): string | Record<string, unknown> {
  if (!/^\s*\{[^{]/.test(text)) return text;
  const value = parseYaml({ text, file: '-a', kind: 'usage' });
  return isMapping(value) ? value : text;
}
