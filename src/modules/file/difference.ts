import { type FileState, formatMode } from '../../resources/index.ts';

/** Gives the difference between two states of a path as `file` reports it: only what is not the same. */
export function attributeDiff(
  found: FileState,
  left: FileState,
  state: string,
): { readonly before: Record<string, unknown>; readonly after: Record<string, unknown> } {
  const before = picture(found);
  const after = {
    ...picture(left),
    ...(state === 'absent' || left.type === 'absent' ? {} : stateOf(found, state)),
  };
  const differing = Object.keys(after).filter(
    (name) =>
      after[name] !== undefined &&
      after[name] !== before[name] &&
      !(name === 'state' && before.state === after.state),
  );
  const part = (of: Record<string, unknown>) =>
    Object.fromEntries(differing.flatMap((name) => (of[name] === undefined ? [] : [[name, of[name]]])));
  return { before: { path: found.path, ...part(before) }, after: { path: found.path, ...part(after) } };
}

function picture(state: FileState): Record<string, unknown> {
  if (state.type === 'absent') return { state: 'absent' };
  return {
    state: state.type,
    mode: state.mode === undefined ? undefined : formatMode(state.mode),
    owner: state.uid,
    group: state.gid,
    src: state.target,
  };
}

/** What was made carries the name of the wish: a file by `touch` says so. */
function stateOf(found: FileState, state: string): Record<string, unknown> {
  return found.type === 'absent' ? { state } : {};
}
