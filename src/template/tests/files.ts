/** Tests of paths on the controller, through the door that the engine opens: the folders around the playbook can be asked about, nothing is read. */
import { lstatSync, readFileSync, type Stats, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { str } from '../python/text.ts';
import { type Args, type Routine, type Routines, routine } from '../routine.ts';

function stats(value: unknown, args: Args, follow: boolean): Stats | undefined {
  const context = args.run.lookupContext();
  if (!context.allowEffects) return args.fail('looks at files of the controller, which is not allowed here');
  const path = expandHome(str(value));
  try {
    return follow ? statSync(path) : lstatSync(path);
  } catch {
    return undefined;
  }
}

/** Gives a path with `~` or `~user` replaced by the home folder; of an unknown user it stays. */
export function expandHome(path: string): string {
  const [whole, user] = /^~([\w.-]*)(?=\/|$)/.exec(path) ?? [];
  if (whole === undefined) return path;
  const home = user ? homeOf(user) : homedir();
  return home === undefined ? path : home + path.slice(whole.length);
}

function homeOf(user: string): string | undefined {
  try {
    const lines = readFileSync('/etc/passwd', 'utf8').split('\n');
    return lines.find((line) => line.startsWith(`${user}:`))?.split(':')[5];
  } catch {
    return undefined;
  }
}

const check = (follow: boolean, test: (found: Stats, args: Args) => boolean): Routine =>
  routine('other=null', (value, args) => {
    const found = stats(value, args, follow);
    return found !== undefined && test(found, args);
  });

const isDirectory = check(true, (found) => found.isDirectory());
const isFile = check(true, (found) => found.isFile());
const isLink = check(false, (found) => found.isSymbolicLink());
const exists = check(true, () => true);
const linkExists = check(false, () => true);
const sameFile = check(true, (found, args) => {
  const other = stats(args.get('other'), args, true);
  return other !== undefined && other.ino === found.ino && other.dev === found.dev;
});
const absolute = routine('', (value) => isAbsolute(str(value)));
const mount = routine('', (value, args) => {
  const [here, above] = [stats(value, args, false), stats(join(str(value), '..'), args, false)];
  return (
    here !== undefined &&
    above !== undefined &&
    !here.isSymbolicLink() &&
    (here.dev !== above.dev || here.ino === above.ino)
  );
});

/** Tests by name. */
export const FILE_TESTS: Routines = {
  abs: absolute,
  is_abs: absolute,
  directory: isDirectory,
  is_dir: isDirectory,
  exists,
  file: isFile,
  is_file: isFile,
  link: isLink,
  is_link: isLink,
  link_exists: linkExists,
  mount,
  is_mount: mount,
  same_file: sameFile,
  is_same_file: sameFile,
};
