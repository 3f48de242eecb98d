import { z } from 'zod';
import { commandOutput } from '../../resources/index.ts';
import { isUnknown } from '../../values/index.ts';
import { answer, unknownPlan } from '../answer.ts';
import { commandFailure, complaintOf } from '../command/result.ts';
import { choice, text } from '../params.ts';
import { changeSetting, type Setting, settingProbe } from '../setting.ts';
import { defineModule, type Plan } from '../types.ts';

const params = z.strictObject({
  name: text
    .refine((name) => /^[a-z0-9][a-z0-9+.-]*(?::[a-z0-9-]+)?$/i.test(name), 'is no name of a package')
    .describe('Name of the package, with an architecture behind a colon if need be.'),
  selection: choice('install', 'hold', 'deinstall', 'purge').describe(
    'What dpkg shall do with it from now on. With `hold` it stays at its version.',
  ),
});

/** What dpkg remembers to do with a package; nothing is installed or removed here. */
export default defineModule({
  name: 'dpkg_selections',
  summary: 'Marks a Debian package to be held, installed or removed.',
  params,
  needs: ({ name }) => [settingProbe(selectionOf(name)), available(name)],
  plan({ name, selection }, seen): Plan {
    const before = answer(seen, settingProbe(selectionOf(name)));
    if (isUnknown(before)) return unknownPlan(before);
    if (before.rc !== 0) return { changes: [], failed: `dpkg-query: ${complaintOf(before)}` };
    const known = answer(seen, available(name));
    if (isUnknown(known)) return unknownPlan(known);
    const present = before.stdout.trim() || 'not present';
    if (present === selection) return { changes: [], result: () => ({ before: present, after: present }) };
    if (present === 'not present' && (known.rc !== 0 || selection === 'purge')) {
      const why = `dpkg knows no package ${name}, so it cannot keep that it shall ${selection} it`;
      return {
        changes: [],
        warnings: known.rc === 0 ? [] : [why],
        result: () => ({ before: present, after: present }),
      };
    }
    const change = changeSetting(selectionOf(name), {
      before,
      act: { argv: ['dpkg', '--set-selections'], stdin: `${name} ${selection}\n` },
      after: `${selection}\n`,
      summary: `mark ${name}: ${selection}`,
      diff: { before: `${present}\n`, after: `${selection}\n` },
    });
    return {
      changes: [change],
      result: (outcomes) => ({ before: present, after: selection, ...commandFailure(outcomes) }),
    };
  },
});

function selectionOf(name: string): Setting {
  const run = (verb: string) => ['/bin/sh', '-c', SCRIPT, 'sh', verb, name];
  return { key: `selection:${name}`, look: run('look'), back: run('back') };
}

/** Only who uses dselect has a list of packages that dpkg may hear of without ever having had them. */
function available(name: string): ReturnType<typeof commandOutput> {
  return commandOutput({ argv: ['dpkg-query', '--print-avail', name] });
}

// Prints the selection, nothing when there is none: what was never there is as if it had been purged.
const SCRIPT = `
command -v dpkg-query >/dev/null || { echo "there is no dpkg on the target" >&2; exit 127; }
case $1 in
  look)
    states=$(dpkg-query -W -f '\${db:Status-Want} \${db:Status-Status}\\n' "$2" 2>/dev/null | sed 1q)
    case $states in '' | unknown\\ * | purge\\ not-installed) ;; *) echo "\${states%% *}" ;; esac
    ;;
  back)
    read -r want || want=purge
    echo "$2 $want" | dpkg --set-selections
    ;;
esac
`;
