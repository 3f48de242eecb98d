import { posix } from 'node:path';
import type { Change, FileState, Observed, Probe, TreeState } from '../../resources/index.ts';
import { isUnknown, Unknown } from '../../values/index.ts';

/**
 * What is known of a host's resources under one identity: answers of probes, until something changed them, and in a dry run the
 * states that earlier tasks would have left.
 */
export class Knowledge implements Observed {
  private readonly answers = new Map<string, unknown>();
  private readonly predicted = new Map<string, unknown>();
  /** Set when a step of the dry run would act in a way that nobody can foresee: what is asked of running services means nothing then. */
  private pending: string | undefined;
  private doubted: Unknown | undefined;
  /** The first step whose traces nobody can foresee: a command, packages, an account with what its skeleton brings. */
  private untold: string | undefined;
  /** What other identities know of the same machine: a change by one makes the others' answers worthless too. */
  private readonly family: Set<Knowledge>;

  constructor(family: Set<Knowledge> = new Set()) {
    this.family = family;
    const [sibling] = family;
    for (const [key, state] of sibling?.predicted ?? []) this.predicted.set(key, state);
    this.pending = sibling?.pending;
    this.untold = sibling?.untold;
    family.add(this);
  }

  get<State>(probe: Probe<State>): State | Unknown | undefined {
    if (probe.volatile) return undefined;
    if (this.predicted.has(probe.key))
      return this.correctParent(probe.key, this.predicted.get(probe.key)) as State;
    return this.answers.get(probe.key) as State | undefined;
  }

  has(probe: Probe): boolean {
    return !probe.volatile && (this.predicted.has(probe.key) || this.answers.has(probe.key));
  }

  learn(key: string, state: unknown): void {
    this.answers.set(key, this.correct(key, state));
  }

  /** Gives the reason why a volatile question has no answer in this dry run, if there is one. */
  get doubt(): Unknown | undefined {
    if (this.pending !== undefined) this.doubted ??= new Unknown(this.pending);
    return this.doubted;
  }

  /** Gives why what a dry run misses on the host may be there in the real run, if there is a reason. */
  get missing(): Unknown | undefined {
    return this.untold === undefined ? undefined : new Unknown(this.untold);
  }

  /** Takes note of a change that a dry run did not make. */
  foresee(change: Change): void {
    const reason = `"${change.summary}" was not carried out`;
    for (const one of this.family) {
      one.pending ??= reason;
      if (!TOLD.has(change.resource) && !isSetting(change)) one.untold ??= reason;
      for (const [key, state] of change.predicts ?? []) one.predicted.set(key, state);
    }
    this.forget([change]);
  }

  /** A step of a dry run whose outcome nobody knows. */
  doubtEverything(reason: string): void {
    for (const one of this.family) {
      one.pending ??= reason;
      one.untold ??= reason;
    }
  }

  /** Forgets what the changes may have touched: a change of a single file keeps only the paths far from it (a unit file makes a service, a source list packages), anything else nothing. */
  forget(changes: readonly Change[]): void {
    for (const one of this.family) one.drop(changes);
  }

  forgetAll(): void {
    for (const one of this.family) one.answers.clear();
  }

  private drop(changes: readonly Change[]): void {
    for (const change of changes) {
      const path = pathOf(change.key);
      // What is in a tree may have been asked for through any link to it.
      if (path === undefined || change.resource === 'tree') {
        this.answers.clear();
        return;
      }
      const inodes = this.inodesOf(path);
      for (const [key, state] of this.answers) {
        const other = pathOf(key);
        if (other === undefined) {
          this.answers.delete(key);
          continue;
        }
        const real = (state as Partial<FileState> | undefined)?.realPath;
        const same = inodes.has(inodeOf(state)) || (real !== undefined && overlap(path, real));
        if (same || overlap(path, other) || mayBeAlias(path, other)) this.answers.delete(key);
      }
    }
  }

