import { type Prepared, prepareRun, type RunOptions, readPlaybook, runPlaybook } from '../../engine/index.ts';
import { listTags, listTasks, type Playbook } from '../../playbook/index.ts';
import { chooseReporter } from '../../report/index.ts';
import { type HostFlags, hostOptions } from '../host-flags.ts';
import { watchInterrupts } from '../interrupt.ts';

/** Flags of `cutover run`. */
export interface RunFlags extends HostFlags {
  readonly check?: boolean;
  readonly diff?: boolean;
  readonly tags?: readonly string[];
  readonly skipTags?: readonly string[];
  readonly startAtTask?: string;
  readonly step?: boolean;
  readonly forceHandlers?: boolean;
  readonly syntaxCheck?: boolean;
  readonly listHosts?: boolean;
  readonly listTasks?: boolean;
  readonly listTags?: boolean;
  readonly allowNoHosts?: boolean;
}

/** `cutover run`. */
export async function run(playbook: string, flags: RunFlags): Promise<void> {
  const interrupt = watchInterrupts();
  try {
    const report = await chooseReporter(flags.output, {
      verbosity: flags.verbose,
      diff: flags.diff ?? false,
    });
    const base = await hostOptions(flags, [report.sink], interrupt);
    const options: RunOptions = {
      ...base,
      playbook,
      check: flags.check ?? false,
      diff: flags.diff ?? false,
      tags: words(flags.tags),
      skipTags: words(flags.skipTags),
      ...(flags.startAtTask === undefined ? {} : { startAtTask: flags.startAtTask }),
      step: flags.step ?? false,
      ...(flags.forceHandlers === undefined ? {} : { forceHandlers: flags.forceHandlers }),
      allowNoHosts: flags.allowNoHosts ?? false,
    };
    if (flags.syntaxCheck || flags.listHosts || flags.listTasks || flags.listTags) {
      await show(options, flags);
      return;
    }
    const summary = await runPlaybook(options);
    await report.close();
    process.exitCode = summary.exitCode;
  } finally {
    interrupt.done();
  }
}

/** What can be shown without touching a host. */
async function show(options: RunOptions, flags: RunFlags): Promise<void> {
  const prepared = await prepareRun(options);
  const { playbook } = await readPlaybook(options.playbook, options, prepared);
  const print = (text: string) => process.stdout.write(text.endsWith('\n') ? text : `${text}\n`);
  print(`\nplaybook: ${options.playbook}\n`);
  const tags = { only: options.tags, skip: options.skipTags };
  const parts = [];
  if (flags.listHosts) parts.push(...playbook.plays.map((play) => hostList(play, prepared, options)));
  if (flags.listTasks) parts.push(...playbook.plays.map((play) => listTasks(play, tags)));
  if (flags.listTags) parts.push(listTags(playbook, tags));
  if (parts.length > 0) print(parts.join('\n'));
}

function hostList(play: Playbook['plays'][number], prepared: Prepared, options: RunOptions): string {
  const pattern = Array.isArray(play.hosts.value) ? play.hosts.value.join(',') : String(play.hosts.value);
  const { hosts } = prepared.inventory.match(
    pattern,
    options.limit === undefined ? {} : { limit: options.limit },
  );
  const name = play.name?.value ?? pattern;
  return `\n  play #${play.index + 1} (${pattern}): ${name}\tTAGS: [${play.tags.join(',')}]\n    pattern: ['${pattern}']\n    hosts (${hosts.length}):\n${hosts.map((host) => `      ${host}\n`).join('')}`;
}

function words(lists: readonly string[] | undefined): readonly string[] {
  return (lists ?? [])
    .flatMap((list) => list.split(','))
    .map((word) => word.trim())
    .filter((word) => word !== '');
}
