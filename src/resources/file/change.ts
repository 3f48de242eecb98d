import { formatMode, resolveMode } from '../mode.ts';
import { fileKey } from '../probes.ts';
import type { FileOptions, WantedFile } from '../specs.ts';
import type { FileContent, FileState } from '../states.ts';
import type { Change } from '../types.ts';
import { describeFile } from './describe.ts';
import type { FileDetail } from './detail.ts';
import { fileDiff } from './diff.ts';
import { predictFile } from './predict.ts';

/** Gives the change that turns what a probe showed into what is wanted, or nothing when they agree. Throws CutoverError for a mode that is none. */
export function setFile(
  before: FileState | FileContent,
  wanted: WantedFile,
  options: FileOptions = {},
): Change[] {
  const path = before.realPath ?? before.path;
  const found: FileState | FileContent = { ...before, path };
  const action = actionFor(found, wanted);
  if (action === undefined) return [];
  const mode = wantedMode(found, wanted);
  const owner = text(wanted.owner);
  const group = text(wanted.group);
  const detail: FileDetail = {
    path,
    action,
    expect: describeFile(found),
    content: 'content' in wanted ? wanted.content : undefined,
    mode: mode !== undefined && (mode !== found.mode || action !== 'attributes') ? mode : undefined,
    owner: owner !== undefined && (!ownedBy(found, owner) || action !== 'attributes') ? owner : undefined,
    group: group !== undefined && (!groupedBy(found, group) || action !== 'attributes') ? group : undefined,
    target: 'target' in wanted ? wanted.target : undefined,
    mtime: wanted.type === 'touch' ? wanted.mtime : undefined,
    atime: wanted.type === 'touch' ? wanted.atime : undefined,
    validate: options.validate,
    unsafeWrites: options.unsafeWrites ?? false,
    owned: options.owned ?? false,
  };
  return [
    {
      resource: 'file',
      key: fileKey(path),
      summary: options.summary ?? summarize(found, detail),
      undo: 'restorable',
      diff: fileDiff(found, detail, options),
      predicts: predictFile(found, detail),
      detail,
    },
  ];
}

function actionFor(found: FileState, wanted: WantedFile): FileDetail['action'] | undefined {
  switch (wanted.type) {
    case 'absent':
      return found.type === 'absent' ? undefined : 'remove';
    case 'touch':
      return 'touch';
    case 'directory':
      return found.type === 'directory' ? attributes(found, wanted) : 'directory';
    case 'link':
      return found.type === 'link' && found.target === wanted.target ? linkOwner(found, wanted) : 'link';
    case 'hard': {
      const other = wanted.targetState;
      const same = other?.inode !== undefined && other.inode === found.inode && other.device === found.device;
      return same ? attributes(found, wanted) : 'hard';
    }
    case 'file': {
      if (found.type !== 'file') return 'write';
      const keeps = wanted.content === undefined || wanted.content.sha256 === found.sha256;
      return keeps ? attributes(found, wanted) : 'write';
    }
  }
}

function attributes(found: FileState, wanted: WantedFile): 'attributes' | undefined {
  const mode = wantedMode(found, wanted);
  const differs = mode !== undefined && mode !== found.mode;
  return differs || linkOwner(found, wanted) ? 'attributes' : undefined;
}

/** A link has an owner but no mode of its own. */
function linkOwner(found: FileState, wanted: WantedFile): 'attributes' | undefined {
  const owner = text(wanted.owner);
  const group = text(wanted.group);
  const differs =
    (owner !== undefined && !ownedBy(found, owner)) || (group !== undefined && !groupedBy(found, group));
  return differs ? 'attributes' : undefined;
}

function wantedMode(found: FileState, wanted: WantedFile): number | undefined {
  if (wanted.mode === undefined || wanted.type === 'link' || wanted.type === 'absent') return undefined;
  const directory = wanted.type === 'directory' || (wanted.type === 'touch' && found.type === 'directory');
  const umask = found.umask ?? 0o022;
  const fresh = (directory ? 0o777 : 0o666) & ~umask;
  const keeps = found.type === 'file' || found.type === 'directory';
  return resolveMode(wanted.mode, keeps ? (found.mode ?? fresh) : fresh, { directory, umask });
}

const text = (value: string | number | undefined) => (value === undefined ? undefined : String(value));
const ownedBy = (found: FileState, owner: string) => owner === found.owner || owner === String(found.uid);
const groupedBy = (found: FileState, group: string) => group === found.group || group === String(found.gid);

function summarize(found: FileState, detail: FileDetail): string {
  const { path } = detail;
  const marks = [
    detail.mode === undefined ? undefined : formatMode(detail.mode),
    detail.owner === undefined && detail.group === undefined
      ? undefined
      : `${detail.owner ?? ''}:${detail.group ?? ''}`,
    detail.action === 'write' && detail.content ? `${detail.content.size} bytes` : undefined,
  ].filter((mark) => mark !== undefined);
  const tail = marks.length === 0 ? '' : ` (${marks.join(' ')})`;
  switch (detail.action) {
    case 'write':
      return `${found.type === 'absent' ? 'create' : found.type === 'file' ? 'write' : `replace ${found.type}`} ${path}${tail}`;
    case 'attributes':
      return `set attributes of ${path}${tail}`;
    case 'directory':
      return `create folder ${path}${tail}`;
    case 'link':
      return `link ${path} -> ${detail.target}`;
    case 'hard':
      return `hard link ${path} => ${detail.target}`;
    case 'remove':
      return `remove ${found.type === 'directory' ? 'folder ' : ''}${path}`;
    case 'touch':
      return `touch ${path}${tail}`;
  }
}
