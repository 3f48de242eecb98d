import { posix } from 'node:path';
import type { z } from 'zod';
import {
  type Change,
  type CommandResult,
  commandOutput,
  contentOfBytes,
  type FileContent,
  type FileState,
  fileContent,
  fileState,
  type Observed,
  type Probe,
  setFile,
} from '../../resources/index.ts';
import { isUnknown, Unknown } from '../../values/index.ts';
import { unknownPlan } from '../answer.ts';
import { complaintOf } from '../command/result.ts';
import { boolean, choice, integer, path, withAliases } from '../params.ts';
import { makeParents, parentNeeds, withParent } from '../parents.ts';
import { defineModule, type Plan, type PlanContext } from '../types.ts';
import { type Patched, REHEARSE, readPatched } from './rehearsal.ts';

const params = withAliases(
  { patchfile: 'src', originalfile: 'dest' },
  {
    src: path.describe('The patch, on the controller; with remote_src on the target.'),
    dest: path.optional().describe('The only file that is patched.'),
    basedir: path.optional().describe('Folder in which the files of the patch are.'),
    state: choice('present', 'absent').default('present').describe('Whether it is applied or taken back.'),
    remote_src: boolean.default(false).describe('The patch is on the target.'),
    strip: integer.default(0).describe('How many folders are taken off names in the patch.'),
    backup: boolean.default(false).describe('Keep what was there beside it, as `NAME.~1~`.'),
    binary: boolean.default(false).describe('Line ends are what they are.'),
    ignore_whitespace: boolean.default(false).describe('Differences in white space do not count.'),
  },
).superRefine((given, refine) => {
  if (given.dest === undefined && given.basedir === undefined)
    refine.addIssue({ code: 'custom', message: 'one of the following is required: dest, basedir' });
});

type Params = z.output<typeof params>;

/** Patches, by the target's own `patch`: it works on copies, and what comes out is put in place like other files. */
export default defineModule({
  name: 'patch',
  summary: 'Applies a patch to files, or takes one back.',
  params,
  pathsAsWritten: ({ remote_src: remote }) => (remote ? [] : ['src']),
  needs: async (given, seen, context) => {
    const asked = [placeProbe(given), await rehearsal(given, context)] as const;
    const said = seen.get(asked[1]);
    if (said === undefined || isUnknown(said) || said.rc !== 0) return asked;
    const files = readPatched(said.stdoutBytes).map((file) => fileProbe(given, file));
    return [...asked, ...files, ...files.flatMap((probe) => parentNeeds(seen.get(probe)))];
  },
  async plan(given, seen, context): Promise<Plan> {
    const there = seen.get(placeProbe(given));
    if (there === undefined || isUnknown(there))
      return unknownPlan(there ?? new Unknown('nothing was looked at'));
    const fault = faultOf(given, there);
    if (fault !== undefined) return failing(fault, context);
    const said = seen.get(await rehearsal(given, context));
    if (said === undefined || isUnknown(said))
      return unknownPlan(said ?? new Unknown('nothing was looked at'));
    if (said.rc !== 0)
      return failing(said.rc === 1 && said.stdout !== '' ? said.stdout : complaintOf(said), context);
    return written(given, readPatched(said.stdoutBytes), seen);
  },
});

function placeProbe({ dest, basedir }: Params): Probe<FileState> {
  return fileState(dest === undefined ? basedir! : posix.resolve(basedir ?? '/', dest), {
    follow: true,
    checksum: false,
  });
}

function faultOf({ dest, basedir }: Params, there: FileState): string | undefined {
  if (dest !== undefined)
    return there.type === 'absent' || there.writable === false
      ? `dest ${dest} doesn't exist or not writable`
      : undefined;
  return there.type === 'directory' ? undefined : `basedir ${basedir} doesn't exist`;
}

/** In a dry run a step before this one may bring what is missing. */
function failing(failed: string, { checkMode }: PlanContext): Plan {
  return checkMode ? unknownPlan(new Unknown(failed.trim())) : { changes: [], failed };
}

async function rehearsal(given: Params, context: PlanContext): Promise<Probe<CommandResult>> {
  const flags = [
    `--strip=${given.strip}`,
    ...(given.binary ? ['--binary'] : []),
    ...(given.ignore_whitespace ? ['--ignore-whitespace'] : []),
  ];
  const file = given.remote_src ? undefined : await context.readFile(context.findFile(given.src, 'files'));
  return commandOutput({
    argv: [
      '/bin/sh',
      '-c',
      REHEARSE,
      'sh',
      given.basedir ?? '/',
      given.dest ?? '',
      given.state,
      given.backup ? 'backup' : '',
      given.remote_src ? given.src : '',
      ...flags,
    ],
    ...(file === undefined ? {} : { stdin: file.bytes ?? context.readText(file.path) }),
    env: { LC_ALL: 'C' },
  });
}

function fileProbe({ basedir }: Params, { path }: Patched): Probe<FileContent> {
  return fileContent(posix.resolve(basedir ?? '/', path), { follow: true });
}

function written(given: Params, files: readonly Patched[], seen: Observed): Plan {
  const changes: Change[] = [];
  const folders = new Set<string>();
  for (const file of files) {
    const found = seen.get(fileProbe(given, file));
    if (found === undefined || isUnknown(found))
      return unknownPlan(found ?? new Unknown(`${file.path} was not looked at`));
    const before = withParent(found, seen);
    if (file.bytes === undefined) {
      changes.push(...setFile(before, { type: 'absent' }));
      continue;
    }
    const parents = makeParents(before, seen, true);
    if (typeof parents === 'string') return { changes: [], failed: parents };
    const fresh = before.type === 'absent' && file.isProgram ? { mode: '0755' } : {};
    const content = contentOfBytes(file.bytes);
    changes.push(
      ...parents.filter(({ key }) => !folders.has(key)),
      ...setFile(before, { type: 'file', content, ...fresh }),
    );
    for (const { key } of parents) folders.add(key);
  }
  return { changes, result: () => ({}) };
}
