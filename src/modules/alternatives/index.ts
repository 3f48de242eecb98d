import { z } from 'zod';
import { type Change, type CommandResult, fileState } from '../../resources/index.ts';
import { isUnknown } from '../../values/index.ts';
import { answer, unknownPlan } from '../answer.ts';
import { commandFailure, complaintOf } from '../command/result.ts';
import { choice, integer, path, text, withAliases } from '../params.ts';
import { changeSetting, settingProbe } from '../setting.ts';
import { defineModule } from '../types.ts';
import { type Alternative, type Group, groupSetting, readGroup } from './group.ts';

const follower = z.strictObject({
  name: text.describe('Name of what goes along.'),
  link: path.describe('The link that people call.'),
  path: path.describe('Where it leads.'),
});

const params = withAliases(
  { slaves: 'subcommands' },
  {
    name: text.describe('Name of the group, such as `java`.'),
    path: path.describe('The program.'),
    link: path
      .optional()
      .describe('The link that people call. Needed for a new group, and always on Red Hat.'),
    priority: integer.optional().describe('Priority of the program; 50 for a new one.'),
    state: choice('present', 'selected', 'auto', 'absent')
      .default('selected')
      .describe(
        '`present` and `absent`: whether it is in the group; `selected`: it is the one; `auto`: the highest priority is.',
      ),
    subcommands: z
      .array(follower)
      .optional()
      .describe('What goes along with it: name, link and path of each.'),
  },
);

type Params = z.output<typeof params>;

/** Which of several programs a name means. */
export default defineModule({
  name: 'alternatives',
  summary: 'Registers and selects alternatives of a program.',
  params,
  needs: (given) => [
    settingProbe(groupSetting(given.name)),
    ...(given.state === 'absent' ? [] : [fileState(given.path, { checksum: false, follow: true })]),
  ],
  plan(given, seen) {
    const before = answer(seen, settingProbe(groupSetting(given.name)));
    if (isUnknown(before)) return unknownPlan(before);
    if (before.rc !== 0) return { changes: [], failed: `${given.name}: ${complaintOf(before)}` };
    const group = readGroup(before.stdout);
    const known = group?.alternatives.find((one) => one.path === given.path);
    const act = actor(given, before);
    if (given.state === 'absent') {
      if (!known) return { changes: [], result: () => ({ msg: '' }) };
      return done([
        act(['--remove', given.name, given.path], `Remove alternative '${given.path}' from '${given.name}'.`),
      ]);
    }
    const file = answer(seen, fileState(given.path, { checksum: false, follow: true }));
    if (isUnknown(file)) return unknownPlan(file);
    if (file.type === 'absent') return { changes: [], failed: `Specified path ${given.path} does not exist` };
    const changes: Change[] = [];
    if (!known || !fits(given, known, group)) {
      const words = installation(given, known, group);
      if (!words)
        return {
          changes: [],
          failed: `Needed to install the alternative, but unable to do so as we are missing the link: give the parameter "link"`,
        };
      changes.push(act(words, `Install alternative '${given.path}' for '${given.name}'.`));
    }
    if (given.state === 'selected' && (group?.current !== given.path || (group.auto && changes.length > 0)))
      changes.push(
        act(['--set', given.name, given.path], `Set alternative '${given.path}' for '${given.name}'.`),
      );
    if (given.state === 'auto' && group && !group.auto)
      changes.push(act(['--auto', given.name], `Set alternative to auto for '${given.name}'.`));
    return done(changes);
  },
});

function done(changes: Change[]) {
  const msg = changes.map(({ summary }) => summary).join(' ');
  return {
    changes,
    result: (outcomes: Parameters<typeof commandFailure>[0]) => ({ msg, ...commandFailure(outcomes) }),
  };
}

/** Whether what is registered is what is wished; what the task does not name may be as it is. */
function fits(given: Params, known: Alternative, group: Group | undefined): boolean {
  if (given.priority !== undefined && given.priority !== known.priority) return false;
  const { subcommands } = given;
  if (subcommands === undefined) return true;
  return (
    subcommands.length === known.followers.size &&
    subcommands.every(
      (one) =>
        known.followers.get(one.name) === one.path &&
        (group?.followerLinks.get(one.name) ?? one.link) === one.link,
    )
  );
}

/** The words that register it; what the task does not say stays. */
function installation(
  given: Params,
  known: Alternative | undefined,
  group: Group | undefined,
): string[] | undefined {
  const link = given.link ?? group?.link;
  if (link === undefined) return undefined;
  const kept = [...(known?.followers ?? [])].map(([name, target]) => ({
    name,
    path: target,
    link: group?.followerLinks.get(name) ?? '',
  }));
  const followers = given.subcommands ?? kept;
  const priority = given.priority ?? known?.priority ?? 50;
  return [
    ...['--install', link, given.name, given.path, String(priority)],
    ...followers.flatMap((one) => ['--slave', one.link, one.name, one.path]),
  ];
}

function actor(given: Params, before: CommandResult) {
  let state: CommandResult | undefined = before;
  return (words: readonly string[], summary: string): Change => {
    const change = changeSetting(groupSetting(given.name), {
      before: state,
      act: { argv: ['update-alternatives', ...words] },
      summary,
      diff: { prepared: summary },
    });
    state = undefined;
    return change;
  };
}