  /** The files that stand at a path, as its answers know them: another name may lead there. */
  private inodesOf(path: string): ReadonlySet<string | undefined> {
    const found = [...this.answers].filter(([key]) => pathOf(key) === path);
    return new Set(found.map(([, state]) => inodeOf(state)).filter((inode) => inode !== undefined));
  }

  /** A path below a folder that a dry run has foreseen is not in an absent folder, although the host says so. */
  private correct(key: string, state: unknown): unknown {
    if (this.predicted.size === 0 || typeof state !== 'object' || state === null) return state;
    if (key.startsWith('tree:') && 'entries' in state) return this.correctTree(key, state as TreeState);
    return 'parent' in state ? this.correctParent(key, state) : state;
  }

  /** The folder around a path may have been foreseen to come or to go. */
  private correctParent(key: string, seen: unknown): unknown {
    const path = pathOf(key);
    const state = seen as Partial<FileState> | undefined;
    if (path === undefined || isUnknown(seen) || state?.type === undefined) return seen;
    const parent = this.predicted.get(`file:${posix.dirname(path)}`);
    const type = (parent as Partial<FileState> | undefined)?.type;
    if (type === 'directory') {
      const { firstMissing: _made, ...rest } = state;
      return { ...rest, parent: 'directory' };
    }
    const gone = this.removedAbove(path);
    if (gone === undefined) return state;
    return { path, type: 'absent', umask: state.umask, parent: 'absent', firstMissing: gone };
  }

  /** The topmost folder above a path that a dry run has foreseen to go. */
  private removedAbove(path: string): string | undefined {
    for (let end = path.indexOf('/', 1); end > 0; end = path.indexOf('/', end + 1)) {
      const folder = path.slice(0, end);
      const state = this.predicted.get(`file:${folder}`) as Partial<FileState> | undefined;
      if (state?.type === 'absent') return folder;
    }
    return undefined;
  }

  /** Lays what a dry run has foreseen of single paths over a tree as the host shows it. */
  private correctTree(key: string, seen: TreeState): unknown {
    const top = pathOf(key) ?? '';
    let root = seen.root;
    const entries = new Map(seen.entries);
    let foreseen = false;
    for (const [name, state] of this.predicted) {
      const path = name.startsWith('file:') && !name.includes('?') ? pathOf(name) : undefined;
      if (path === undefined || (path !== top && !path.startsWith(`${top}/`))) continue;
      if (isUnknown(state)) return state;
      foreseen = true;
      const found = state as FileState;
      if (path === top) root = found;
      else if (found.type === 'absent') entries.delete(path.slice(top.length + 1));
      else entries.set(path.slice(top.length + 1), found);
    }
    return foreseen ? { root, entries: root.type === 'directory' ? entries : new Map() } : seen;
  }
}

/** Kinds of changes that leave nothing behind but what they predict. */
const TOLD = new Set(['file', 'tree', 'group']);

/** A command that only sets what it predicts. */
function isSetting({ resource, predicts }: Change): boolean {
  return resource === 'command' && predicts !== undefined;
}

/** Probe keys of files look like `file:/path` or `file:/path?flags`. */
function pathOf(key: string): string | undefined {
  const match = /^(?:file|content|tree):([^?]*)/.exec(key);
  return match?.[1];
}

function inodeOf(state: unknown): string | undefined {
  const { inode, device } = (state ?? {}) as Partial<FileState>;
  return inode === undefined ? undefined : `${device}:${inode}`;
}

/** Whether one path may be the other through a folder that is a link (/lib/x and /usr/lib/x): their last names give it away. */
function mayBeAlias(a: string, b: string): boolean {
  return a.split('/').includes(posix.basename(b)) || b.split('/').includes(posix.basename(a));
}

function overlap(a: string, b: string): boolean {
  return (
    a === b ||
    a.startsWith(`${b}/`) ||
    b.startsWith(`${a}/`) ||
    posix.dirname(a) === b ||
    posix.dirname(b) === a
  );
}
