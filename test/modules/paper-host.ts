/**
 * A host on paper: a table of paths that answers every question about files, so that a module can be planned without a
 * host. `run` plans like the engine does; `again` plans once more on top of what the first plan predicts.
 */
import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, isAbsolute, join, posix } from 'node:path';
import { CutoverError } from '../../src/errors/index.ts';
import { type Module, type Plan, type PlanContext, parseParams } from '../../src/modules/index.ts';
import type {
  Change,
  FileContent,
  FileState,
  Observed,
  Probe,
  TreeState,
} from '../../src/resources/index.ts';
import { Unknown } from '../../src/values/index.ts';

/** What stands at a path: text, bytes, a folder, a link. */
export type Thing =
  | string
  | { text?: string | Buffer; mode?: number; owner?: string; mtime?: number; size?: number; inode?: number }
  | { dir: true; mode?: number; owner?: string; mtime?: number }
  | { link: string; mode?: number; owner?: string }
  | { other: true; mode?: number; owner?: string };

export interface Situation {
  /** Absolute path of the host -> thing. Missing folders in between are there too. */
  readonly files?: Readonly<Record<string, Thing>>;
  /** Relative path of the controller's `files` folder -> text. */
  readonly local?: Readonly<Record<string, string | Buffer>>;
  readonly variables?: Readonly<Record<string, unknown>>;
  readonly checkMode?: boolean;
  readonly diffMode?: boolean;
  /** Answers of other probes, by the start of their key; a function gives what its probe asks for. */
  readonly answers?: Readonly<Record<string, unknown>>;
}

export interface Ran {
  readonly plan: Plan;
  readonly changes: readonly Change[];
  readonly summaries: readonly string[];
  readonly result: Record<string, unknown>;
  /** What the host asks for, in rounds. */
  readonly rounds: number;
  /** Text that a path has afterwards. */
  text(path: string): string | undefined;
  state(path: string): FileState | undefined;
  /** Plans the same on what this plan predicts. */
  again(): Promise<Ran>;
  readonly folder: string;
}

