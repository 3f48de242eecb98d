import type { Task } from '../../playbook/index.ts';
import type { Session } from '../../resources/index.ts';
import { isMapping } from '../../values/index.ts';
import type { PlayContext } from '../context.ts';
import type { HostState } from '../hosts/host.ts';
import type { Place } from './place.ts';

/** Parameters of modules that name a path on the host. */
const PATHS = new Set([
  'path',
  'dest',
  'destfile',
  'name',
  'creates',
  'removes',
  'chdir',
  'paths',
  'base',
  'merge_from',
  'edited',
]);
/** Of these, `name` and `paths` are paths only for some modules, and `src` only where nothing comes from the controller. */
const NAME_IS_PATH = new Set(['file', 'lineinfile', 'blockinfile', 'replace', 'stat']);
const SRC_IS_REMOTE = new Set(['slurp', 'fetch', 'file', 'tree']);

/** Whether an argument needs the user's home on the host: `~/x`, `~user/x`, or a path that is not absolute. */
function needsHome(module: string, args: Readonly<Record<string, unknown>>): boolean {
  return pathArguments(module, args).some(([, value]) => texts(value).some(isRelative));
}

const VARIABLE = /\$(?:(\w+)|\{(\w+)\})/g;

/** Gives the names of the environment variables that paths among the arguments hold. */
function variablesIn(module: string, args: Readonly<Record<string, unknown>>): string[] {
  const paths = pathArguments(module, args).flatMap(([, value]) => texts(value));
  return [
    ...new Set(paths.flatMap((path) => [...path.matchAll(VARIABLE)].map((found) => found[1] ?? found[2]!))),
  ];
}

/** Gives the arguments with the host's environment variables put into paths; names that it does not know stay. */
function withVariables(
  module: string,
  args: Readonly<Record<string, unknown>>,
  variables: Readonly<Record<string, string>>,
): Record<string, unknown> {
  const filled = (path: unknown) =>
    typeof path === 'string'
      ? path.replace(VARIABLE, (whole, plain, braced) => variables[plain ?? braced] ?? whole)
      : path;
  const changed = pathArguments(module, args).map(([name, value]) => [
    name,
    Array.isArray(value) ? value.map(filled) : filled(value),
  ]);
  return { ...args, ...Object.fromEntries(changed) };
}

/** Gives the arguments with `~` and relative paths made absolute. */
function withHome(
  module: string,
  args: Readonly<Record<string, unknown>>,
  home: string,
  folder: string,
): Record<string, unknown> {
  const absolute = (path: string) => {
    if (!isRelative(path)) return path;
    if (path === '~') return home;
    return path.startsWith('~/')
      ? `${home}${path.slice(1)}`
      : `${folder.replace(/\/$/, '')}/${path.replace(/^\.\//, '')}`;
  };
  const changed = pathArguments(module, args).map(([name, value]) => [
    name,
    Array.isArray(value)
      ? value.map((one) => (typeof one === 'string' ? absolute(one) : one))
      : absolute(String(value)),
  ]);
  return { ...args, ...Object.fromEntries(changed) };
}

function pathArguments(module: string, args: Readonly<Record<string, unknown>>): [string, unknown][] {
  const remote = isMapping(args) && (args.remote_src === true || SRC_IS_REMOTE.has(module));
  return Object.entries(args).filter(([name, value]) => {
    if (typeof value !== 'string' && !Array.isArray(value)) return false;
    if (name === 'src')
      return (
        remote &&
        !(module === 'file' && args.state === 'link') &&
        !(module === 'unarchive' && /^\w+:\/\//.test(String(value)))
      );
    if (name === 'name') return NAME_IS_PATH.has(module);
    if (name === 'dest' && module === 'fetch') return false;
    // The words of fstab for an entry without a mount point.
    if (module === 'mount' && (value === 'none' || value === 'swap')) return false;
    return PATHS.has(name);
  });
}

function texts(value: unknown): string[] {
  return (Array.isArray(value) ? value : [value]).filter((one) => typeof one === 'string');
}

function isRelative(path: string): boolean {
  return path !== '' && !path.startsWith('/');
}

/** Makes `~` and relative paths absolute: they start from the home of the user who acts (a local connection: from here). */
export async function absolutePaths(
  play: PlayContext,
  task: Task,
  args: Record<string, unknown>,
  onHost: HostState,
  place: Place,
  environment: Readonly<Record<string, string>>,
): Promise<Record<string, unknown>> {
  const names = variablesIn(task.module, args);
  if (names.length === 0 && !needsHome(task.module, args)) return args;
  const session = await play.run.fleet.session({
    host: onHost,
    ...place,
    run: play.run.id,
    task: task.id,
    environment: {},
    timeoutMs: undefined,
    onArm: async () => {},
  });
  const filled =
    names.length === 0
      ? args
      : withVariables(task.module, args, { ...(await variablesOf(session, names)), ...environment });
  if (!needsHome(task.module, filled)) return filled;
  const home = await homeOf(session);
  return withHome(task.module, filled, home, place.target.connection === 'local' ? process.cwd() : home);
}

const homes = new WeakMap<object, Promise<string>>();

function homeOf(session: Session): Promise<string> {
  const known = homes.get(session.lane);
  if (known) return known;
  const asking = session.lane
    .run({ script: 'printf %s "$HOME"' })
    .then(({ stdout }) => stdout.toString() || '/');
  homes.set(session.lane, asking);
  return asking;
}

/** Asks for environment variables of the user who acts. */
async function variablesOf(session: Session, names: readonly string[]): Promise<Record<string, string>> {
  const script = names.map((name) => `printf '%s\\0' "\${${name}+x}" "\${${name}-}"`).join('\n');
  const words = (await session.lane.run({ script })).stdout.toString().split('\0');
  return Object.fromEntries(
    names.flatMap((name, index) => (words[2 * index] === 'x' ? [[name, words[2 * index + 1]!]] : [])),
  );
}
