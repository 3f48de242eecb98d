import { type Prepared, prepareRun, type RunOptions, readPlaybook, runPlaybook } from '../../engine/index.ts';
import { CutoverError } from '../../errors/index.ts';
import { listPlay, type Playbook } from '../../playbook/index.ts';
import { onHosts } from '../on-hosts.ts';
import { playOptions, type RunFlags } from '../run-flags.ts';
import { runPlan } from './run-plan.ts';

/** `cutover run`. */
export async function run(playbooks: readonly string[], flags: RunFlags): Promise<void> {
  const [playbook, ...following] = playbooks;
  if (flags.plan !== undefined) return runPlan(flags.plan, playbook, flags);
  if (playbook === undefined)
    throw new CutoverError('usage', 'which playbook is to be run?', {
      hint: 'cutover run PLAYBOOK, or cutover run --plan FILE',
    });
  await onHosts(flags, async ({ base, diff }) => {
    const options: RunOptions = {
      ...base,
      ...playOptions(playbook, flags, base.config),
      following,
      check: flags.check ?? false,
      diff,
      step: flags.step ?? false,
    };
    if (flags.syntaxCheck || flags.listHosts || flags.listTasks || flags.listTags)
      for (const one of playbooks) await show({ ...options, playbook: one }, flags);
    else process.exitCode = (await runPlaybook(options)).exitCode;
  });
}

/** What can be shown without touching a host. */
async function show(options: RunOptions, flags: RunFlags): Promise<void> {
  const prepared = await prepareRun(options);
  const { playbook, renderStatic } = await readPlaybook(options.playbook, options, prepared);
  const tags = { only: options.tags, skip: options.skipTags };
  const lists = flags.listHosts || flags.listTasks || flags.listTags;
  const plays = (lists ? playbook.plays : []).map((play) => {
    const hosts = flags.listHosts ? hostsOf(play, prepared, options) : undefined;
    return listPlay(play, { hosts, tasks: flags.listTasks, tags: flags.listTags }, renderStatic, tags);
  });
  process.stdout.write(`\nplaybook: ${options.playbook}\n${plays.join('')}`);
}

function hostsOf(
  play: Playbook['plays'][number],
  prepared: Prepared,
  options: RunOptions,
): readonly string[] {
  const pattern = Array.isArray(play.hosts.value) ? play.hosts.value.join(',') : String(play.hosts.value);
  const limit = options.limit === undefined ? {} : { limit: options.limit };
  return prepared.inventory.match(pattern, limit).hosts;
}
