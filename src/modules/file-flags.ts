/** The flags that chattr sets: the parameter `attributes` of modules that put one file or folder on a host. */
import type { ChangeOutcome, CommandResult, FileState, Observed, Probe } from '../resources/index.ts';
import { isMapping, isUnknown, type Unknown } from '../values/index.ts';
import { unknownPlan } from './answer.ts';
import { changeSetting, type Setting, settingProbe } from './setting.ts';
import type { Plan } from './types.ts';

interface Flagged {
  readonly attributes?: string | undefined;
}

/** Which flags are added, taken away, or the only ones. */
interface Wish {
  readonly operator: string;
  readonly letters: ReadonlySet<string>;
}

/** Asks for the flags of what is there, when the task says something of them. */
export function flagNeeds(params: Flagged, file: FileState | Unknown | undefined): Probe[] {
  if (params.attributes === undefined || file === undefined || isUnknown(file)) return [];
  return has(file) ? [settingProbe(settingOf(file))] : [];
}

/** Adds to a plan that the file gets its flags, last of all: an immutable one takes nothing more. */
export function withFlags(plan: Plan, params: Flagged, file: FileState, seen: Observed): Plan {
  const wish = wishOf(params);
  if (wish === undefined || plan.failed !== undefined || plan.changed !== undefined) return plan;
  const setting = settingOf(file);
  const before = has(file) ? seen.get(settingProbe(setting)) : undefined;
  if (before !== undefined && isUnknown(before)) return unknownPlan(before);
  const found = before?.stdout ?? '';
  const wanted = flagsAfter(found, wish);
  // A file that is written anew has the flags of none before.
  const alone = plan.changes.length === 0;
  if (alone && found === wanted) return plan;
  const word = `${wish.operator}${[...wish.letters].join('')}`;
  const change = changeSetting(setting, {
    before: alone ? before : undefined,
    act: { argv: ['chattr', word, pathOf(file)] },
    summary: `chattr ${word} ${pathOf(file)}`,
    after: wanted,
    diff: { prepared: `flags: ${found} -> ${wanted}` },
  });
  return {
    ...plan,
    changes: [...plan.changes, change],
    result: (outcomes) => {
      const result = plan.result?.(outcomes) ?? {};
      return { ...result, ...flagDiff(result.diff, found, word), ...failure(outcomes, setting) };
    },
  };
}

const pathOf = (file: FileState) => file.realPath ?? file.path;
const has = (file: FileState) => file.type === 'file' || file.type === 'directory';

function wishOf({ attributes = '' }: Flagged): Wish | undefined {
  const [, operator = '', letters = ''] = /^([-+=]?)(.*)$/.exec(attributes) ?? [];
  return letters === '' ? undefined : { operator: operator || '=', letters: new Set(letters) };
}

/** The flags as letters in the order of the alphabet, so that each file system says the same of the same. */
function flagsAfter(found: string, { operator, letters }: Wish): string {
  const kept = operator === '=' ? [] : [...found].filter((letter) => !letters.has(letter));
  return [...kept, ...(operator === '-' ? [] : letters)].sort().join('');
}

// cut, fold and sort: lsattr has a place for each flag, and they differ between versions.
const LETTERS = `lsattr -d "$1" 2>/dev/null | cut -d' ' -f1 | tr -d - | fold -w1 | LC_ALL=C sort -u | tr -d '\\n'`;

// Only what differs: some flags cannot be written, even as they are. A file that was not there could be removed again.
const BACK = `was=$(cat); now=$(${LETTERS}); add=; del=
[ -n "$was" ] || was=$(printf %s "$now" | tr -d ai)
for flag in $(printf %s "$was$now" | fold -w1); do
  case $was in *"$flag"*) case $now in *"$flag"*) ;; *) add=$add$flag ;; esac ;; *) del=$del$flag ;; esac
done
if [ -n "$del" ]; then chattr "-$del" "$1" || exit; fi
if [ -n "$add" ]; then chattr "+$add" "$1" || exit; fi`;

function settingOf(file: FileState): Setting {
  const path = pathOf(file);
  const shell = (script: string) => ['/bin/sh', '-c', script, 'sh', path];
  return { key: `flags:${path}`, look: shell(LETTERS), back: shell(BACK) };
}

/** The difference names the flags that were there, and what was wished. */
function flagDiff(diff: unknown, found: string, word: string): Record<string, unknown> {
  if (!isMapping(diff) || !isMapping(diff.before) || !isMapping(diff.after)) return {};
  return {
    diff: {
      before: { ...diff.before, attributes: found },
      after: { ...diff.after, attributes: word },
    },
  };
}

function failure(outcomes: readonly ChangeOutcome[], { key }: Setting): Record<string, unknown> {
  const ran = outcomes.find(({ change }) => change.key === key)?.result as CommandResult | undefined;
  if (ran === undefined || ran.rc === 0) return {};
  return { failed: true, msg: 'chattr failed', details: `Error while setting attributes: ${ran.stderr}` };
}
