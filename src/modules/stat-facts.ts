import { type FileState, formatMode } from '../resources/index.ts';

/** Gives what `stat` and `find` tell about a path, by the names of Ansible's results. */
export function statFacts(state: FileState): Record<string, unknown> {
  const bits = state.mode ?? 0;
  const has = (bit: number) => (bits & bit) !== 0;
  return {
    path: state.path,
    mode: formatMode(bits),
    isdir: state.type === 'directory',
    isreg: state.type === 'file',
    islnk: state.type === 'link',
    ischr: state.special === 'character',
    isblk: state.special === 'block',
    isfifo: state.special === 'fifo',
    issock: state.special === 'socket',
    uid: state.uid,
    gid: state.gid,
    pw_name: state.owner,
    gr_name: state.group,
    size: state.size,
    inode: state.inode,
    dev: state.device,
    nlink: state.links,
    atime: state.atime,
    mtime: state.mtime,
    ctime: state.ctime,
    wusr: has(0o200),
    rusr: has(0o400),
    xusr: has(0o100),
    wgrp: has(0o020),
    rgrp: has(0o040),
    xgrp: has(0o010),
    woth: has(0o002),
    roth: has(0o004),
    xoth: has(0o001),
    isuid: has(0o4000),
    isgid: has(0o2000),
  };
}
