import { formatMode } from '../mode.ts';
import { escapeField } from '../shell.ts';
import type { FileState } from '../states.ts';

/**
 * Gives the one-line picture of a path that journal, expectation and undo compare: `absent`, or
 * `type,mode,uid,gid,content`, where content is a SHA-256, an escaped link text or `-`. `*` stands for what is not known.
 */
export function describeFile(state: FileState): string {
  if (state.type === 'absent') return 'absent';
  const id = (value: number | undefined) => (value === undefined ? '*' : String(value));
  const mode = state.mode === undefined ? '*' : formatMode(state.mode);
  return `${state.type},${mode},${id(state.uid)},${id(state.gid)},${contentWord(state)}`;
}

function contentWord(state: FileState): string {
  if (state.type === 'file') return state.sha256 ?? '*';
  if (state.type === 'link') return state.target === undefined ? '*' : escapeField(state.target);
  return '-';
}
