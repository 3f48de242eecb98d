import { type Change, type FileState, predictPath } from '../../resources/index.ts';
import { changeSetting, type Setting, shown } from '../setting.ts';

/** A file that goes to another place. */
export interface Move {
  readonly from: FileState;
  readonly to: FileState;
}

/** dpkg-divert renames over another name of the same file. */
export function isSameFile({ from, to }: Move): boolean {
  return from.inode !== undefined && from.inode === to.inode && from.device === to.device;
}

/** Lets later tasks of a dry run see the file where it will be. */
export function predictMove(predicts: Map<string, unknown>, { from, to }: Move): void {
  const { umask, parent } = from;
  predictPath(predicts, { ...from, path: to.path }, 'unknown');
  predictPath(predicts, { path: from.path, type: 'absent', umask, parent }, undefined);
}

const LOOK = 'for place; do if [ -e "$place" ] || [ -L "$place" ]; then printf "%s\\n" "$place"; fi; done';
const BACK = 'read -r was || exit 0; [ "$was" != "$1" ] || mv "$2" "$1"';

/** Moves a file to a place where nothing is: dpkg-divert itself leaves it where an earlier diversion put it. */
export function moveFile(move: Move): Change {
  const [from, to] = [move.from.path, move.to.path];
  const setting: Setting = {
    key: `dpkg-divert-file:${from}`,
    look: ['/bin/sh', '-c', LOOK, 'sh', from, to],
    back: ['/bin/sh', '-c', BACK, 'sh', from, to],
  };
  const predicts = new Map<string, unknown>();
  predictMove(predicts, move);
  const summary = `move ${from} to ${to}`;
  const change = changeSetting(setting, {
    before: shown(`${from}\n`),
    act: { argv: ['mv', from, to] },
    summary,
    diff: { prepared: summary },
  });
  return { ...change, predicts };
}
