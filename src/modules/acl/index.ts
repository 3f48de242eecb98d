import type { z } from 'zod';
import { type CommandResult, commandOutput, fileState, type Probe } from '../../resources/index.ts';
import { isUnknown } from '../../values/index.ts';
import { answer, unknownPlan } from '../answer.ts';
import { commandFailure, complaintOf, endedCommand } from '../command/result.ts';
import { boolean, choice, path, text, withAliases } from '../params.ts';
import { changeSetting, type Setting, settingProbe } from '../setting.ts';
import { defineModule } from '../types.ts';
import { entryIn, PERMISSIONS, readEntries, wouldChange } from './entries.ts';

const params = withAliases(
  { name: 'path', recurse: 'recursive' },
  {
    path: path.describe('The file or folder.'),
    state: choice('query', 'present', 'absent')
      .default('query')
      .describe('Whether the entry shall be there; `query` only shows the list.'),
    etype: choice('user', 'group', 'mask', 'other').optional().describe('Whom the entry is about.'),
    entity: text.default('').describe('Name or number of the user or group; without it, the owner.'),
    permissions: text
      .optional()
      .describe(
        'Letters of `rwxX`, or a digit of octal; `X`: x for folders and for what somebody may execute.',
      ),
    entry: text.optional().describe('The entry in one: `[default:]user:joe:rw-`.'),
    default: boolean.default(false).describe('The entry is for what will be made in the folder.'),
    recursive: boolean.default(false).describe('For everything below too.'),
    follow: boolean.default(true).describe('Follow links.'),
    recalculate_mask: choice('default', 'mask', 'no_mask')
      .default('default')
      .describe('Whether the mask is made anew: `mask` always, `no_mask` never.'),
    use_nfsv4_acls: boolean
      .refine((given) => !given, {
        message: 'is not supported: lists of NFSv4 are set by nfs4_setfacl, use a command task',
      })
      .default(false)
      .describe('Refused: lists of NFSv4 are another thing.'),
  },
).superRefine((given, refine) => {
  const fault = (message: string) => refine.addIssue({ code: 'custom', message });
  if (given.state === 'query') {
    if (given.recursive) fault('takes recursive not with state query');
    return;
  }
  if (given.entry !== undefined) {
    if (given.entity !== '' || given.etype !== undefined || given.permissions !== undefined)
      fault("'entry' MUST NOT be set when 'entity', 'etype' or 'permissions' are set.");
    const parts = entryIn(given.entry, given.state === 'absent');
    if (!parts) fault(`entry must be [default:]TYPE:WHO:PERMISSIONS, not "${given.entry}"`);
    return;
  }
  if (given.etype === undefined) fault(`'etype' MUST be set when 'state=${given.state}'.`);
  else if (given.state === 'present' && given.permissions === undefined)
    fault('state present needs permissions');
  if (given.permissions !== undefined && !PERMISSIONS.test(given.permissions))
    fault(`permissions are letters of rwxX or a digit, not "${given.permissions}"`);
});

type Params = z.output<typeof params>;

/** Access lists of files. setfacl rehearses; getfacl shows what a rollback puts back. */
export default defineModule({
  name: 'acl',
  summary: 'Shows and sets access lists of files.',
  params,
  needs: (given) => [
    fileState(given.path, { checksum: false, follow: given.follow }),
    listed(given),
    ...(given.state === 'query' ? [] : [settingProbe(lists(given)), rehearsal(given)]),
  ],
  plan(given, seen) {
    const file = answer(seen, fileState(given.path, { checksum: false, follow: given.follow }));
    if (isUnknown(file)) return unknownPlan(file);
    if (file.type === 'absent')
      return { changes: [], failed: `Path not found or not accessible: ${given.path}` };
    const now = answer(seen, listed(given));
    if (isUnknown(now)) return unknownPlan(now);
    if (now.rc !== 0) return { changes: [], failed: `${given.path}: ${complaintOf(now)}` };
    const acl = readEntries(now.stdout);
    if (given.state === 'query') return { changes: [], result: () => ({ msg: 'current acl', acl }) };
    const [before, said] = [answer(seen, settingProbe(lists(given))), answer(seen, rehearsal(given))];
    if (isUnknown(before)) return unknownPlan(before);
    if (isUnknown(said)) return unknownPlan(said);
    if (said.rc !== 0) return { changes: [], failed: `${given.path}: ${complaintOf(said)}` };
    const entry = wanted(given);
    const msg = `${entry.text} is ${given.state}`;
    if (!wouldChange(said.stdout)) return { changes: [], result: () => ({ msg, acl }) };
    const words = [...flags(given), given.state === 'present' ? '-m' : '-x', entry.text];
    const change = changeSetting(lists(given), {
      before,
      act: { argv: ['/bin/sh', '-c', ACT, 'sh', given.path, [...showing(given)].join(' '), ...words] },
      summary: `setfacl ${words.join(' ')} ${given.path}`,
      diff: { prepared: `${given.state === 'present' ? '+' : '-'} ${words.slice(-1)[0]}` },
    });
    return {
      changes: [change],
      result: (outcomes) => {
        const ended = endedCommand(outcomes[0]);
        return { msg, ...(ended ? { acl: readEntries(ended.stdout) } : {}), ...commandFailure(outcomes) };
      },
    };
  },
});

// $1 the path, $2 flags of getfacl, then what setfacl gets. Prints the new list.
const ACT = `path=$1 show=$2
shift 2
setfacl "$@" -- "$path" || exit
# shellcheck disable=SC2086
getfacl $show -- "$path"`;

function wanted(given: Params) {
  if (given.entry !== undefined) return entryIn(given.entry, given.state === 'absent')!;
  const permissions = given.state === 'absent' ? [] : [given.permissions ?? ''];
  return { text: [given.etype, given.entity, ...permissions].join(':'), isDefault: given.default };
}

function aboutDefaults(given: Params): boolean {
  return given.default || (given.state !== 'query' && wanted(given).isDefault);
}

/** Flags of setfacl(1). */
function flags(given: Params): string[] {
  return [
    ...(given.recursive ? ['-R'] : []),
    ...(given.follow ? [] : ['-P']),
    ...(given.recalculate_mask === 'mask' ? ['--mask'] : given.recalculate_mask === 'no_mask' ? ['-n'] : []),
    ...(aboutDefaults(given) ? ['-d'] : []),
  ];
}

function rehearsal(given: Params): Probe<CommandResult> {
  const words = [...flags(given), given.state === 'present' ? '-m' : '-x', wanted(given).text];
  return commandOutput({ argv: ['setfacl', '--test', ...words, '--', given.path], env: { LC_ALL: 'C' } });
}

/** Flags of getfacl(1) for the result. */
function showing(given: Params): string[] {
  return ['-p', '--omit-header', ...(aboutDefaults(given) ? ['-d'] : []), ...(given.recursive ? ['-R'] : [])];
}

function listed(given: Params): Probe<CommandResult> {
  return commandOutput({ argv: ['getfacl', ...showing(given), '--', given.path], env: { LC_ALL: 'C' } });
}

/** All lists that are set: what `setfacl --restore` takes. */
function lists(given: Params): Setting {
  const words = [
    'getfacl',
    '-p',
    '-n',
    '-E',
    ...(given.recursive ? ['-R'] : []),
    ...(given.follow ? [] : ['-P']),
  ];
  return { key: `acl:${given.path}`, look: [...words, '--', given.path], back: ['setfacl', '--restore=-'] };
}
