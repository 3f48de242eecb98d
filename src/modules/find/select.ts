import { posix } from 'node:path';
import { compileRegex, fnmatch } from '../../regex/index.ts';
import { type FileState, resolveMode } from '../../resources/index.ts';
import { ageSeconds, type FindParams, sizeBytes } from './params.ts';

/** Gives a test for everything but the content. `now` in seconds since 1970. */
export function selector(params: FindParams, now: number): (state: FileState) => boolean {
  const named = nameTest(params);
  const age = params.age === undefined ? undefined : ageSeconds(params.age);
  const size = params.size === undefined ? undefined : sizeBytes(params.size);
  const type = params.file_type;
  return (state) => {
    const name = posix.basename(state.path);
    if (name.startsWith('.') && !params.hidden) return false;
    if (type !== 'any' && state.type !== type) return false;
    if (!named(name)) return false;
    if (age !== undefined && !withinBound(now - (state[params.age_stamp] ?? now), age)) return false;
    // Sizes of folders and links say nothing that anyone asks for.
    if (size !== undefined && state.type === 'file' && !withinBound(state.size ?? 0, size)) return false;
    return params.mode === undefined || modeFits(state, params.mode, params.exact_mode);
  };
}

/** A bound is a least value, or with a minus a greatest one. */
function withinBound(value: number, bound: number): boolean {
  return bound >= 0 ? value >= bound : value <= -bound;
}

function nameTest(params: FindParams): (name: string) => boolean {
  const test = (pattern: string): ((name: string) => boolean) => {
    if (params.use_regex) {
      const regex = compileRegex(pattern);
      return (name) => regex.find(name, 'match') !== undefined;
    }
    const glob = fnmatch(pattern);
    return (name) => glob.test(name);
  };
  const wanted = params.patterns.map(test);
  const unwanted = params.excludes.map(test);
  return (name) =>
    (wanted.length === 0 || wanted.some((fits) => fits(name))) && !unwanted.some((fits) => fits(name));
}

function modeFits(state: FileState, mode: string, exact: boolean): boolean {
  const bits = state.mode ?? 0;
  const wanted = resolveMode(mode, exact ? bits : 0, { directory: state.type === 'directory', umask: 0 });
  return exact ? bits === wanted : (bits & wanted) !== 0;
}

/** Whether the text of a file holds what `contains` seeks. */
export function contentTest(params: FindParams): (text: string) => boolean {
  const regex = compileRegex(params.contains ?? '');
  if (params.read_whole_file) return (text) => regex.find(text) !== undefined;
  return (text) => regex.findIn(text.split('\n'), 'match').length > 0;
}
