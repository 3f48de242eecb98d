/** Putting one file at a place on the host: what copy, template and assemble share. */
import { posix } from 'node:path';
import type { z } from 'zod';
import {
  type Content,
  DIFF_BYTES,
  type FileContent,
  type FileState,
  fileContent,
  fileState,
  knownBytes,
  type Observed,
  type Probe,
  setFile,
} from '../resources/index.ts';
import { isUnknown, type Unknown } from '../values/index.ts';
import { unknownPlan } from './answer.ts';
import { digestOfBytes } from './digests.ts';
import { flagNeeds, withFlags } from './file-flags.ts';
import { afterChanges, backupOf, fileFacts, seenThroughLink, settled } from './file-result.ts';
import { attributeWarnings, boolean, flaggedAttributes, modeOrPreserve } from './params.ts';
import { makeParents, parentNeeds, withParent } from './parents.ts';
import { placedDiff } from './result-diff.ts';
import { attributes, editParams } from './text-file.ts';
import type { Plan, PlanContext } from './types.ts';

/** Parameters of every module that puts a file somewhere. */
export const placeParams = {
  ...flaggedAttributes,
  mode: modeOrPreserve
    .optional()
    .describe("Permission bits, as '0644' or u=rw,g=r,o=r, or preserve: as the source has them."),
  force: boolean
    .default(true)
    .describe('Replace a file that differs; otherwise only make it when it is not there.'),
  backup: editParams.backup,
  follow: boolean.default(false).describe('Write to the file behind a link instead of replacing the link.'),
  validate: editParams.validate,
} as const;

type PlaceParams = z.output<z.ZodObject<typeof placeParams>>;

/** Where a file goes: a path, or a folder that gives it its source's name. */
export interface Place {
  readonly dest: string;
  /** Name of the file when `dest` is a folder; undefined when a folder makes no sense. */
  readonly name: string | undefined;
  readonly params: PlaceParams;
}

/** Where the file goes as far as it is known, and what must still be asked. */
export interface Placement {
  readonly needs: readonly Probe[];
  readonly probe: Probe<FileState>;
  /** Undefined until everything is known. */
  readonly file: FileState | FileContent | Unknown | undefined;
}

/** Finds out where the file goes. One question in the common case; a folder or a link costs another. */
export function placement(place: Place, seen: Observed, context: PlanContext): Placement {
  const { dest, name } = place;
  const inner = name === undefined ? dest : posix.join(dest, name);
  if (dest.endsWith('/') && name !== undefined) return at(inner, [], place, seen, context);
  const first = probeFor(dest, place, context);
  const state = seen.get(first);
  if (state === undefined || isUnknown(state)) return { needs: [first], probe: first, file: state };
  if (state.type === 'directory' && name !== undefined) return at(inner, [first], place, seen, context);
  if (state.type === 'link' && name !== undefined) {
    const behind = fileState(dest, { follow: true, checksum: false });
    const folder = seen.get(behind);
    if (folder === undefined) return { needs: [first, behind], probe: first, file: undefined };
    if (!isUnknown(folder) && folder.type === 'directory')
      return at(inner, [first, behind], place, seen, context);
  }
  return at(dest, [], place, seen, context);
}

function at(
  path: string,
  asked: readonly Probe[],
  place: Place,
  seen: Observed,
  context: PlanContext,
): Placement {
  const probe = probeFor(path, place, context);
  const file = seen.get(probe);
  if (place.params.follow && leadsNowhere(file)) {
    // As Ansible: such a link is replaced, not what it names made.
    const plain = { ...place, params: { ...place.params, follow: false } };
    const link = seen.get(probeFor(path, plain, context));
    if (link === undefined || (!isUnknown(link) && link.type === 'link'))
      return at(path, [...asked, probe], plain, seen, context);
  }
  const needs = [...asked, probe, ...parentNeeds(file), ...flagNeeds(place.params, file)];
  return { needs, probe, file: file === undefined || isUnknown(file) ? file : withParent(file, seen) };
}

