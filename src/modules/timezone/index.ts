import { posix } from 'node:path';
import { type Change, fileContent, fileState, setFile } from '../../resources/index.ts';
import { isUnknown } from '../../values/index.ts';
import { answer, unknownPlan } from '../answer.ts';
import { commandFailure, complaintOf } from '../command/result.ts';
import { choice, text, withAliases } from '../params.ts';
import { changeSetting, settingProbe } from '../setting.ts';
import { writeText } from '../text-file.ts';
import { defineModule } from '../types.ts';

const ZONES = '/usr/share/zoneinfo';

const params = withAliases(
  { rtc: 'hwclock' },
  {
    name: text
      .refine((name) => !name.startsWith('/') && !name.split('/').includes('..'), 'is no name of a time zone')
      .optional()
      .describe('Name of the time zone, such as `Europe/Vienna`.'),
    hwclock: choice('local', 'UTC')
      .optional()
      .describe(
        'What the hardware clock shows. Setting it calls hwclock, which many virtual machines do not let.',
      ),
  },
).refine((given) => given.name !== undefined || given.hwclock !== undefined, {
  message: 'needs name or hwclock',
});

const local = fileState('/etc/localtime', { checksum: false });
const debian = fileContent('/etc/timezone', { follow: true });

/** hwclock(8) keeps it in the third line; without the file the clock is taken for UTC. */
const clock = {
  key: 'hwclock:mode',
  look: ['/bin/sh', '-c', 'mode=$(sed -n 3p /etc/adjtime 2>/dev/null); echo "${mode:-UTC}"'],
  back: [
    '/bin/sh',
    '-c',
    'read -r m; case $m in LOCAL) hwclock --systohc --localtime ;; *) hwclock --systohc --utc ;; esac',
  ],
};

/** The time zone of the system. Both files that tell it are written; that is what timedatectl does too. */
export default defineModule({
  name: 'timezone',
  summary: 'Sets the time zone.',
  params,
  needs: (given) => [
    ...(given.name === undefined ? [] : [local, debian, zone(given.name)]),
    ...(given.hwclock === undefined ? [] : [settingProbe(clock)]),
  ],
  plan(given, seen) {
    const changes: Change[] = [];
    const before: Record<string, string> = {};
    if (given.name !== undefined) {
      const [link, file, there] = [answer(seen, local), answer(seen, debian), answer(seen, zone(given.name))];
      if (isUnknown(link)) return unknownPlan(link);
      if (isUnknown(file)) return unknownPlan(file);
      if (isUnknown(there)) return unknownPlan(there);
      if (there.type !== 'file')
        return {
          changes: [],
          failed: `given timezone "${given.name}" is not available: there is no ${ZONES}/${given.name} on the target (package tzdata)`,
        };
      const noted = file.bytes?.toString('utf8').trim();
      const target = link.target && posix.resolve('/etc', link.target);
      before.name = noted ?? target?.replace(`${ZONES}/`, '') ?? 'n/a';
      const right = target === `${ZONES}/${given.name}`;
      if (!right) changes.push(...setFile(link, { type: 'link', target: `${ZONES}/${given.name}` }));
      if (noted !== undefined && noted !== given.name) changes.push(...writeText(file, `${given.name}\n`));
    }
    if (given.hwclock !== undefined) {
      const said = answer(seen, settingProbe(clock));
      if (isUnknown(said)) return unknownPlan(said);
      if (said.rc !== 0) return { changes: [], failed: `/etc/adjtime: ${complaintOf(said)}` };
      const wanted = given.hwclock === 'local' ? 'LOCAL' : 'UTC';
      before.hwclock = said.stdout.trim() === 'LOCAL' ? 'local' : 'UTC';
      if (before.hwclock !== given.hwclock)
        changes.push(
          changeSetting(clock, {
            before: said,
            act: { argv: ['hwclock', '--systohc', given.hwclock === 'local' ? '--localtime' : '--utc'] },
            summary: `hardware clock: ${before.hwclock} -> ${given.hwclock}`,
            after: `${wanted}\n`,
          }),
        );
    }
    const after = Object.fromEntries(
      Object.keys(before).map((key) => [key, given[key as 'name' | 'hwclock']]),
    );
    return {
      changes,
      result: (outcomes) => ({ diff: { before, after }, ...commandFailure(outcomes) }),
    };
  },
});

function zone(name: string) {
  return fileState(posix.join(ZONES, name), { checksum: false, follow: true });
}
