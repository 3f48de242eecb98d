import {
  type Change,
  type FileState,
  fileState,
  type Observed,
  runCommand,
  setFile,
} from '../../resources/index.ts';
import { isUnknown } from '../../values/index.ts';
import { answer, unknownPlan } from '../answer.ts';
import { commandFailure, complaintOf, endedCommand } from '../command/result.ts';
import { fileFacts, settled } from '../file-result.ts';
import { attributeWarnings } from '../params.ts';
import { changeSetting, madeFile, settingProbe } from '../setting.ts';
import { attributes } from '../text-file.ts';
import { defineModule, type Plan } from '../types.ts';
import { type Members, membersProbe, readMembers } from './members.ts';
import { packing, SAME } from './packing.ts';
import { archiveParams, type Params } from './params.ts';

/** Archives, made by the programs of the target. */
export default defineModule({
  name: 'archive',
  summary: 'Packs files and folders of the target into an archive.',
  params: archiveParams,
  needs(given, seen) {
    const dest = destOf(given, seen);
    return [
      membersProbe(given),
      ...(dest === undefined ? [] : [fileState(dest, { checksum: false }), settingProbe(archiveFile(dest))]),
    ];
  },
  plan(given, seen): Plan {
    const said = answer(seen, membersProbe(given));
    if (isUnknown(said)) return unknownPlan(said);
    if (said.rc !== 0) return { changes: [], failed: `archive: ${complaintOf(said)}` };
    const members = readMembers(said.stdout, given);
    if (members.paths.length === 0) return { changes: [], failed: 'Error, no source paths were found' };
    const dest = destOf(given, seen);
    if (dest === undefined)
      return { changes: [], failed: 'Error, must specify "dest" when archiving multiple files or trees' };
    const file = answer(seen, fileState(dest, { checksum: false }));
    if (isUnknown(file)) return unknownPlan(file);
    if (file.type === 'directory') return { changes: [], failed: `${dest} is a directory` };
    if (file.parent === 'absent' && members.found.length > 0)
      return { changes: [], failed: `the folder of ${dest} does not exist` };
    return planPacking(given, members, file, seen);
  },
});

function planPacking(given: Params, members: Members, file: FileState, seen: Observed): Plan {
  const compresses = compressesOnly(given, members);
  const own = attributes(given);
  const isEmpty = members.found.length === 0;
  const packed: FileState = { ...file, type: 'file', mode: file.mode ?? 0o666 & ~(file.umask ?? 0o022) };
  const changes = [
    ...(isEmpty ? [] : [packingChange(given, members, file, compresses, seen)]),
    ...(isEmpty || Object.keys(own).length === 0 ? [] : setFile(packed, { type: 'file', ...own })),
  ];
  return {
    changes,
    warnings: attributeWarnings(given),
    result(outcomes) {
      const ended = isEmpty ? undefined : endedCommand(outcomes[0]);
      const same = ended?.rc === 0 && ended.stdout.trimEnd().endsWith(SAME);
      const others = outcomes.slice(1).some(({ status }) => status === 'done');
      const state = compresses ? 'compress' : members.missing.length > 0 ? 'incomplete' : 'archive';
      return {
        archived: members.found,
        arcroot: members.root,
        dest: file.path,
        dest_state: isEmpty ? (file.type === 'absent' ? 'absent' : 'archive') : state,
        expanded_paths: members.paths,
        expanded_exclude_paths: members.excluded,
        missing: members.missing,
        ...(isEmpty ? {} : fileFacts(settled(packed, outcomes))),
        ...(same && !given.remove && !others ? { changed: false } : {}),
        ...commandFailure(outcomes),
      };
    },
  };
}

function packingChange(
  given: Params,
  members: Members,
  file: FileState,
  compresses: boolean,
  seen: Observed,
): Change {
  const act = packing(given, members, file.path, compresses);
  const summary = `pack ${members.paths.join(', ')} into ${file.path}`;
  const before = answer(seen, settingProbe(archiveFile(file.path)));
  // An archive whose place is taken by a new one is gone, and so is what was removed.
  return file.type === 'absent' && !given.remove && !isUnknown(before)
    ? changeSetting(archiveFile(file.path), { before, act, summary, diff: { prepared: `${summary}\n` } })
    : runCommand(act, { undo: 'irreversible', summary });
}

function archiveFile(dest: string) {
  return madeFile(`archive:${dest}`, dest);
}

function compressesOnly(given: Params, { isSingle }: Members): boolean {
  return isSingle && !given.force_archive && given.format !== 'zip' && given.format !== 'tar';
}

/** Where the archive goes; undefined when nobody said, or nobody has looked yet what there is. */
function destOf(given: Params, seen: Observed): string | undefined {
  if (given.dest !== undefined) return given.dest;
  const said = seen.get(membersProbe(given));
  if (said === undefined || isUnknown(said) || said.rc !== 0) return undefined;
  const members = readMembers(said.stdout, given);
  return members.isSingle && given.path.length === 1 ? `${given.path[0]}.${given.format}` : undefined;
}
