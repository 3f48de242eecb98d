import type { z } from 'zod';
import { type CommandResult, commandOutput, type Probe, runCommand } from '../../resources/index.ts';
import { isUnknown, Unknown } from '../../values/index.ts';
import { answer, unknownPlan } from '../answer.ts';
import { endedCommand, outputKeys } from '../command/result.ts';
import { boolean, choice, text, withAliases } from '../params.ts';
import { changeSetting, type Setting, settingProbe } from '../setting.ts';
import { defineModule, type Plan, type PlanContext } from '../types.ts';

const params = withAliases(
  {},
  {
    name: text.describe('The module, as a2enmod names it.'),
    state: choice('present', 'absent').default('present').describe('Whether the server loads it.'),
    identifier: text
      .optional()
      .describe('The module, as `apache2ctl -M` names it. Default: by the name, with `_module` behind it.'),
    force: boolean.default(false).describe('Also take away what Debian warns about.'),
    ignore_configcheck: boolean
      .default(false)
      .describe(
        'Go on when the server does not accept its configuration, as it does without any mpm module.',
      ),
    warn_mpm_absent: boolean.default(true).describe('Warn when the configuration is not accepted.'),
  },
);

type Params = z.output<typeof params>;

/** Modules of Apache, where there are a2enmod and a2dismod. */
export default defineModule({
  name: 'apache2_module',
  summary: 'Switches a module of the Apache web server on or off.',
  params,
  needs: () => [LOADED, settingProbe(ENABLED)],
  plan(given, seen, context): Plan {
    const loaded = answer(seen, LOADED);
    const before = answer(seen, settingProbe(ENABLED));
    if (isUnknown(loaded)) return unknownPlan(loaded);
    if (isUnknown(before)) return unknownPlan(before);
    const { warnings, failed } = configurationCheck(given, loaded, context);
    if (isUnknown(failed)) return unknownPlan(failed);
    if (failed !== undefined) return { changes: [], failed };
    const result = `Module ${given.name} ${given.state === 'present' ? 'enabled' : 'disabled'}`;
    if (isLoaded(given, loaded.stdout) === (given.state === 'present'))
      return { changes: [], warnings, result: () => ({ result }) };
    const program = given.state === 'present' ? 'a2enmod' : 'a2dismod';
    const act = { argv: ['/bin/sh', '-c', ACT, 'sh', program, given.name, given.force ? '-f' : ''] };
    const summary = `${program} ${given.name}`;
    const change =
      before.rc === 0
        ? changeSetting(ENABLED, { before, act, summary, diff: { prepared: `${summary}\n` } })
        : runCommand(act, { undo: 'irreversible', summary });
    return {
      changes: [change],
      warnings,
      result(outcomes) {
        const ended = endedCommand(outcomes[0]);
        if (ended === undefined) return { result };
        const [said = '', now = ''] = ended.stdout.split(`${MARK}
`);
        // A server without a name says so on stderr (AH00558), before or behind its list.
        const isAccepted = /^Loaded/m.test(now);
        if (ended.rc === 0 && !isAccepted && !given.ignore_configcheck)
          return { failed: true, changed: false, msg: `Error executing apache2ctl: ${now}` };
        if (ended.rc === 0 && (!isAccepted || isLoaded(given, now) === (given.state === 'present')))
          return { result };
        return failure(given, { ...ended, stdout: said });
      },
    };
  },
});

function failure(given: Params, ended: Parameters<typeof outputKeys>[0]): Record<string, unknown> {
  const wish = given.state === 'present' ? 'enabled' : 'disabled';
  const msg = `Failed to set module ${given.name} to ${wish}:\n${ended.stdout}\nMaybe the module identifier (${identifierOf(given)}) was guessed incorrectly.Consider setting the "identifier" option.`;
  return { failed: true, changed: false, msg, ...outputKeys(ended, false) };
}

/** What has to be said when the server does not accept its configuration. */
function configurationCheck(
  given: Params,
  loaded: CommandResult,
  { checkMode }: PlanContext,
): { readonly warnings: string[]; readonly failed?: string | Unknown } {
  if (loaded.rc === 0) return { warnings: [] };
  const failed = `Error executing ${loaded.stdout.trim() || 'apache2ctl'}: ${loaded.stderr}`;
  if (loaded.rc === 127) return { warnings: [], failed: checkMode ? new Unknown(failed) : failed };
  const lacksMpm = /AH00534/.test(loaded.stderr);
  if (!given.ignore_configcheck) return { warnings: [], failed };
  if (!lacksMpm || given.warn_mpm_absent) return { warnings: [loaded.stderr.trim()] };
  return { warnings: [] };
}

function isLoaded(given: Params, listed: string): boolean {
  return listed.split('\n').some((line) => line.trim().split(' ')[0] === identifierOf(given));
}

const IDENTIFIERS: Readonly<Record<string, string>> = {
  dump_io: 'dumpio_module',
  evasive: 'evasive20_module',
  shib: 'mod_shib',
  shib2: 'mod_shib',
};

function identifierOf({ name, identifier }: Params): string {
  if (identifier !== undefined) return identifier;
  const php = /^(php)(\d)[\d.]*$/.exec(name);
  if (php) return Number(php[2]) >= 8 ? 'php_module' : `php${php[2]}_module`;
  return IDENTIFIERS[name] ?? `${name}_module`;
}

const MARK = '-- loaded';
const LIST = `
loaded() {
  for ctl in apache2ctl apachectl; do
    if command -v "$ctl" >/dev/null; then "$ctl" -M; return; fi
  done
  echo "there is no apache2ctl on the target" >&2
  return 127
}
`;
const LOADED: Probe<CommandResult> = commandOutput({ argv: ['/bin/sh', '-c', `${LIST}loaded`] });
const ACT = `${LIST}
if [ -n "$3" ]; then "$1" "$3" "$2"; else "$1" "$2"; fi || exit
echo "${MARK}"
loaded 2>&1 || :
`;

const PLACES =
  'set -- /etc/apache2/mods-enabled /var/lib/apache2/module/enabled_by_admin /var/lib/apache2/module/disabled_by_admin';
const LOOK = `${PLACES}
[ -d "$1" ] || exit
for folder; do
  for file in "$folder"/*; do
    if [ -h "$file" ]; then printf '%s %s\\n' "$file" "$(readlink "$file")"
    elif [ -f "$file" ]; then printf '%s\\n' "$file"
    fi
  done
done
`;
const BACK = `${PLACES}
was=$(cat)
for folder; do
  for file in "$folder"/*; do
    case "
$was
" in
      *"
$file "* | *"
$file
"*) ;;
      *) rm -f "$file" ;;
    esac
  done
done
printf '%s\\n' "$was" | while read -r file target; do
  if [ -e "$file" ] || [ -h "$file" ]; then continue; fi
  if [ -n "$target" ]; then ln -s "$target" "$file"; else : >"$file"; fi
done
`;

/** What is switched on, and what dpkg's triggers remember of who did it. */
const ENABLED: Setting = {
  key: 'apache2_modules',
  look: ['/bin/sh', '-c', LOOK],
  back: ['/bin/sh', '-c', BACK],
};
