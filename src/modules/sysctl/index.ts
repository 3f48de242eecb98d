import { fileContent, runCommand } from '../../resources/index.ts';
import { isUnknown } from '../../values/index.ts';
import { answer, unknownPlan } from '../answer.ts';
import { commandFailure } from '../command/result.ts';
import { boolean, choice, path, text, withAliases } from '../params.ts';
import { changeSetting, type Setting, settingProbe } from '../setting.ts';
import { writeText } from '../text-file.ts';
import { defineModule } from '../types.ts';
import { collapsed, withSetting } from './file.ts';

const params = withAliases(
  { key: 'name', val: 'value' },
  {
    name: text.describe('Name of the kernel parameter, such as `vm.swappiness`.'),
    value: text.optional().describe('Its value; yes and no become 1 and 0.'),
    state: choice('present', 'absent').default('present').describe('Whether the file shall set it.'),
    sysctl_file: path.default('/etc/sysctl.conf').describe('The file.'),
    sysctl_set: boolean.default(false).describe('Compare and set the running kernel too.'),
    reload: boolean.default(true).describe('Load the file when it changed.'),
    ignoreerrors: boolean.default(false).describe('Go on when the kernel does not know a parameter.'),
  },
)
  .refine((given) => given.name.trim() !== '', { message: 'name must not be empty' })
  .refine((given) => given.state === 'absent' || (given.value !== undefined && given.value.trim() !== ''), {
    message: 'needs the parameter "value"',
  });

/** The kernel knows numbers where playbooks say yes and no. */
function settingOf(value: string): string {
  const word = value.trim();
  if (/^(?:yes|on|true|y|t|1)$/i.test(word)) return '1';
  return /^(?:no|off|false|n|f|0)$/i.test(word) ? '0' : word;
}

/** Kernel parameters, in their file and in the running kernel. */
export default defineModule({
  name: 'sysctl',
  summary: 'Sets kernel parameters.',
  params,
  needs: (given) => [
    fileContent(given.sysctl_file, { follow: true }),
    ...(given.sysctl_set ? [settingProbe(running(given.name.trim()))] : []),
  ],
  plan(given, seen) {
    const file = answer(seen, fileContent(given.sysctl_file, { follow: true }));
    if (isUnknown(file)) return unknownPlan(file);
    const name = given.name.trim();
    const value = given.state === 'absent' ? undefined : settingOf(given.value!);
    const before = file.bytes?.toString('utf8') ?? '';
    const after = withSetting(before, name, value);
    const flags = given.ignoreerrors ? ['-e'] : [];
    const changes = [];
    if (after !== before) {
      changes.push(...writeText(file, after));
    }
    if (given.sysctl_set && value !== undefined) {
      const now = answer(seen, settingProbe(running(name)));
      if (isUnknown(now)) return unknownPlan(now);
      const current = collapsed(now.stdout);
      if (current !== collapsed(value)) {
        const argv = ['sysctl', ...flags, '-w', `${name}=${value}`];
        changes.push(
          changeSetting(running(name), {
            before: now,
            act: { argv },
            after: `${collapsed(value)}\n`,
            summary: `run ${argv.join(' ')}`,
            diff: { prepared: `${name}: ${current} -> ${value}` },
          }),
        );
      }
    }
    if (given.reload && after !== before) {
      changes.push(
        runCommand({ argv: ['sysctl', ...flags, '-p', given.sysctl_file] }, { undo: 'irreversible' }),
      );
    }
    return { changes, result: (outcomes) => (given.ignoreerrors ? {} : commandFailure(outcomes)) };
  },
});

/** In the running kernel. What it does not know shows nothing. */
function running(name: string): Setting {
  const back = 'read -r value && sysctl -q -w "$1=$value"';
  return {
    key: `sysctl:${name}`,
    look: ['sysctl', '-e', '-n', name],
    back: ['/bin/sh', '-c', back, 'sh', name],
  };
}
