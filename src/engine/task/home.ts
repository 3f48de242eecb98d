import { type Module, targetPathsOf } from '../../modules/index.ts';
import type { Task } from '../../playbook/index.ts';
import type { Session } from '../../resources/index.ts';
import type { PlayContext } from '../context.ts';
import type { HostState } from '../hosts/host.ts';
import type { Place } from './place.ts';
import { pathKey, type WrittenPaths } from './written-paths.ts';

type Params = Readonly<Record<string, unknown>>;

/** Parameters with absolute paths, and how the relative ones among them were written. */
export interface AbsolutePaths {
  readonly params: unknown;
  readonly written: WrittenPaths;
}

/** What is done to every path of a task. */
type Change = (path: string, name: string) => string;

const VARIABLE = /\$(?:(\w+)|\{(\w+)\})/g;

/**
 * Makes `~`, environment variables and relative paths absolute: they mean those of the user who acts, and where its shell
 * starts (a local connection: relative paths start from the folder of the playbook). Gives the parameters as the module shall see them,
 * and how relative paths were written.
 */
export async function absolutePaths(
  play: PlayContext,
  task: Task,
  module: Module,
  given: unknown,
  onHost: HostState,
  place: Place,
  environment: Readonly<Record<string, string>>,
): Promise<AbsolutePaths> {
  const params = given as Params;
  const written = new Map<string, string>();
  const asWritten = module.pathsAsWritten?.(params) ?? [];
  const names = targetPathsOf(module.params).filter((name) => !asWritten.includes(name));
  const relative = module.relativePaths?.(params) ?? [];
  const settled = (path: string, name: string) =>
    path.startsWith('/') || (relative.includes(name) && !path.startsWith('~'));
  const all = pathsIn(params, names);
  const variables = new Set(all.flatMap((path) => [...path.matchAll(VARIABLE)].map(([, a, b]) => a ?? b!)));
  if (variables.size === 0 && unsettled(params, names, settled).length === 0) return { params, written };
  const session = await play.run.fleet.session({
    host: onHost,
    ...place,
    run: play.run.id,
    task: task.id,
    environment: {},
    timeoutMs: undefined,
    onArm: async () => {},
  });
  const values =
    variables.size === 0 ? {} : { ...(await variablesOf(session, [...variables])), ...environment };
  const filled = changed(params, names, (path) =>
    // Names that the host does not know stay.
    path.replace(VARIABLE, (whole, plain, braced) => values[plain ?? braced] ?? whole),
  );
  const open = unsettled(filled, names, settled);
  if (open.length === 0) return { params: filled, written };
  const { home, start } = await beginningOf(session);
  const users = open.flatMap((path) => OTHERS_HOME.exec(path)?.[1] ?? []);
  const others = users.length === 0 ? {} : await homesOf(session, users);
  const folder = place.target.connection === 'local' ? play.play.folder : start;
  const whole = changed(filled, names, (path, name) => {
    if (settled(path, name)) return path;
    const found = absolute(path, home, others, folder);
    if (!path.startsWith('~')) written.set(pathKey(found), path);
    return found;
  });
  return { params: whole, written };
}

function pathsIn(params: Params, names: readonly string[]): readonly string[] {
  return names.flatMap((name) => params[name]).filter((one) => typeof one === 'string');
}

/** Gives the paths of which only the host knows where they begin. */
function unsettled(
  params: Params,
  names: readonly string[],
  settled: (path: string, name: string) => boolean,
): readonly string[] {
  return names.flatMap((name) => pathsIn(params, [name]).filter((path) => !settled(path, name)));
}

function changed(params: Params, names: readonly string[], change: Change): Params {
  const one = (value: unknown, name: string) => (typeof value === 'string' ? change(value, name) : value);
  return {
    ...params,
    ...Object.fromEntries(
      names.flatMap((name) => {
        const value = params[name];
        return value === undefined
          ? []
          : [[name, Array.isArray(value) ? value.map((item) => one(item, name)) : one(value, name)]];
      }),
    ),
  };
}

const OTHERS_HOME = /^~([A-Za-z_][\w.-]*)(?=\/|$)/;

function absolute(
  path: string,
  home: string,
  others: Readonly<Record<string, string>>,
  folder: string,
): string {
  if (path.startsWith('/')) return path;
  if (path === '~' || path.startsWith('~/')) return `${home}${path.slice(1)}`;
  const [tilde, user] = OTHERS_HOME.exec(path) ?? ['', ''];
  if (others[user!] !== undefined) return `${others[user!]}${path.slice(tilde.length)}`;
  return `${folder.replace(/\/$/, '')}/${path.replace(/^\.\//, '')}`;
}

/** Where a user's paths begin: those with `~`, and relative ones. */
interface Beginning {
  readonly home: string;
  readonly start: string;
}

const beginnings = new WeakMap<object, Promise<Beginning>>();

function beginningOf(session: Session): Promise<Beginning> {
  const known = beginnings.get(session.lane);
  if (known) return known;
  const asking = session.lane.run({ script: `printf '%s\\0' "$HOME" "$(pwd)"` }).then(({ stdout }) => {
    const [home = '', start = ''] = stdout.toString().split('\0');
    return { home: home || '/', start: start || '/' };
  });
  beginnings.set(session.lane, asking);
  return asking;
}

/** Asks for the homes of other users; one who is not there has none. */
async function homesOf(session: Session, users: readonly string[]): Promise<Record<string, string>> {
  const script = users.map((user) => `printf '%s\\0' ~${user}`).join('\n');
  const homes = (await session.lane.run({ script })).stdout.toString().split('\0');
  return Object.fromEntries(
    users.flatMap((user, index) => (homes[index]!.startsWith('/') ? [[user, homes[index]!]] : [])),
  );
}

/** Asks for environment variables of the user who acts. */
async function variablesOf(session: Session, names: readonly string[]): Promise<Record<string, string>> {
  const script = names.map((name) => `printf '%s\\0' "\${${name}+x}" "\${${name}-}"`).join('\n');
  const words = (await session.lane.run({ script })).stdout.toString().split('\0');
  return Object.fromEntries(
    names.flatMap((name, index) => (words[2 * index] === 'x' ? [[name, words[2 * index + 1]!]] : [])),
  );
}
