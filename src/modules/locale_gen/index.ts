import { z } from 'zod';
import { type Change, commandOutput, fileContent } from '../../resources/index.ts';
import { isUnknown } from '../../values/index.ts';
import { answer, unknownPlan } from '../answer.ts';
import { commandFailure } from '../command/result.ts';
import { choice, text } from '../params.ts';
import { changeSetting, type Setting, settingProbe } from '../setting.ts';
import { writeText } from '../text-file.ts';
import { defineModule } from '../types.ts';
import { archiveName, sourceOf, withLocale } from './locales.ts';

const params = z.strictObject({
  name: text.describe('Name of the locale, such as `de_CH.UTF-8`.'),
  state: choice('present', 'absent').default('present').describe('Whether it shall be there.'),
});

const list = fileContent('/etc/locale.gen', { follow: true });
const supported = commandOutput({
  argv: ['/bin/sh', '-c', 'cat /usr/share/i18n/SUPPORTED /usr/local/share/i18n/SUPPORTED 2>/dev/null; :'],
});

/** Locales of Debian and its relatives: a line of /etc/locale.gen, and what locale-gen makes of it. */
export default defineModule({
  name: 'locale_gen',
  summary: 'Makes and removes locales.',
  params,
  needs: (given) => [list, supported, settingProbe(locale(given.name, ''))],
  plan(given, seen) {
    const [file, known] = [answer(seen, list), answer(seen, supported)];
    if (isUnknown(file)) return unknownPlan(file);
    if (isUnknown(known)) return unknownPlan(known);
    if (file.type === 'absent')
      return {
        changes: [],
        failed: '/etc/locale.gen does not exist on the target: install the package locales first',
      };
    const text = file.bytes?.toString('utf8') ?? '';
    const source = sourceOf(given.name, known.stdout) ?? sourceOf(given.name, text.replace(/^#\s*/gm, ''));
    if (source === undefined)
      return {
        changes: [],
        failed: `The locale you've entered is not available on your system: ${given.name} is neither in /usr/share/i18n/SUPPORTED nor in /etc/locale.gen`,
      };
    const now = answer(seen, settingProbe(locale(given.name, source)));
    if (isUnknown(now)) return unknownPlan(now);
    const present = given.state === 'present';
    const isThere = now.stdout.trim() === 'present';
    const changes: Change[] = [];
    if (isThere !== present) {
      const after = withLocale(text, source, present);
      if (after !== text) changes.push(...writeText(file, after));
      changes.push(
        changeSetting(locale(given.name, source), {
          before: now,
          act: present
            ? { argv: ['locale-gen'] }
            : { argv: ['localedef', '--delete-from-archive', archiveName(given.name)] },
          summary: `${present ? 'make' : 'remove'} the locale ${given.name}`,
          after: `${given.state}\n`,
        }),
      );
    }
    return { changes, result: (outcomes) => ({ name: given.name, msg: 'OK', ...commandFailure(outcomes) }) };
  },
});

/** Whether the system has a locale; `source` is its line in the list of what can be made. */
function locale(name: string, source: string): Setting {
  const [input = '', charset = ''] = source.split(/\s+/);
  const own = archiveName(name);
  return {
    key: `locale:${name}`,
    look: [
      '/bin/sh',
      '-c',
      'if locale -a | grep -q -x -e "$1"; then echo present; else echo absent; fi',
      'sh',
      own,
    ],
    back: [
      '/bin/sh',
      '-c',
      'read -r was; if [ "$was" = present ]; then localedef -i "$1" -f "$2" "$3"; else localedef --delete-from-archive "$4"; fi',
      'sh',
      input.replace(/\.[^@]*/, ''),
      charset,
      input,
      own,
    ],
  };
}
