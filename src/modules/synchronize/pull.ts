/** The other way round: a folder of the controller becomes what one of the target is. What was there before is not kept. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type FileState,
  fileContent,
  type Observed,
  type Probe,
  resolveMode,
} from '../../resources/index.ts';
import { isUnknown, Unknown } from '../../values/index.ts';
import { unknownPlan } from '../answer.ts';
import type { OwnerNumbers } from '../owner-numbers.ts';
import type { SourceEntry, TreeWish } from '../placing-tree.ts';
import type { LocalTree, Plan, PlanContext } from '../types.ts';
import { controllerPath, listing, lookAt } from './controller.ts';
import { optionsOf } from './options.ts';
import { namesOnController } from './owners.ts';
import type { Params } from './params.ts';
import { failing, isOther, isSending, linesOf, staysAsItIs, told } from './report.ts';
import type { Source } from './source.ts';
import { faultOf, inTheWay, placeOf, type Survey, sourceSeen } from './survey.ts';
import { removals, wishFor } from './wish.ts';

/** Plans it; `needs` is everything that has to be seen on the target. */
export async function planPull(
  params: Params,
  seen: Observed,
  context: PlanContext,
): Promise<{ readonly needs: readonly Probe[]; readonly plan: Plan }> {
  const { delegate } = context;
  if (delegate !== undefined && delegate.is !== 'controller')
    return {
      needs: [],
      plan: failing('files are pulled to the controller only: delegate to nobody', undefined),
    };
  const options = optionsOf(params);
  const source = await sourceSeen(params, options, seen, context);
  if (!('top' in source)) return { needs: source.needs, plan: unfinished(source) };
  const dest = controllerPath(params.dest, context);
  const place = placeOf({ ...params, dest }, source, await lookAt(dest, { follow: true }));
  const root = await lookAt(place.root, { follow: true });
  const fault = faultOf(root, place, options);
  const work = {
    options,
    source,
    place,
    wanted: wishFor(source, { place, options, numbers: await ownNumbers(source), umask: process.umask() }),
  };
  if (fault !== undefined || !isSending(work)) {
    const plan =
      fault === undefined ? told([`skipping directory ${place.prefix || '.'}`]) : failing(fault, 11);
    return { needs: [], plan };
  }
  const deletes = options.delete && place.name === undefined;
  const listed = deletes ? await listing(place.root) : new Map<string, FileState>();
  const remove = deletes ? removals({ root, entries: listed }, source) : [];
  const present = new Map(listed);
  for (const { path } of work.wanted.wish.entries) {
    const state = await lookAt(join(place.root, path), { follow: false });
    if (state.type !== 'absent') present.set(path, state);
  }
  const entries = work.wanted.wish.entries.filter(({ path }) => !options.existingOnly || present.has(path));
  const wish: TreeWish = { ...work.wanted.wish, entries, remove };
  const blocked = options.delete || options.force ? undefined : await obstacle(place.root, wish, present);
  if (blocked !== undefined) return { needs: [], plan: failing(blocked, 23) };
  const sent = entries.filter(
    (entry) => !staysAsItIs(wish, entry, present.get(entry.path)) && isOther(entry, present.get(entry.path)),
  );
  const contents = new Map(
    sent
      .filter((entry) => brings(entry, present.get(entry.path)))
      .map((entry) => [entry.path, contentProbe(params, entry, place.name)]),
  );
  const lines = linesOf(work, wish, { root, present }, '<').map((line) => line.replace(/^</, '>'));
  const tree = treeOf({ sent, top: work.wanted.top, root, remove }, contents, seen);
  return {
    needs: [...contents.values()],
    plan: isUnknown(tree) ? unknownPlan(tree) : planned(tree, lines, source),
  };
}

function unfinished({ found }: Survey): Plan {
  if (found === undefined) return unknownPlan(new Unknown('the source was not looked at'));
  if (isUnknown(found)) return unknownPlan(found);
  return 'failed' in found ? failing(found.failed, found.rc) : unknownPlan(new Unknown('nothing is known'));
}

function planned(tree: LocalTree, lines: readonly string[], { skipped }: Source): Plan {
  return {
    ...told(lines),
    changed: lines.length > 0,
    effects: lines.length > 0 ? [{ kind: 'write-local-tree', ...tree }] : [],
    warnings: skipped.length === 0 ? [] : [`not copied: ${skipped.join(', ')}`],
  };
}

/** Whether a file's bytes have to be fetched. */
function brings(entry: SourceEntry, present: FileState | undefined): boolean {
  return entry.type === 'file' && (present?.type !== 'file' || present.sha256 !== entry.content?.sha256);
}

function contentProbe({ src }: Params, { path }: SourceEntry, name: string | undefined) {
  return fileContent(name === undefined ? join(src, path) : src, { follow: true });
}

function treeOf(
  what: {
    readonly sent: readonly SourceEntry[];
    readonly top: SourceEntry | undefined;
    readonly root: FileState;
    readonly remove: readonly string[];
  },
  contents: ReadonlyMap<string, ReturnType<typeof contentProbe>>,
  seen: Observed,
): LocalTree | Unknown {
  const { sent, top, root, remove } = what;
  const entries: LocalTree['entries'][number][] = [];
  for (const entry of [...(top && isOther(top, root) ? [top] : []), ...sent]) {
    const probe = contents.get(entry.path);
    const file = probe && seen.get(probe);
    if (isUnknown(file)) return file;
    if (probe && file?.bytes === undefined) return new Unknown(`${entry.path} cannot be read`);
    const mode = entry.mode ?? entry.newMode;
    entries.push({
      path: entry.path,
      type: entry.type,
      ...(file?.bytes && { bytes: file.bytes }),
      ...(entry.target === undefined ? {} : { target: entry.target }),
      ...(mode === undefined
        ? {}
        : { mode: resolveMode(mode, 0, { directory: entry.type === 'directory', umask: 0 }) }),
      ...(entry.owner === undefined ? {} : { owner: Number(entry.owner) }),
      ...(entry.group === undefined ? {} : { group: Number(entry.group) }),
      ...(entry.mtime === undefined ? {} : { mtime: entry.mtime }),
    });
  }
  return { root: root.path, remove, entries };
}

async function obstacle(
  root: string,
  wish: TreeWish,
  present: ReadonlyMap<string, FileState>,
): Promise<string | undefined> {
  for (const { path, type } of wish.entries) {
    if (type === 'directory' || present.get(path)?.type !== 'directory') continue;
    if ((await readdir(join(root, path))).length > 0) return inTheWay(join(root, path));
  }
  return undefined;
}

async function ownNumbers({ entries, top }: Source): Promise<OwnerNumbers> {
  const names = await namesOnController();
  const turned = (known: ReadonlyMap<number, string>, wanted: readonly (string | undefined)[]) =>
    new Map(
      [...known].filter(([, name]) => wanted.includes(name)).map(([id, name]) => [name, String(id)] as const),
    );
  const all = [top, ...entries];
  return {
    self: String(process.getuid?.() ?? ''),
    own: (process.getgroups?.() ?? []).map(String),
    users: turned(
      names.users,
      all.map(({ user }) => user),
    ),
    groups: turned(
      names.groups,
      all.map(({ group }) => group),
    ),
  };
}
