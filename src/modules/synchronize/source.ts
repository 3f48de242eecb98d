/** What is to be synchronized: a file or folder of the controller, or one that is on the target already. */
import { lstat, readdir, readFile, readlink, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { CutoverError } from '../../errors/index.ts';
import {
  type Content,
  contentOfFile,
  contentOnTarget,
  type FileState,
  type TreeState,
} from '../../resources/index.ts';
import type { PlanContext } from '../types.ts';
import { isLeftOut, type Rule, readRule, readRules } from './filter.ts';
import type { Options } from './options.ts';
import { namesOnController } from './owners.ts';

/** One thing that is sent. */
export interface Sent {
  /** Below the source; empty: the source itself. */
  readonly path: string;
  readonly type: 'file' | 'directory' | 'link';
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly user?: string | undefined;
  readonly group?: string | undefined;
  /** Seconds since 1970. */
  readonly mtime: number;
  readonly content?: Content;
  readonly target?: string;
}

/** The source as rsync would list it. */
export interface Source {
  readonly top: Sent;
  /** Below a folder, in rsync's order: what is in a folder before its folders. */
  readonly entries: readonly Sent[];
  /** Neither file, folder nor link, or a link where links are not wanted. */
  readonly skipped: readonly string[];
  /** Whether a deletion must leave a path alone that the source has not. */
  readonly isProtected: (path: string, isFolder: boolean) => boolean;
}

/** Name of the files with rules that a folder may hold for itself. */
const RULES_FILE = '.rsync-filter';

/** Rules for the things in a folder, the nearest first. */
type RulesIn = (folder: string) => readonly Rule[];

/** What is in a folder; names only. */
interface Reading {
  readonly options: Options;
  /** What stands before paths when rules are looked at: the source's own name, when it is sent itself. */
  readonly prefix: string;
  list(folder: string): Promise<readonly string[]>;
  look(path: string): Promise<Sent | undefined>;
  /** Text of a file with rules; undefined when there is none. */
  rules(folder: string): Promise<string | undefined>;
}

/** Reads the source on the controller. Throws CutoverError when there is none. */
export async function sourceOnController(
  src: string,
  options: Options,
  context: PlanContext,
): Promise<Source> {
  const found = context.findFile(src.replace(/(.)\/+$/, '$1'), 'files');
  const names = await namesOnController();
  return read(
    {
      options,
      prefix: src.endsWith('/') ? '' : basename(found),
      list: (folder) => readdir(join(found, folder)),
      look: (path) =>
        lookAt(join(found, path), path, {
          follow: options.copyLinks || (path === '' && src.endsWith('/')),
          names,
          context,
        }),
      rules: (folder) => readFile(join(found, folder, RULES_FILE), 'utf8').catch(() => undefined),
    },
    context,
  );
}

async function lookAt(
  file: string,
  path: string,
  how: {
    readonly follow: boolean;
    readonly names: Awaited<ReturnType<typeof namesOnController>>;
    readonly context: PlanContext;
  },
): Promise<Sent | undefined> {
  const own = await lstat(file);
  // A link that leads nowhere stays a link, for whoever wants what is behind it to see.
  const seen = how.follow ? await stat(file).catch(() => own) : own;
  const base = {
    path,
    mode: seen.mode & 0o7777,
    uid: seen.uid,
    gid: seen.gid,
    user: how.names.users.get(seen.uid),
    group: how.names.groups.get(seen.gid),
    mtime: Math.floor(seen.mtimeMs / 1000),
  };
  if (seen.isDirectory()) return { ...base, type: 'directory' };
  if (seen.isSymbolicLink()) return { ...base, type: 'link', target: await readlink(file) };
  if (!seen.isFile()) return undefined;
  return {
    ...base,
    type: 'file',
    content: contentOfFile(await how.context.readFile(file, { asWritten: true })),
  };
}

/** Reads the source as probes of the target showed it. */
export function sourceOnTarget(
  src: string,
  seen: { readonly root: FileState; readonly tree: TreeState },
  options: Options,
  context: PlanContext,
): Promise<Source> {
  const { root, tree } = seen;
  const children = new Map<string, string[]>();
  for (const path of tree.entries.keys()) {
    const at = path.lastIndexOf('/');
    const folder = at < 0 ? '' : path.slice(0, at);
    children.set(folder, [...(children.get(folder) ?? []), path.slice(at + 1)]);
  }
  return read(
    {
      options,
      prefix: src.endsWith('/') ? '' : basename(root.path),
      list: async (folder) => children.get(folder) ?? [],
      look: async (path) => sentOf(path, path === '' ? root : tree.entries.get(path)!),
      rules: async () => undefined,
    },
    context,
  );
}

function sentOf(path: string, state: FileState): Sent | undefined {
  const { type } = state;
  if (type === 'absent' || type === 'other') return undefined;
  const { mode = 0, uid = 0, gid = 0, owner: user, group, mtime = 0, target } = state;
  const base = { path, type, mode, uid, gid, user, group, mtime: Math.floor(mtime) };
  if (type === 'link') return { ...base, target: target ?? '' };
  if (type === 'directory') return base;
  return state.sha256 === undefined ? undefined : { ...base, content: contentOnTarget(state) };
}

async function read(reading: Reading, context: PlanContext): Promise<Source> {
  const { options, prefix } = reading;
  const general = await generalRules(options, context);
  const folders = new Map<string, readonly Rule[]>();
  const rulesIn: RulesIn = (folder) => {
    for (let at = folder; ; at = at.includes('/') ? at.slice(0, at.lastIndexOf('/')) : '') {
      const own = folders.get(at);
      if (own !== undefined) return own;
      if (at === '') return general;
    }
  };
  const named = (path: string) => [prefix, path].filter((part) => part !== '').join('/');
  const leftOut = (path: string, isFolder: boolean, about: 'sends' | 'deletes') =>
    isLeftOut(rulesIn(folderOf(path)), named(path), isFolder, about);
  const top = await reading.look('');
  if (top === undefined)
    throw new CutoverError('playbook', 'the source is neither a file, a folder nor a link');
  const entries: Sent[] = [];
  const skipped: string[] = [];
  const visit = async (folder: string): Promise<void> => {
    const own = await reading.rules(folder);
    const above = folder === '' ? general : rulesIn(folderOf(folder));
    const rules = own === undefined ? [] : sound(readRules(own, undefined, named(folder)), options);
    folders.set(folder, [...rules, ...above]);
    const below: Sent[] = [];
    for (const name of (await reading.list(folder)).toSorted(byBytes)) {
      const path = folder === '' ? name : `${folder}/${name}`;
      const one = await reading.look(path);
      if (leftOut(path, one?.type === 'directory', 'sends')) continue;
      if (one?.type === 'link' && options.copyLinks)
        throw new CutoverError('playbook', `copy_links: the link ${path} of the source leads nowhere`);
      if (one === undefined || (one.type === 'link' && !options.links)) skipped.push(path);
      else if (one.type === 'directory') below.push(one);
      else entries.push(one);
    }
    for (const one of below) {
      entries.push(one);
      if (options.recursive) await visit(one.path);
    }
  };
  if (top.type === 'directory' && (options.recursive || (options.dirs && prefix === ''))) await visit('');
  return {
    top,
    entries,
    skipped,
    isProtected: (path, isFolder) => isKept(path, isFolder, leftOut),
  };
}

/** What is in a folder that is left out stays, too. */
function isKept(
  path: string,
  isFolder: boolean,
  leftOut: (path: string, isFolder: boolean, about: 'deletes') => boolean,
): boolean {
  for (let at = path.indexOf('/'); at > 0; at = path.indexOf('/', at + 1))
    if (leftOut(path.slice(0, at), true, 'deletes')) return true;
  return leftOut(path, isFolder, 'deletes');
}

async function generalRules(options: Options, context: PlanContext): Promise<Rule[]> {
  const all: (Rule | string)[] = [];
  for (const written of options.rules) {
    if ('rule' in written) all.push(readRule(written.rule));
    else all.push(...readRules(context.readText(context.findFile(written.file, 'files')), written.sign));
  }
  return sound(all, options);
}

/** Where what is excluded is deleted, its rules are about what is sent only. */
function sound(rules: readonly (Rule | string)[], { deleteExcluded }: Options): Rule[] {
  return rules.map((one) => {
    if (typeof one === 'string') throw new CutoverError('playbook', `rsync_opts: ${one}`);
    return deleteExcluded && one.sends ? { ...one, deletes: false } : one;
  });
}

const folderOf = (path: string) => (path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '');
const byBytes = (one: string, other: string) => Buffer.compare(Buffer.from(one), Buffer.from(other));
