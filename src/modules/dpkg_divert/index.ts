import { z } from 'zod';
import {
  type Change,
  type ChangeOutcome,
  type FileState,
  fileState,
  setFile,
} from '../../resources/index.ts';
import { isUnknown } from '../../values/index.ts';
import { answer, unknownPlan } from '../answer.ts';
import { commandFailure, complaintOf } from '../command/result.ts';
import { boolean, choice, path, text } from '../params.ts';
import { changeSetting, shown } from '../setting.ts';
import { defineModule, type Plan } from '../types.ts';
import {
  called,
  clashWith,
  type Diversion,
  type Diversions,
  diversionOf,
  diversionSetting,
  diversionsProbe,
  LOCAL,
  lookOf,
  ownersProbe,
  readDiversions,
  readOwners,
  writeDiversions,
} from './diversion.ts';
import { isSameFile, type Move, moveFile, predictMove } from './move.ts';

const params = z.strictObject({
  path: path.describe('The file that packages shall not put in its place.'),
  state: choice('absent', 'present').default('present').describe('Whether the file is diverted.'),
  divert: path.optional().describe('Where it goes instead; default the path with `.distrib` behind.'),
  holder: text.optional().describe('The package whose own file stays; default nobody (`LOCAL`).'),
  rename: boolean
    .default(false)
    .describe(
      'Move the file there, or back, when the diversion begins or ends. A file that was diverted goes along with a new `divert` in any case.',
    ),
  force: boolean.default(false).describe('With `rename`: what is in the way goes. A rollback puts it back.'),
});

type Params = z.output<typeof params>;

/** What is done to the record of dpkg-divert, one command each. */
interface Step {
  readonly words: readonly string[];
  readonly message: string;
  readonly before: Diversion | undefined;
  readonly after: Diversion | undefined;
}

/** Files of packages that go to another place than their own. */
export default defineModule({
  name: 'dpkg_divert',
  summary: 'Diverts files of Debian packages to another place, or ends that.',
  params,
  // dpkg-divert refuses them.
  relativePaths: () => ['path', 'divert'],
  needs(given, seen) {
    if (relativeOf(given) !== undefined) return [];
    const asked = [
      diversionsProbe,
      fileState(given.path, { checksum: false }),
      ...(given.rename ? [ownersProbe(given.path)] : []),
    ];
    const said = seen.get(diversionsProbe);
    if (said === undefined || isUnknown(said)) return asked;
    const present = diversionOf(given.path, readDiversions(said.stdout));
    const places = new Set([placeOf(given, present), present?.divert ?? given.path]);
    return [...asked, ...[...places].map((place) => fileState(place, { checksum: false }))];
  },
  plan(given, seen, context): Plan {
    const relative = relativeOf(given);
    if (relative !== undefined)
      return { changes: [], failed: `dpkg-divert: filename "${relative}" is not absolute` };
    const said = answer(seen, diversionsProbe);
    if (isUnknown(said)) return unknownPlan(said);
    if (said.rc !== 0) return { changes: [], failed: `dpkg-divert: ${complaintOf(said)}` };
    const known = readDiversions(said.stdout);
    const present = diversionOf(given.path, known);
    const wanted = given.state === 'absent' ? undefined : wantedDiversion(given);
    const file = answer(seen, fileState(given.path, { checksum: false }));
    if (isUnknown(file)) return unknownPlan(file);
    const other = answer(seen, fileState(placeOf(given, present), { checksum: false }));
    if (isUnknown(other)) return unknownPlan(other);
    const fault = faultOf(given, wanted, known, file);
    if (fault !== undefined) return { changes: [], failed: `dpkg-divert: ${fault}` };
    const old = answer(seen, fileState(present?.divert ?? given.path, { checksum: false }));
    if (isUnknown(old)) return unknownPlan(old);
    const owners = given.rename ? answer(seen, ownersProbe(given.path)) : undefined;
    if (isUnknown(owners)) return unknownPlan(owners);
    const own = owners && readOwners(owners.stdout, given.path).includes((wanted ?? present)?.holder ?? '');
    const changed = lookOf(present) !== lookOf(wanted);
    const updated = changed && wanted !== undefined && present !== undefined;
    const [from, to] = wanted ? [updated ? old : file, other] : [other, file];
    const moved = changed && from.type !== 'absent' ? { from, to } : undefined;
    const renamed = updated || own || !given.rename ? undefined : moved;
    const blocked = renamed && to.type !== 'absent' && !isSameFile(renamed);
    if (blocked && !given.force) {
      const why = `${to.path} is in the way of ${from.path}`;
      return { changes: [], failed: `Set 'force' param to True to force renaming of files. (${why})` };
    }
    if (renamed && to.parent === 'absent')
      return { changes: [], failed: `dpkg-divert: there is no folder for ${to.path}` };
    const steps = stepsTo(wanted, present, given, known);
    const inTheWay = blocked ? setFile(to, { type: 'absent' }) : [];
    // As in Ansible: `rename` or not, but never over what is already there.
    const along = updated && moved && to.type === 'absent' ? [moveFile(moved)] : [];
    return {
      changes: [...inTheWay, ...changesOf(steps, given.path, known, renamed), ...along],
      result: (outcomes) =>
        failureOf(outcomes, record(given.path, present)) ?? {
          commands: steps.map(({ words }) => [known.program, ...words].join(' ')),
          messages: steps.map(({ message }) => message),
          diversion: record(given.path, wanted),
          diff: context.diffMode
            ? { before: record(given.path, present), after: record(given.path, wanted) }
            : {},
        },
    };
  },
});

