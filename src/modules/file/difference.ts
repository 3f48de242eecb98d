import { type FileState, formatMode } from '../../resources/index.ts';

type Picture = Readonly<Record<string, unknown>>;

/** What a task asked for: a difference names no other attributes. */
interface Asked {
  readonly state?: string | undefined;
  readonly mode?: unknown;
  readonly owner?: unknown;
  readonly group?: unknown;
  readonly src?: unknown;
}

/** Gives the difference between two states of a path as `file` reports it: of its kind, where it leads and what was asked for, only what is not the same. */
export function attributeDiff(
  found: FileState,
  left: FileState,
  asked: Asked,
): { readonly before: Picture; readonly after: Picture } {
  const before = picture(found, asked);
  const made: Picture = { ...picture(left, asked), ...(asked.state === 'hard' && { src: asked.src }) };
  // What was made carries the name of the wish: a touched file says so.
  const after = left.type === 'absent' ? made : { ...made, state: asked.state ?? before.state };
  const differing = Object.keys(after).filter(
    (name) => after[name] !== before[name] && !(name === 'src' && before.src === undefined),
  );
  const part = (of: Picture) =>
    Object.fromEntries(differing.flatMap((name) => (of[name] === undefined ? [] : [[name, of[name]]])));
  return { before: { path: found.path, ...part(before) }, after: { path: found.path, ...part(after) } };
}

function picture(of: FileState, asked: Asked): Picture {
  if (of.type === 'absent') return { state: 'absent' };
  return {
    state: of.type === 'file' && (of.links ?? 1) > 1 ? 'hard' : of.type,
    mode: asked.mode === undefined || of.mode === undefined ? undefined : formatMode(of.mode),
    owner: asked.owner === undefined ? undefined : of.uid,
    group: asked.group === undefined ? undefined : of.gid,
    src: of.target,
  };
}