/** Plans a module against a host on paper. */
export async function run<Params>(
  module: Module<Params>,
  args: Record<string, unknown>,
  situation: Situation = {},
): Promise<Ran> {
  const folder = mkdtempSync(join(tmpdir(), 'cutover-paper-'));
  try {
    for (const [name, text] of Object.entries(situation.local ?? {})) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), text);
      chmodSync(join(folder, name), 0o644);
    }
    return await plan(module, args, situation, new Map(), folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function plan<Params>(
  module: Module<Params>,
  args: Record<string, unknown>,
  situation: Situation,
  predicted: ReadonlyMap<string, unknown>,
  folder: string,
): Promise<Ran> {
  const context = contextOf(situation, folder);
  const params = parseParams(module, args, context.position);
  const known = new Map<string, unknown>();
  const seen: Observed = { get: (probe) => known.get(probe.key) as never };
  let rounds = 0;
  for (; rounds < 10; rounds++) {
    const fresh = ((await module.needs?.(params, seen, context)) ?? []).filter(({ key }) => !known.has(key));
    if (fresh.length === 0) break;
    for (const probe of fresh) known.set(probe.key, predicted.get(probe.key) ?? answer(probe, situation));
  }
  const made = await module.plan(params, seen, context);
  const after = new Map(predicted);
  for (const change of made.changes) for (const [key, state] of change.predicts ?? []) after.set(key, state);
  const outcomes = made.changes.map((change, seq) => ({ change, status: 'done' as const, seq }));
  const state = (path: string) =>
    (after.get(`file:${path}`) ?? fileAt(path, situation)) as FileState | undefined;
  return {
    plan: made,
    changes: made.changes,
    summaries: made.changes.map((change) => change.summary),
    result: made.result?.(outcomes) ?? {},
    rounds,
    folder,
    state,
    text: (path) => textOf(after.get(`content:${path}`) ?? contentAt(path, situation)),
    again: () => withFiles(situation, folder, () => plan(module, args, situation, after, folder)),
  };
}

async function withFiles(situation: Situation, folder: string, work: () => Promise<Ran>): Promise<Ran> {
  for (const [name, text] of Object.entries(situation.local ?? {})) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
    chmodSync(join(folder, name), 0o644);
  }
  try {
    return await work();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function textOf(state: unknown): string | undefined {
  return (state as FileContent | undefined)?.bytes?.toString();
}

function answer(probe: Probe, situation: Situation): unknown {
  const query = probe.query as { path: string; follow?: boolean; maxDepth?: number };
  const given = Object.entries(situation.answers ?? {}).find(([start]) => probe.key.startsWith(start));
  if (given) return typeof given[1] === 'function' ? given[1](probe.query) : given[1];
  if (probe.resource === 'file') return fileAt(query.path, situation, query.follow);
  if (probe.resource === 'content') return contentAt(query.path, situation, query.follow);
  if (probe.resource === 'tree') return treeAt(query.path, situation, query.maxDepth);
  throw new Error(`the paper host has no answer for ${probe.key}`);
}

/** Everything on the host, with the folders in between. */
function things(situation: Situation): Map<string, Thing> {
  const all = new Map<string, Thing>([['/', { dir: true }]]);
  for (const [path, thing] of Object.entries(situation.files ?? {})) {
    for (let up = posix.dirname(path); up !== '/'; up = posix.dirname(up))
      if (!all.has(up)) all.set(up, { dir: true });
    all.set(path, thing);
  }
  return all;
}

function fileAt(path: string, situation: Situation, follow = false): FileState {
  const { bytes: _bytes, ...state } = contentAt(path, situation, follow);
  return state;
}

function contentAt(path: string, situation: Situation, follow = false): FileContent {
  const all = things(situation);
  const clean = path.length > 1 ? path.replace(/\/+$/, '') : path;
  const thing = all.get(clean);
  if (thing === undefined) return absent(path, all);
  if (typeof thing === 'object' && 'link' in thing) {
    if (!follow) {
      return {
        ...common(path, thing),
        type: 'link',
        mode: 0o777,
        target: thing.link,
        size: thing.link.length,
      };
    }
    const real = posix.resolve(posix.dirname(clean), thing.link);
    return { ...contentAt(real, situation, true), path, realPath: real };
  }
  if (typeof thing === 'object' && 'dir' in thing)
    return { ...common(path, thing), type: 'directory', mode: thing.mode ?? 0o755 };
  if (typeof thing === 'object' && 'other' in thing)
    return { ...common(path, thing), type: 'other', special: 'fifo' };
  const bytes = Buffer.from(typeof thing === 'string' ? thing : (thing.text ?? ''));
  const file = typeof thing === 'string' ? {} : thing;
  return {
    ...common(path, file),
    type: 'file',
    mode: file.mode ?? 0o644,
    size: file.size ?? bytes.length,
    links: 1,
    inode: file.inode ?? 7,
    device: 1,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    bytes,
  };
}

function common(path: string, thing: { owner?: string; mtime?: number }) {
  const owner = thing.owner ?? 'root';
  return {
    path,
    owner,
    group: owner,
    uid: owner === 'root' ? 0 : 1000,
    gid: owner === 'root' ? 0 : 1000,
    mtime: thing.mtime ?? 1000,
    atime: thing.mtime ?? 1000,
    ctime: thing.mtime ?? 1000,
    umask: 0o022,
    parent: 'directory' as const,
    readable: true,
    writable: true,
    executable: false,
  };
}

function absent(path: string, all: Map<string, Thing>): FileState {
  const above = all.get(posix.dirname(path));
  const parent = typeof above === 'object' && 'link' in above ? all.get(above.link) : above;
  const folder =
    parent === undefined ? 'absent' : typeof parent === 'object' && 'dir' in parent ? 'directory' : 'other';
  let missing = path;
  while (!all.has(posix.dirname(missing))) missing = posix.dirname(missing);
  return {
    path,
    type: 'absent',
    umask: 0o022,
    parent: folder,
    ...(folder === 'absent' ? { firstMissing: missing } : {}),
  };
}

function treeAt(path: string, situation: Situation, maxDepth = Infinity): TreeState {
  const clean = path.replace(/(.)\/+$/, '$1');
  const entries = new Map<string, FileState>();
  for (const name of [...things(situation).keys()].sort()) {
    if (!name.startsWith(`${clean}/`)) continue;
    const relative = name.slice(clean.length + 1);
    if (relative.split('/').length <= maxDepth) entries.set(relative, fileAt(name, situation));
  }
  return { root: fileAt(clean, situation, true), entries };
}

/** What a module may ask of the controller: files are looked for in `folder`. */
export function contextOf(situation: Situation, folder: string): PlanContext {
  const variables = situation.variables ?? {};
  const scope = {
    has: (name: string) => Object.hasOwn(variables, name),
    get: (name: string) => variables[name],
    names: () => Object.keys(variables),
  };
  return {
    host: 'web1',
    checkMode: situation.checkMode ?? false,
    diffMode: situation.diffMode ?? true,
    scope,
    templar: paperTemplar() as never,
    position: { file: 'site.yml', line: 3, column: 7 },
    findFile: (name) => {
      const path = isAbsolute(name) ? name : join(folder, name);
      try {
        statSync(path);
        return path;
      } catch {
        throw new CutoverError('playbook', `${name} was found nowhere`);
      }
    },
    readText: (path) => readFileSync(path, 'utf8'),
    readFile: async (path) => {
      const bytes = readFileSync(path);
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      return { path, size: bytes.length, sha256, mode: statSync(path).mode & 0o7777, bytes };
    },
    environment: {},
    startedAt: Date.UTC(2026, 0, 2, 3, 4, 5),
    runFolder: join(folder, 'run'),
  };
}

/** Knows only `{{ name }}`: what a real templar makes of a template is tested in its own room. */
function paperTemplar() {
  return {
    isTemplate: (text: string) => text.includes('{{'),
    renderFile: (text: string, scope: { get(name: string): unknown }) => {
      const names = [...text.matchAll(/\{\{ (\w+) \}\}/g)].map((match) => scope.get(match[1]!));
      const unknown = names.find((value) => value instanceof Unknown);
      return unknown ?? text.replace(/\{\{ (\w+) \}\}/g, (_, name) => String(scope.get(name)));
    },
  };
}
