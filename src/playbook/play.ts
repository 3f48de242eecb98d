import type { SourcePosition } from '../errors/index.ts';
import { locate, positionOf } from '../source/index.ts';
import { isMapping, wordOfKey } from '../values/index.ts';
import { BLOCK_KEYWORDS, PLAY_KEYWORDS, TASK_KEYWORDS } from './keywords.ts';
import { readHandlers, readNodes } from './nodes.ts';
import {
  type Inherited,
  inheritBecome,
  NOTHING_INHERITED,
  type Place,
  type PlayScope,
  union,
} from './place.ts';
import { hasTemplate, kindOf, type Reading, suggest, written } from './reading.ts';
import { readRoleEntry } from './role-entry.ts';
import { readRole } from './role-use.ts';
import { checkValues, namesOf, varsOf } from './shapes.ts';
import { nameOf } from './task.ts';
import type { Play, TaskNode, VarsLayer, Written } from './types.ts';
import { readVarsFiles, readVarsPrompt } from './vars-sources.ts';

type Data = Readonly<Record<string, unknown>>;

/** What an `import_playbook` hands to the plays of its playbook. */
export interface ImportedWith {
  readonly inherited: Inherited;
  /** Stronger than the play's own. */
  readonly vars: Data;
}

/** Where a play was written. */
export interface PlayPlace {
  readonly index: number;
  readonly file: string;
  readonly folder: string;
  readonly importedWith: ImportedWith;
}

const STRATEGIES = ['linear', 'free', 'host_pinned', 'debug'];
const ORDERS = ['inventory', 'sorted', 'reverse_sorted', 'reverse_inventory', 'shuffle'];

/** Reads one play with its roles, tasks and handlers. Notes what is wrong. */
export function readPlay(reading: Reading, data: Data, at: SourcePosition, where: PlayPlace): Play {
  checkPlay(reading, data, at);
  const vars: VarsLayer = {
    level: 'play vars',
    origin: `vars of play ${where.index + 1}`,
    values: locate(
      { ...varsOf(data.vars), ...where.importedWith.vars },
      isMapping(data.vars) ? data.vars : undefined,
    ),
  };
  const varsFiles = readVarsFiles(reading, data);
  const scope: PlayScope = {
    folder: where.folder,
    collections: namesOf(data.collections, ','),
    vars: [vars],
    varsFiles,
    moduleDefaults: written(data, 'module_defaults'),
    ignoreErrors: written(data, 'ignore_errors'),
    roles: [],
    roleHandlers: [],
    rolesWithHandlers: new Set(),
  };
  const { inherited } = where.importedWith;
  const tags = union(inherited.tags, namesOf(data.tags, ','));
  const place: Place = {
    inherited: { ...inherited, tags },
    id: String(where.index),
    folder: where.folder,
    play: scope,
    importing: [where.file],
    handlers: false,
    dynamic: false,
    roles: [],
  };
  const part = (key: string) => readNodes(reading, data[key], { ...place, id: `${place.id}.${key}` });
  const roleTasks = readRoles(reading, data, place);
  const preTasks = part('pre_tasks');
  const tasks = part('tasks');
  const postTasks = part('post_tasks');
  const ownHandlers = readHandlers(reading, data.handlers, { ...place, id: `${place.id}.handlers` });
  return {
    ...playSettings(reading, data, at),
    index: where.index,
    position: at,
    name: nameOf(data),
    vars,
    varsFiles,
    varsPrompt: readVarsPrompt(reading, data),
    roles: scope.roles,
    preTasks,
    roleTasks,
    tasks,
    postTasks,
    handlers: [...scope.roleHandlers, ...ownHandlers],
    tags,
    folder: where.folder,
  };
}

function readRoles(reading: Reading, data: Data, place: Place): readonly TaskNode[] {
  const { roles } = data;
  if (roles === undefined || roles === null) return [];
  if (!Array.isArray(roles)) {
    reading.fail(`"roles" must be a list, not ${kindOf(roles)}`, positionOf(data, 'roles'));
    return [];
  }
  return roles.flatMap((entry, index) => {
    const at = positionOf(roles, index) ?? positionOf(data, 'roles')!;
    const use = readRoleEntry(reading, entry, place, `${place.id}.roles.${index}`, at);
    const used = use && readRole(reading, use, place);
    if (!used) return [];
    place.play.roles.push(...used.dependencies, used.role);
    place.play.roleHandlers.push(...used.handlers);
    return used.nodes;
  });
}

function checkPlay(reading: Reading, data: Data, at: SourcePosition): void {
  for (const key of Object.keys(data)) {
    if (Object.hasOwn(PLAY_KEYWORDS, key)) continue;
    const keyAt = positionOf(data, key, 'key');
    if (reading.options.catalog.resolve(key) !== undefined || isOfTask(key))
      reading.fail(`"${key}" belongs to a task, not to a play`, keyAt, 'write it in a list under "tasks"');
    else
      reading.fail(
        `"${wordOfKey(data, key)}" is not a keyword of a play`,
        keyAt,
        suggest(key, Object.keys(PLAY_KEYWORDS)),
      );
  }
  checkValues(reading, data, PLAY_KEYWORDS);
  checkHosts(reading, data, at);
  checkGathering(reading, data);
  for (const key of ['rollout', 'window'])
    if (data[key] !== undefined) reading.fail(`"${key}" is not built yet`, positionOf(data, key, 'key'));
}

