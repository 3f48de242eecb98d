import { type Change, fileContent, fileState } from '../../resources/index.ts';
import { isUnknown } from '../../values/index.ts';
import { answer, unknownPlan } from '../answer.ts';
import { commandFailure } from '../command/result.ts';
import { boolean, choice, path, text, withAliases } from '../params.ts';
import { changeSetting, type Setting, settingProbe } from '../setting.ts';
import { writeText } from '../text-file.ts';
import { defineModule } from '../types.ts';

const params = withAliases(
  { conf: 'configfile', file: 'configfile' },
  {
    state: choice('disabled', 'enforcing', 'permissive').describe('The mode.'),
    policy: text
      .refine((name) => /^[\w-]+$/.test(name), 'is no name of a policy')
      .optional()
      .describe('The policy, such as `targeted`. Needed unless the state is `disabled`.'),
    configfile: path.default('/etc/selinux/config').describe('The configuration.'),
    update_kernel_param: boolean
      .refine((given) => !given, { message: 'is not supported: use a command task with grubby' })
      .default(false)
      .describe('Refused: parameters of the kernel are left alone.'),
  },
).refine((given) => given.state === 'disabled' || given.policy !== undefined, {
  message: 'needs policy unless state is disabled',
});

/** What runs: `enforcing`, `permissive` or `disabled`. setenforce changes between the first two only. */
const mode: Setting = {
  key: 'selinux:mode',
  look: ['/bin/sh', '-c', '{ getenforce 2>/dev/null || echo Disabled; } | tr EPD epd'],
  back: [
    '/bin/sh',
    '-c',
    'read -r mode; case $mode in enforcing) setenforce 1 ;; permissive) setenforce 0 ;; esac',
  ],
};

/** The mode of SELinux, now and after the next start. */
export default defineModule({
  name: 'selinux',
  summary: 'Sets mode and policy of SELinux.',
  params,
  needs: (given) => [
    fileContent(given.configfile, { follow: true }),
    settingProbe(mode),
    ...(given.policy === undefined
      ? []
      : [fileState(`/etc/selinux/${given.policy}`, { checksum: false, follow: true })]),
  ],
  plan(given, seen) {
    const [file, running] = [
      answer(seen, fileContent(given.configfile, { follow: true })),
      answer(seen, settingProbe(mode)),
    ];
    if (isUnknown(file)) return unknownPlan(file);
    if (isUnknown(running)) return unknownPlan(running);
    if (file.type === 'absent')
      return {
        changes: [],
        failed: `Unable to find file ${given.configfile}: there is no SELinux policy on the target`,
      };
    if (given.policy !== undefined) {
      const folder = answer(
        seen,
        fileState(`/etc/selinux/${given.policy}`, { checksum: false, follow: true }),
      );
      if (isUnknown(folder)) return unknownPlan(folder);
      if (folder.type !== 'directory')
        return { changes: [], failed: `Policy ${given.policy} does not exist in /etc/selinux/` };
    }
    const text = file.bytes?.toString('utf8') ?? '';
    const written = withValue(withValue(text, 'SELINUX', given.state), 'SELINUXTYPE', given.policy);
    const messages: string[] = [];
    const changes: Change[] = [];
    if (written !== text) {
      changes.push(...writeText(file, written));
      messages.push(`Config SELinux state changed from '${settingOf(text, 'SELINUX')}' to '${given.state}'`);
    }
    const now = running.stdout.trim();
    // Switched off is only what starts so; until then nothing is forbidden.
    const live = given.state === 'disabled' ? 'permissive' : given.state;
    if (now !== 'disabled' && now !== live) {
      messages.push(`Running SELinux state changed from '${now}' to '${live}'`);
      changes.push(
        changeSetting(mode, {
          before: running,
          act: { argv: ['setenforce', live === 'enforcing' ? '1' : '0'] },
          summary: `SELinux: ${now} -> ${live}`,
          after: `${live}\n`,
        }),
      );
    }
    const reboot = (now === 'disabled') !== (given.state === 'disabled');
    return {
      changes,
      ...(reboot ? { warnings: [`SELinux is ${now} until the target is started anew`] } : {}),
      result: (outcomes) => ({
        msg: messages.join(', '),
        configfile: given.configfile,
        policy: given.policy ?? settingOf(text, 'SELINUXTYPE'),
        state: given.state,
        reboot_required: reboot,
        ...commandFailure(outcomes),
      }),
    };
  },
});

function settingOf(text: string, name: string): string | undefined {
  return new RegExp(`^${name}=(.*)$`, 'm').exec(text)?.[1]?.trim();
}

function withValue(text: string, name: string, value: string | undefined): string {
  if (value === undefined || settingOf(text, name) === value) return text;
  const line = `${name}=${value}`;
  if (settingOf(text, name) !== undefined) return text.replace(new RegExp(`^${name}=.*$`, 'm'), line);
  return `${text}${text === '' || text.endsWith('\n') ? '' : '\n'}${line}\n`;
}
