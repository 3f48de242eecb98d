import { type Prepared, prepareRun, type RunOptions, readPlaybook, runPlaybook } from '../../engine/index.ts';
import { CutoverError } from '../../errors/index.ts';
import { listTags, listTasks, type Playbook } from '../../playbook/index.ts';
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
      ...playOptions(playbook, flags),
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
