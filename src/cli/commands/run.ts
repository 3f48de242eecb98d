import { settingValues } from '../../config/index.ts';
import {
  applyPlan,
  type HostOptions,
  type PlanRequest,
  type Prepared,
  prepareRun,
  type RunOptions,
  readPlan,
  readPlaybook,
  runPlaybook,
} from '../../engine/index.ts';
import { CutoverError } from '../../errors/index.ts';
import { listTags, listTasks, type Playbook } from '../../playbook/index.ts';
import { chooseReporter } from '../../report/index.ts';
import { type HostFlags, hostOptions } from '../host-flags.ts';
import { watchInterrupts } from '../interrupt.ts';
import { settings } from '../settings.ts';

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
  readonly plan?: string;
}

/** The options of a run that its own flags decide. */
export function playOptions(
  playbook: string,
  flags: RunFlags,
): Omit<RunOptions, keyof HostOptions | 'check' | 'diff' | 'step'> {
  return {
    playbook,
    tags: words(flags.tags),
    skipTags: words(flags.skipTags),
    ...(flags.startAtTask === undefined ? {} : { startAtTask: flags.startAtTask }),
    ...(flags.forceHandlers === undefined ? {} : { forceHandlers: flags.forceHandlers }),
    allowNoHosts: flags.allowNoHosts ?? false,
  };
}

/** `cutover run`. */
export async function run(playbooks: readonly string[], flags: RunFlags): Promise<void> {
  const [playbook, ...following] = playbooks;
  if (flags.plan !== undefined) return runPlan(flags.plan, playbook, flags);
  if (playbook === undefined)
    throw new CutoverError('usage', 'which playbook is to be run?', {
      hint: 'cutover run PLAYBOOK, or cutover run --plan FILE',
    });
  const interrupt = watchInterrupts();
  try {
    const { diffAlways, diffContext } = settingValues(settings());
    const report = await chooseReporter(flags.output, {
      verbosity: flags.verbose,
      diffContext,
      diff: flags.diff ?? diffAlways,
    });
    const base = await hostOptions(flags, [report.sink], interrupt);
    const options: RunOptions = {
      ...base,
      ...playOptions(playbook, flags),
      following,
      check: flags.check ?? false,
      diff: flags.diff ?? diffAlways,
      step: flags.step ?? false,
    };
    if (flags.syntaxCheck || flags.listHosts || flags.listTasks || flags.listTags) {
      for (const one of playbooks) await show({ ...options, playbook: one }, flags);
      return;
    }
    const summary = await runPlaybook(options);
    await report.close();
    process.exitCode = summary.exitCode;
  } finally {
    interrupt.done();
  }
}

/** `cutover run --plan`: what the plan was made with counts; a flag that says otherwise is refused. */
async function runPlan(file: string, playbook: string | undefined, flags: RunFlags): Promise<void> {
  const plan = readPlan(file);
  const { inventory, limit, tags, skipTags, startAtTask, forceHandlers, connection } = plan.options;
  const given = { playbook, limit: flags.limit, startAtTask: flags.startAtTask };
  const planned = { playbook: plan.playbook, limit, startAtTask };
  const lists = {
    inventory: flags.inventory,
    tags: flags.tags && words(flags.tags),
    skipTags: flags.skipTags && words(flags.skipTags),
  };
  const differs = [
    ...(['playbook', 'limit', 'startAtTask'] as const).filter(
      (name) => given[name] !== undefined && given[name] !== planned[name],
    ),
    ...(['inventory', 'tags', 'skipTags'] as const).filter(
      (name) => lists[name] !== undefined && lists[name].join() !== plan.options[name].join(),
    ),
    ...(flags.forceHandlers && !forceHandlers ? ['forceHandlers'] : []),
    ...(flags.step ? ['step'] : []),
  ];
  if (differs.length > 0)
    throw new CutoverError(
      'drift',
      `the plan was made with another ${differs.join(', ')}; nothing was changed`,
      {
        hint: 'leave these flags out, or make a new plan',
      },
    );
  const interrupt = watchInterrupts();
  try {
    const { diffAlways, diffContext } = settingValues(settings());
    const report = await chooseReporter(flags.output, {
      verbosity: flags.verbose,
      diffContext,
      diff: flags.diff ?? diffAlways,
    });
    const base = await hostOptions({ ...flags, inventory: [...inventory] }, [report.sink], interrupt);
    const request: PlanRequest = {
      ...base,
      ...(limit === undefined ? {} : { limit }),
      connection: { ...connection, ...base.connection },
      playbook: plan.playbook,
      tags,
      skipTags,
      ...(startAtTask === undefined ? {} : { startAtTask }),
      ...(forceHandlers ? { forceHandlers } : {}),
      allowNoHosts: flags.allowNoHosts ?? false,
    };
    const summary = await applyPlan(plan, request, {
      check: flags.check ?? false,
      diff: flags.diff ?? diffAlways,
    });
    await report.close();
    if (summary) process.exitCode = summary.exitCode;
    else process.stdout.write('the plan still fits; nothing was changed\n');
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
