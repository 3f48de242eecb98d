/** Name patterns: Python's `fnmatch`, and `**` globs over relative paths. */

/** Gives the expression for a shell pattern over one name: `*`, `?`, `[a-z]`, `[!a]`. `*` also matches what a name begins with, dots too. */
export function fnmatch(pattern: string): RegExp {
  return new RegExp(`^${translate(pattern, false)}$`, 'su');
}

/**
 * Gives a test for relative paths. `*` and `?` stay within one folder, `**` spans folders; a pattern without a slash is about
 * the last name; one that names a folder takes everything below it.
 */
export function pathGlob(pattern: string): (path: string) => boolean {
  const clean = pattern.replace(/^\.?\/+/, '').replace(/\/+$/, '');
  const anywhere = !clean.includes('/') && !pattern.startsWith('/') && !pattern.startsWith('./');
  const regex = new RegExp(`^${anywhere ? '(?:.*/)?' : ''}${translate(clean, true)}(?:/.*)?$`, 'su');
  return (path) => regex.test(path);
}

/** Gives a test that holds when any of the patterns does. */
export function anyGlob(patterns: readonly string[]): (path: string) => boolean {
  const tests = patterns.map(pathGlob);
  return (path) => tests.some((test) => test(path));
}

function translate(pattern: string, folders: boolean): string {
  let out = '';
  for (let at = 0; at < pattern.length; at++) {
    const char = pattern[at]!;
    if (folders && pattern.startsWith('**/', at)) {
      out += '(?:.*/)?';
      at += 2;
    } else if (folders && pattern.startsWith('**', at)) {
      out += '.*';
      at += 1;
    } else if (char === '*') out += folders ? '[^/]*' : '.*';
    else if (char === '?') out += folders ? '[^/]' : '.';
    else if (char === '[') {
      const set = /^\[(!?)(\]?[^\]]*)\]/.exec(pattern.slice(at));
      out += set ? `[${set[1] ? '^' : ''}${set[2]!.replace(/[\\\]^[]/g, '\\$&')}]` : '\\[';
      if (set) at += set[0].length - 1;
    } else out += char.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
  }
  return out;
}
