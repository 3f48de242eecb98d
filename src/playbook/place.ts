import { join, resolve } from 'node:path';
import type { SourcePosition } from '../errors/index.ts';
import type { Reading } from './reading.ts';
import { hasTemplate, isFile, written } from './reading.ts';
import { conditions, namesOf, varsOf, writtenNames } from './shapes.ts';
import type { Become, Common, Handler, Include, Role, VarsLayer, Written } from './types.ts';

/** What a node takes over from everything around it. */
export type Inherited = Omit<Common, 'position' | 'name'>;

/** What the nodes of one play share while they are read. */
export interface PlayScope {
  /** Of the playbook file. */
  readonly folder: string;
  /** Collections in which the play looks for short names of roles. */
  readonly collections: readonly string[];
  readonly vars: readonly VarsLayer[];
  readonly varsFiles: readonly Written[];
  /** The play's own `module_defaults`. */
  readonly moduleDefaults: Written | undefined;
  readonly ignoreErrors?: Written | undefined;
  /** Static roles of the play, in the order of their use. */
  readonly roles: Role[];
  /** Handlers of those roles. */
  readonly roleHandlers: Handler[];
  /** Uses of roles whose handlers are in already. */
  readonly rolesWithHandlers: Set<string>;
}

/** Where a list of nodes stands: what is around it, and what relative names start from. */
export interface Place {
  readonly inherited: Inherited;
  readonly id: string;
  /** Of the file that is being read. */
  readonly folder: string;
  readonly play: PlayScope;
  /** Files that import each other, outermost first: a file that is in it already would never end. */
  readonly importing: readonly string[];
  readonly handlers: boolean;
  /** Read during the run, by an include. */
  readonly dynamic: boolean;
  /** Hosts have been touched already: there is nothing left to refuse before. */
  readonly underWay?: boolean;
  /** Roles that use each other, outermost first. */
  readonly roles: readonly Role[];
  /** Inside a block whose `rescue` answers for failures. */
  readonly rescued?: boolean;
}

/** Nothing around: the start of every play. */
export const NOTHING_INHERITED: Inherited = {
  when: [],
  tags: [],
  vars: [],
  become: {},
  environment: [],
  role: undefined,
  ignoreErrors: undefined,
  ignoreUnreachable: undefined,
  anyErrorsFatal: undefined,
  checkMode: undefined,
  diff: undefined,
  noLog: undefined,
  runOnce: undefined,
  delegateTo: undefined,
  delegateFacts: undefined,
  connection: undefined,
  remoteUser: undefined,
  port: undefined,
  throttle: undefined,
  timeout: undefined,
  moduleDefaults: [],
  notify: [],
};

type Data = Readonly<Record<string, unknown>>;

/** Adds what a block, role entry, import or task writes to what is around it. Lists grow inwards, the innermost scalar wins. */
export function inherit(outer: Inherited, data: Data, level: VarsLayer['level']): Inherited {
  const own = (key: string, before: Common['diff']) => within(written(data, key), before);
  return {
    when: extended(outer.when, conditions(data, 'when', outer.role)),
    tags: union(outer.tags, namesOf(data.tags, ',')),
    vars: extended(outer.vars, varsLayer(data, level)),
    become: inheritBecome(outer.become, data),
    environment: extended(outer.environment, optional(written(data, 'environment'))),
    role: outer.role,
    ignoreErrors: own('ignore_errors', outer.ignoreErrors),
    ignoreUnreachable: own('ignore_unreachable', outer.ignoreUnreachable),
    anyErrorsFatal: own('any_errors_fatal', outer.anyErrorsFatal),
    checkMode: own('check_mode', outer.checkMode),
    diff: own('diff', outer.diff),
    noLog: own('no_log', outer.noLog),
    runOnce: own('run_once', outer.runOnce),
    delegateTo: own('delegate_to', outer.delegateTo),
    delegateFacts: own('delegate_facts', outer.delegateFacts),
    connection: own('connection', outer.connection),
    remoteUser: own('remote_user', outer.remoteUser),
    port: own('port', outer.port),
    throttle: own('throttle', outer.throttle),
    timeout: own('timeout', outer.timeout),
    moduleDefaults: extended(outer.moduleDefaults, optional(written(data, 'module_defaults'))),
    notify: extended(outer.notify, writtenNames(data, 'notify')),
  };
}

