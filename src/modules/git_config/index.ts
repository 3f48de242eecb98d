import type { z } from 'zod';
import {
  type CommandResult,
  commandOutput,
  contentOfBytes,
  fileContent,
  type Observed,
  type Probe,
  setFile,
} from '../../resources/index.ts';
import { isUnknown, Unknown } from '../../values/index.ts';
import { answer, unknownPlan } from '../answer.ts';
import { seenThroughLink } from '../file-result.ts';
import { boolean, choice, path, text, withAliases } from '../params.ts';
import { makeParents, parentNeeds, withParent } from '../parents.ts';
import { defineModule, type Plan, type PlanContext } from '../types.ts';

const params = withAliases(
  {},
  {
    name: text.optional().describe('The setting, such as `user.email`.'),
    value: text.optional().describe('What it shall be. Without it, or empty, the present value is told.'),
    scope: choice('file', 'local', 'global', 'system')
      .optional()
      .describe('Whose settings are meant. Default: `system`; with `list_all` all that count.'),
    repo: path.optional().describe('The repository, for `local`.'),
    file: path.optional().describe('The file, for `file`.'),
    state: choice('present', 'absent').default('present').describe('Whether it shall be set.'),
    list_all: boolean.default(false).describe('Tell all settings.'),
  },
).superRefine((given, refine) => {
  const fault = (message: string) => refine.addIssue({ code: 'custom', message });
  for (const other of ['name', 'value'] as const)
    if (given.list_all && given[other] !== undefined)
      fault(`parameters are mutually exclusive: list_all|${other}`);
  if (given.scope === 'local' && given.repo === undefined)
    fault('scope is local but all of the following are missing: repo');
  if (given.scope === 'file' && given.file === undefined)
    fault('scope is file but all of the following are missing: file');
  if (!given.list_all && given.name === undefined) fault('needs name or list_all');
});

type Params = z.output<typeof params>;

/** Settings of git. Git itself writes them, to a copy; the file is then put in place like any other, and can be put back. */
export default defineModule({
  name: 'git_config',
  summary: 'Sets an option of git, or tells it.',
  params,
  needs(given, seen) {
    const asked = looking(given);
    const place = placeOf(given, seen);
    if (place === undefined) return [asked];
    const file = fileContent(place, { follow: true });
    return [asked, file, ...parentNeeds(seen.get(file)), rehearsal(given)];
  },
  plan(given, seen, context): Plan {
    const said = answer(seen, looking(given));
    if (isUnknown(said)) return unknownPlan(said);
    if (said.rc !== 0) return failing(said, context);
    const shown = said.stdout.slice(said.stdout.indexOf('\n') + 1);
    if (given.list_all) return told({ config_values: settingsIn(shown) });
    const present = shown.replace(/\n$/, '');
    if (given.state === 'absent' && present === '') return told({ msg: 'no setting to unset' });
    if (given.state === 'present' && !given.value) return told({ config_value: present });
    if (given.state === 'present' && given.value === present) return told({});
    return written(given, present, seen, context);
  },
});

function told(result: Record<string, unknown>): Plan {
  return { changes: [], result: () => ({ msg: '', ...result }) };
}

function failing(said: CommandResult, context: PlanContext): Plan {
  if (context.checkMode) return unknownPlan(new Unknown(said.stderr.trim()));
  return { changes: [], failed: said.stderr, result: () => ({ rc: said.rc }) };
}

function written(given: Params, present: string, seen: Observed, context: PlanContext): Plan {
  const place = placeOf(given, seen)!;
  const said = answer(seen, rehearsal(given));
  const found = answer(seen, fileContent(place, { follow: true }));
  if (isUnknown(said)) return unknownPlan(said);
  if (isUnknown(found)) return unknownPlan(found);
  if (said.rc !== 0) return failing(said, context);
  const before = withParent(found, seen);
  const parents = makeParents(before, seen, true);
  if (typeof parents === 'string') return { changes: [], failed: parents };
  const changes = setFile(before, { type: 'file', content: contentOfBytes(said.stdoutBytes) });
  const value = given.state === 'absent' ? '' : given.value!;
  const header = `git config ${scopeOf(given) ?? ''} ${given.name}`;
  return {
    changes: [...parents, ...seenThroughLink(changes, before)],
    result: () => ({
      msg: 'setting changed',
      diff: { before_header: header, before: `${present}\n`, after_header: header, after: `${value}\n` },
    }),
  };
}