/** What failed at once left the diversion as it was. */
function failureOf(outcomes: readonly ChangeOutcome[], diversion: Record<string, unknown>) {
  const failure = commandFailure(outcomes);
  if (!('failed' in failure)) return undefined;
  return failure.changed === true ? failure : { diversion, ...failure };
}

function record(path: string, diversion: Diversion | undefined): Record<string, unknown> {
  return {
    divert: diversion?.divert ?? null,
    holder: diversion?.holder ?? null,
    path,
    state: diversion ? 'present' : 'absent',
  };
}

function changesOf(
  steps: readonly Step[],
  path: string,
  known: Diversions,
  moved: Move | undefined,
): readonly Change[] {
  let { lines } = known;
  return steps.filter(differs).map((step) => {
    const { before, after, words, message } = step;
    lines = [
      ...lines.filter((line) => !before || line !== called(path, before)),
      ...(after ? [called(path, after)] : []),
    ];
    const predicts = new Map<string, unknown>([
      [diversionsProbe.key, shown(writeDiversions({ ...known, lines }))],
    ]);
    if (moved) predictMove(predicts, moved);
    const change = changeSetting(diversionSetting(path, words.find(isRenaming) ?? ''), {
      before: shown(lookOf(before)),
      act: { argv: [known.program, ...words], env: { LC_ALL: 'C' } },
      summary: message,
      diff: { prepared: message },
    });
    return { ...change, predicts };
  });
}

function isRenaming(word: string): boolean {
  return word === '--rename' || word === '--no-rename';
}

function wantedDiversion(given: Params): Diversion {
  return { divert: given.divert ?? `${given.path}.distrib`, holder: given.holder ?? LOCAL };
}

/** The other place that matters: where the file shall go, or where it went. */
function placeOf(given: Params, present: Diversion | undefined): string {
  return given.state === 'absent' ? (present?.divert ?? given.path) : wantedDiversion(given).divert;
}

function relativeOf(given: Params): string | undefined {
  return [given.path, given.divert].find((one) => one !== undefined && !one.startsWith('/'));
}

/** Why dpkg-divert would refuse. */
function faultOf(
  given: Params,
  wanted: Diversion | undefined,
  known: Diversions,
  file: FileState,
): string | undefined {
  if (wanted === undefined) return undefined;
  if (file.type === 'directory') return 'cannot divert directories';
  if (wanted.divert === given.path) return `cannot divert file '${given.path}' to itself`;
  const clash = clashWith(given.path, wanted.divert, known);
  return clash && `'${called(given.path, wanted)}' clashes with '${clash}'`;
}

function stepsTo(
  wanted: Diversion | undefined,
  present: Diversion | undefined,
  given: Params,
  known: Diversions,
): readonly Step[] {
  const still = known.knowsNoRename ? ['--no-rename'] : [];
  const flag = given.rename ? ['--rename'] : still;
  const remove = (words: readonly string[]): Step => ({
    words: [...words, '--remove', given.path],
    message: present
      ? `Removing '${called(given.path, present)}'`
      : `No diversion 'any diversion of ${given.path}', none removed.`,
    before: present,
    after: undefined,
  });
  if (wanted === undefined) return [remove(flag)];
  const holder = wanted.holder === LOCAL ? ['--local'] : ['--package', wanted.holder];
  const place = given.divert === undefined ? [] : ['--divert', given.divert];
  const same = present?.divert === wanted.divert && present.holder === wanted.holder;
  const add = (words: readonly string[]): Step => ({
    words: [...words, ...holder, ...place, '--add', given.path],
    message: `${same ? 'Leaving' : 'Adding'} '${called(given.path, wanted)}'`,
    before: same ? present : undefined,
    after: wanted,
  });
  return present && !same ? [remove(still), add(still)] : [add(flag)];
}

function differs({ before, after }: Step): boolean {
  return lookOf(before) !== lookOf(after);
}