/** A keyword inside of another of its name: it wins, unless it is a template that gives `omit`. */
export function within(own: Written | undefined, around: Written | undefined): Written | undefined {
  if (own === undefined || around === undefined) return own ?? around;
  return typeof own.value === 'string' && hasTemplate(own.value)
    ? { ...own, around: within(own.around, around) }
    : own;
}

/** Adds escalation settings; each written one wins over the one around it. */
export function inheritBecome(outer: Become, data: Data): Become {
  const own = {
    become: within(written(data, 'become'), outer.become),
    user: within(written(data, 'become_user'), outer.user),
    method: within(written(data, 'become_method'), outer.method),
    flags: within(written(data, 'become_flags'), outer.flags),
    exe: within(written(data, 'become_exe'), outer.exe),
  };
  const set = Object.entries(own).filter(([, value]) => value !== undefined);
  return set.length === 0 ? outer : { ...outer, ...Object.fromEntries(set) };
}

/** The variables that a node writes, as a layer in a list; empty when it has none. */
function varsLayer(data: Data, level: VarsLayer['level']): readonly VarsLayer[] {
  const values = varsOf(data.vars);
  if (!values || Object.keys(values).length === 0) return [];
  return [{ level, origin: originOf(data.name), values }];
}

function originOf(name: unknown): string {
  return typeof name === 'string' ? `vars of "${name}"` : 'vars';
}

/** Joins without making a new list when there is nothing to add: most tasks add nothing. */
function extended<T>(outer: readonly T[], own: readonly T[] | undefined): readonly T[] {
  return own === undefined || own.length === 0 ? outer : [...outer, ...own];
}

function optional<T>(value: T | undefined): readonly T[] {
  return value === undefined ? [] : [value];
}

/** Tags of both, each once, outer first. */
export function union(outer: readonly string[], own: readonly string[]): readonly string[] {
  return own.length === 0 ? outer : [...new Set([...outer, ...own])];
}

const SURROUNDINGS = Symbol('surroundings of an include');

/** Remembers what the included tasks will inherit. It survives a copy of the node and stays out of JSON. */
export function withSurroundings(include: Include, place: Place): Include {
  return { ...include, [SURROUNDINGS]: place } as Include;
}

/** Gives what the included tasks inherit, or undefined for a node that no loader made. */
export function surroundingsOf(include: Include): Place | undefined {
  return (include as Include & { [SURROUNDINGS]?: Place })[SURROUNDINGS];
}

/** Renders a name that must be known before the run, with the variables that are. Gives the reason when it needs more. */
export function renderName(
  reading: Reading,
  text: string,
  place: Place,
  at: SourcePosition | undefined,
): { readonly name: string } | { readonly unknown: string } {
  try {
    return { name: String(reading.options.renderStatic(text, visibleVars(reading, place), at)) };
  } catch (thrown) {
    return { unknown: thrown instanceof Error ? thrown.message : String(thrown) };
  }
}

/** Layers that are known without a host, weakest first. */
function visibleVars(reading: Reading, place: Place): readonly VarsLayer[] {
  const role = place.inherited.role;
  const chain = role ? [...role.parents, role] : [];
  return [
    ...chain.map((one) => one.defaults),
    ...place.play.vars,
    ...literalVarsFiles(reading, place.play),
    ...chain.map((one) => one.vars),
    ...place.inherited.vars,
    ...chain.map((one) => one.params),
    { level: 'role params', origin: 'the place in the playbook', values: whereItStands(place, role) },
  ];
}

function whereItStands(place: Place, role: Role | undefined): Readonly<Record<string, unknown>> {
  return {
    playbook_dir: place.play.folder,
    ...(role ? { role_path: role.path, role_name: role.name } : {}),
  };
}

/** Variables of the files that `vars_files` names without a template. */
function literalVarsFiles(reading: Reading, play: PlayScope): readonly VarsLayer[] {
  return play.varsFiles.flatMap(({ value }) => {
    const names = (Array.isArray(value) ? value : [value]).map(String);
    const path = names
      .filter((name) => !hasTemplate(name))
      .flatMap((name) => [join(play.folder, 'vars', name), resolve(play.folder, name)])
      .find(isFile);
    if (path === undefined) return [];
    return [
      {
        level: 'play vars_files' as const,
        origin: path,
        values: reading.mapping(path, 'a file of variables'),
      },
    ];
  });
}