function settingsIn(shown: string): Record<string, string> {
  return Object.fromEntries(
    shown
      .split('\0')
      .filter((one) => one !== '')
      .map((one) => {
        const [name, ...value] = one.split('\n');
        return [name!, value.join('\n')];
      }),
  );
}

function scopeOf({ scope, list_all: all }: Params): string | undefined {
  return scope ?? (all ? undefined : 'system');
}

// $1 scope, $2 repository, $3 file. Sets $place, where that scope keeps its settings.
const START = `
scope=$1 repo=$2 file=$3
shift 3
command -v git >/dev/null || { echo "there is no git on the target" >&2; exit 127; }
cd "\${repo:-/}" || exit
case $scope in
  file) place=$file ;;
  local) place=$(git rev-parse --git-path config) || exit; case $place in /*) ;; *) place=$PWD/$place ;; esac ;;
  global)
    place=\${GIT_CONFIG_GLOBAL-$HOME/.gitconfig}
    other=\${XDG_CONFIG_HOME:-$HOME/.config}/git/config
    if [ ! -e "$place" ] && [ -e "$other" ]; then place=$other; fi ;;
  system) place=$(GIT_EDITOR=echo git config --system --edit) || exit ;;
  *) place= ;;
esac
`;
// $1 all, or the setting.
const LOOK = `${START}
printf '%s\\n' "$place"
what=$1
set -- --includes
case $scope in '') ;; file) set -- "$@" -f "$file" ;; *) set -- "$@" "--$scope" ;; esac
if [ "$what" = --list ]; then
  if [ -n "$place" ] && [ ! -e "$place" ]; then exit 0; fi
  exec git config "$@" --null --list
fi
git config "$@" --get "$what" || [ $? = 1 ]
`;
// $1 present or absent, $2 the setting; its value is standard input. Prints the file as git would leave it.
const REHEARSE = `${START}
value=$(cat)
copy=$(mktemp) || exit
trap 'rm -f "$copy"' EXIT
if [ -e "$place" ]; then cat "$place" >"$copy" || exit; fi
if [ "$1" = present ]; then git config -f "$copy" "$2" "$value" || exit
else git config -f "$copy" --unset "$2" || exit
fi
cat "$copy"
`;

function script(given: Params, text: string, ...words: readonly string[]): readonly string[] {
  return ['/bin/sh', '-c', text, 'sh', scopeOf(given) ?? '', given.repo ?? '', given.file ?? '', ...words];
}

function looking(given: Params): Probe<CommandResult> {
  return commandOutput({
    argv: script(given, LOOK, given.list_all ? '--list' : given.name!),
    env: { LC_ALL: 'C' },
  });
}

function rehearsal(given: Params): Probe<CommandResult> {
  const argv = script(given, REHEARSE, given.state, given.name!);
  return commandOutput({ argv, stdin: given.value ?? '', env: { LC_ALL: 'C' } });
}

/** The file that is to be written; undefined when none is, or nobody has looked yet. */
function placeOf(given: Params, seen: Observed): string | undefined {
  if (given.list_all || (given.state === 'present' && !given.value)) return undefined;
  const said = seen.get(looking(given));
  if (said === undefined || isUnknown(said) || said.rc !== 0) return undefined;
  const [place, ...values] = said.stdout.split('\n');
  const present = values.join('\n').replace(/\n$/, '');
  return present === (given.state === 'absent' ? '' : given.value) ? undefined : place;
}