function isOfTask(key: string): boolean {
  return Object.hasOwn(BLOCK_KEYWORDS, key) || Object.hasOwn(TASK_KEYWORDS, key) || key.startsWith('with_');
}

function checkHosts(reading: Reading, data: Data, at: SourcePosition): void {
  const { hosts } = data;
  const hostsAt = positionOf(data, 'hosts') ?? at;
  if (!('hosts' in data)) reading.fail('this play has no "hosts"', at, 'name a host, a group or a pattern');
  else if (hosts === null || hosts === '' || (Array.isArray(hosts) && hosts.length === 0))
    reading.fail('"hosts" is empty', hostsAt, 'name a host, a group or a pattern');
  else if (isMapping(hosts))
    reading.fail('"hosts" must be a pattern or a list of them, not a mapping', hostsAt);
  else reading.templates(hosts, hostsAt);
}

/** Unlike the parameter of `setup`, the keyword takes a text for one name, commas and all, as Ansible does. */
function gatherSubset(data: Data): Written | undefined {
  const told = written(data, 'gather_subset');
  return typeof told?.value === 'string' && !hasTemplate(told.value)
    ? { ...told, value: [told.value] }
    : told;
}

/** Has the names of `gather_subset` checked as the parameter that they become. */
function checkGathering(reading: Reading, data: Data): void {
  const subset = gatherSubset(data);
  if (!subset?.at || data.gather_facts === false) return;
  reading.arguments('setup', { gather_subset: subset.value }, subset.at, 'ignore_errors' in data);
}

function playSettings(reading: Reading, data: Data, at: SourcePosition) {
  return {
    hosts: written(data, 'hosts') ?? { value: '', at },
    gatherFacts: written(data, 'gather_facts'),
    gatherSubset: gatherSubset(data),
    gatherTimeout: written(data, 'gather_timeout'),
    factPath: written(data, 'fact_path'),
    serial: written(data, 'serial'),
    strategy: oneOf(reading, data, 'strategy', STRATEGIES),
    order: oneOf(reading, data, 'order', ORDERS),
    maxFailPercentage: written(data, 'max_fail_percentage'),
    anyErrorsFatal: written(data, 'any_errors_fatal'),
    forceHandlers: written(data, 'force_handlers'),
    throttle: written(data, 'throttle'),
    remoteUser: written(data, 'remote_user') ?? written(data, 'user'),
    port: written(data, 'port'),
    connection: written(data, 'connection'),
    become: inheritBecome({}, data),
    environment: written(data, 'environment'),
    ignoreErrors: written(data, 'ignore_errors'),
    ignoreUnreachable: written(data, 'ignore_unreachable'),
    checkMode: written(data, 'check_mode'),
    diff: written(data, 'diff'),
    noLog: written(data, 'no_log'),
    runOnce: written(data, 'run_once'),
    timeout: written(data, 'timeout'),
    moduleDefaults: written(data, 'module_defaults'),
    onFailure: choice(reading, data, 'on_failure', ['stop', 'rollback', 'continue'] as const),
    rollbackScope: choice(reading, data, 'rollback_scope', ['host', 'batch', 'run'] as const),
    rollback: choice(reading, data, 'rollback', ['best_effort', 'required'] as const),
  };
}

/** Checks a word that must be one of a few; a template is left for the run. */
function oneOf(reading: Reading, data: Data, key: string, words: readonly string[]) {
  const found = written(data, key);
  const word = String(found?.value ?? '').replace(/^ansible\.builtin\./, '');
  if (found === undefined || hasTemplate(word)) return found;
  if (!words.includes(word))
    reading.fail(
      `"${key}" cannot be ${JSON.stringify(word)}`,
      found.at,
      suggest(word, words) ?? `use ${words.join(', ')}`,
    );
  return { ...found, value: word };
}

/** As `oneOf`, for a setting that must be known before the run; the first word is the default. */
function choice<T extends string>(reading: Reading, data: Data, key: string, words: readonly [T, ...T[]]): T {
  const found = oneOf(reading, data, key, words);
  // Taken for the default, it would leave changes that the play's writer wanted back.
  if (hasTemplate(String(found?.value ?? '')))
    reading.fail(`"${key}" cannot be a template`, found!.at, `use ${words.join(', ')}`);
  return words.find((word) => word === found?.value) ?? words[0];
}

/** What an `import_playbook` at the top has around it. */
export const IMPORTED_WITH_NOTHING: ImportedWith = { inherited: NOTHING_INHERITED, vars: {} };