/** Whether nothing is where the links of a path lead. */
function leadsNowhere(file: FileState | Unknown | undefined): boolean {
  return (
    file !== undefined &&
    !isUnknown(file) &&
    file.type === 'absent' &&
    file.realPath !== undefined &&
    file.realPath !== file.path
  );
}

/** Bytes are only fetched for a diff or a backup: the hash is enough to see a difference. */
function probeFor(path: string, place: Place, context: PlanContext): Probe<FileState> {
  const { follow, backup } = place.params;
  if (backup) return fileContent(path, { follow });
  return context.diffMode ? fileContent(path, { follow, maxBytes: DIFF_BYTES }) : fileState(path, { follow });
}

/** Plans to put content at its place. `result` has what the module adds to the result. */
export function planPlacing(
  place: Place,
  wanted: {
    readonly content: Content;
    /** Bits that `mode: preserve` means. */
    readonly sourceMode?: string | undefined;
    readonly result: Readonly<Record<string, unknown>>;
    readonly afterHeader?: string;
    /** Make missing folders even when `dest` does not end in a slash. */
    readonly makeFolders?: boolean;
    readonly directoryMode?: string | undefined;
    /** Its content must not show in a difference. */
    readonly secret?: boolean;
  },
  seen: Observed,
  context: PlanContext,
): Plan {
  const { params } = place;
  const { probe, file } = placement(place, seen, context);
  if (file === undefined) return { changes: [], failed: `${place.dest} could not be looked at` };
  if (isUnknown(file)) return unknownPlan(file, { dest: place.dest, ...wanted.result });
  const dest = file.realPath ?? file.path;
  if (file.type === 'directory')
    return {
      changes: [],
      failed:
        place.name === undefined
          ? `can not use content with a dir as dest: ${dest} is a directory`
          : `${dest} is a directory`,
    };
  if (file.type === 'other') return { changes: [], failed: `${dest} is no regular file` };
  if (file.type !== 'absent' && !params.force) {
    return {
      changes: [],
      result: () => ({ dest, msg: 'file already exists', ...fileFacts(file), ...wanted.result }),
    };
  }
  const parents = makeParents(file, seen, wanted.makeFolders === true || place.dest.endsWith('/'), {
    ...attributes({ owner: params.owner, group: params.group, mode: wanted.directoryMode }),
  });
  if (typeof parents === 'string') return { changes: [], failed: parents };
  const mode = params.mode === 'preserve' ? wanted.sourceMode : params.mode;
  const written = seenThroughLink(
    setFile(
      file,
      { type: 'file', content: wanted.content, ...attributes({ ...params, mode }) },
      {
        ...(params.validate === undefined ? {} : { validate: params.validate }),
        ...(params.unsafe_writes ? { unsafeWrites: true } : {}),
        ...(wanted.secret ? { secret: true } : {}),
        ...(wanted.afterHeader === undefined ? {} : { afterHeader: wanted.afterHeader }),
      },
    ),
    file,
  );
  const replaces = written.length > 0 && file.sha256 !== wanted.content.sha256;
  const backup = backupOf(context, file, params.backup && replaces);
  const after = afterChanges(written, probe, file);
  const planned: Plan = {
    changes: written.length > 0 ? [...parents, ...written] : [],
    effects: backup.effects,
    warnings: [...backup.warnings, ...attributeWarnings(params)],
    result: (outcomes) => ({
      dest,
      ...(wanted.secret
        ? {}
        : placedDiff(written, {
            found: { ...file, path: dest },
            left: settled(after, outcomes),
            replaces,
            shown: context.diffMode,
          })),
      ...(written.length > 0 ? md5Of(wanted.content) : { path: dest }),
      ...fileFacts(settled(after, outcomes)),
      ...wanted.result,
      ...backup.result,
    }),
  };
  return withFlags(planned, params, file, seen);
}

/** The MD5 that results of written files carry; not of large ones, nor of what never leaves the target. */
function md5Of(content: Content): { md5sum?: string } {
  const bytes = knownBytes(content);
  return bytes === undefined ? {} : { md5sum: digestOfBytes(bytes, 'md5') };
}
