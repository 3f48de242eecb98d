import { relative } from 'node:path';
import { CutoverError, describeError, nearest, type SourcePosition } from '../../errors/index.ts';
import type { Play } from '../../playbook/index.ts';
import { positionOf } from '../../source/index.ts';
import { containsUnknown, isUndefined, UnsafeText, VaultText } from '../../values/index.ts';
import type { PlayContext, RunContext } from '../context.ts';
import type { HostOptions } from '../options.ts';
import { paperRun } from '../paper/paper-run.ts';
import { surveyPlay } from '../paper/survey.ts';
import { newBatch } from '../play/batch-context.ts';
import { type Prepared, prepareRun, readPlaybook } from '../session-setup.ts';
import type { LayeredScope, ScopeLayer } from '../variables/scope.ts';
import { scopeFor } from '../variables/variables.ts';
import { loadVarsFiles } from '../variables/varsfiles.ts';
import { type Assignment, assignmentsIn } from './explain-tasks.ts';

/** Options of `cutover explain`. */
export interface ExplainOptions extends HostOptions {
  readonly variable: string;
  /** Adds what its plays, roles and tasks set. */
  readonly playbook?: string;
}

/** One place that sets the variable. */
export interface ExplainedLayer {
  /** The precedence level, as Ansible's documentation names it. */
  readonly level: string;
  readonly position?: SourcePosition;
  /** The file, when the exact place is not known. */
  readonly origin?: string;
  /** As written, secrets masked; undefined for what only a run can tell (`register`). */
  readonly written?: unknown;
  /** Of a value that is set while the play goes on: the task that does it. From there on, or there only, it is stronger than what stands below. */
  readonly task?: string;
  readonly winner: boolean;
}

/** Where the value of a variable comes from, on one host (in one play). */
export interface Explanation {
  readonly host: string;
  readonly play?: string;
  readonly variable: string;
  /** Strongest first. */
  readonly layers: readonly ExplainedLayer[];
  /** The value before any task has run, rendered, secrets masked; absent when nothing sets it yet. */
  readonly value?: unknown;
  /** Why there is no value although something sets it. */
  readonly problem?: string;
  /** The nearest name that exists, when nothing sets this one. */
  readonly near?: string;
}

/**
 * Tells for each host of the limit, and each play of the playbook that has it, what sets a variable.
 * Touches no host. Throws CutoverError or ErrorList for inputs that cannot be read.
 */
export async function explainVariable(options: ExplainOptions): Promise<readonly Explanation[]> {
  const prepared = await prepareRun(options);
  const read =
    options.playbook === undefined ? undefined : await readPlaybook(options.playbook, options, prepared);
  const run = await paperRun(
    options,
    prepared,
    options.playbook === undefined ? {} : { playbook: options.playbook },
  );
  const hosts = limitedHosts(prepared, options);
  if (!read) return hosts.map((host) => explainOn(run, host, options.variable, undefined, []));
  const found: Explanation[] = [];
  for (const play of read.playbook.plays) {
    const survey = await surveyPlay(play, read.includes);
    const during = assignmentsIn(survey, (path) => prepared.files.readText(path));
    for (const host of hostsOfPlay(run, play, hosts)) {
      const context = newBatch({
        run,
        playbook: read.playbook,
        includes: read.includes,
        play,
        allHosts: [host],
      });
      await loadVarsFiles(context, run.host(host));
      found.push(explainOn(run, host, options.variable, context, during));
    }
  }
  if (found.length > 0) return found;
  throw new CutoverError('usage', `no play of ${options.playbook} has the host ${hosts.join(', ')}`, {
    hint: 'leave the playbook out to see the inventory alone',
  });
}

function explainOn(
  run: RunContext,
  host: string,
  variable: string,
  play: PlayContext | undefined,
  during: readonly Assignment[],
): Explanation {
  const scope = scopeFor(run, { host: run.host(host), play });
  const base = { host, variable, ...(play ? { play: playTitle(play.play) } : {}) };
  const mask = (value: unknown) => (isPasswordName(variable) ? '********' : showable(run, value));
  const setting = scope.layers.filter((layer) => Object.hasOwn(layer.values, variable));
  const magic = scope.isMagic(variable);
  const layers: ExplainedLayer[] = [
    ...(magic ? [{ level: 'magic variable', origin: 'Cutover itself', winner: true }] : []),
    ...during.filter(({ name }) => name === variable).map((one) => ofTask(one, mask)),
    ...setting.map((layer, index) => ofLayer(layer, variable, mask, !magic && index === 0)),
  ];
  if (!magic && setting.length === 0) {
    const near =
      layers.length > 0
        ? undefined
        : nearest(variable, [...scope.names(), ...during.map(({ name }) => name)]);
    return { ...base, layers, ...(near === undefined ? {} : { near }) };
  }
  return { ...base, layers, ...renderedValue(scope, variable, mask) };
}

function ofTask(one: Assignment, mask: (value: unknown) => unknown): ExplainedLayer {
  return {
    level: one.level,
    ...(one.position ? { position: one.position } : {}),
    ...(one.written === undefined ? {} : { written: mask(one.written) }),
    task: one.task,
    winner: false,
  };
}

function ofLayer(
  layer: ScopeLayer,
  variable: string,
  mask: (value: unknown) => unknown,
  winner: boolean,
): ExplainedLayer {
  const [level, origin] = splitOrigin(layer.origin);
  const position = layer.positions?.get(variable) ?? positionOf(layer.values, variable, 'key');
  return {
    level,
    ...(position ? { position } : origin === undefined ? {} : { origin }),
    written: mask(layer.values[variable]),
    winner,
  };
}

function splitOrigin(text: string): readonly [string, string | undefined] {
  const at = text.indexOf(': ');
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 2)];
}

function renderedValue(
  scope: LayeredScope,
  variable: string,
  mask: (value: unknown) => unknown,
): { readonly value?: unknown; readonly problem?: string } {
  try {
    const value = scope.get(variable);
    if (isUndefined(value)) return { problem: value.message };
    return containsUnknown(value) ? { problem: 'only a run can tell' } : { value: mask(value) };
  } catch (error) {
    return { problem: describeError(error) };
  }
}

/** Gives a value as it can be printed: masked, vault values closed, the special kinds of text as text. */
function showable(run: RunContext, value: unknown): unknown {
  const plain = (part: unknown): unknown => {
    if (part instanceof VaultText) return '!vault (encrypted)';
    if (part instanceof UnsafeText) return part.text;
    if (isUndefined(part)) return `<${part.message}>`;
    if (Array.isArray(part)) return part.map(plain);
    if (typeof part !== 'object' || part === null) return part;
    return Object.fromEntries(
      Object.entries(part).map(([key, item]) => [key, isPasswordName(key) ? '********' : plain(item)]),
    );
  };
  return run.secrets.maskDeep(plain(value));
}

/** Passwords of connections are secret wherever they are written. */
function isPasswordName(name: string): boolean {
  return /^ansible_.*pass(?:word|phrase)?$/.test(name);
}

function limitedHosts(prepared: Prepared, options: ExplainOptions): readonly string[] {
  const { inventory } = prepared;
  const among = inventory.match('all', options.limit === undefined ? {} : { limit: options.limit }).hosts;
  // The implicit localhost is in no group, yet it has variables.
  const hosts =
    among.length > 0 || options.limit === undefined ? among : inventory.match(options.limit).hosts;
  if (hosts.length > 0) return hosts;
  throw new CutoverError('usage', `no host matches ${options.limit ?? 'all'}`, {
    hint: nearest(options.limit ?? '', inventory.hosts.keys()),
  });
}

function hostsOfPlay(run: RunContext, play: Play, hosts: readonly string[]): readonly string[] {
  const scope = scopeFor(run, { host: run.nobody }).below([
    { values: play.vars.values, final: false, origin: 'play vars' },
  ]);
  const pattern = run.templar.renderDeep(play.hosts.value, scope, { at: play.hosts.at });
  const members = new Set(
    run.inventory.match(Array.isArray(pattern) ? pattern.map(String) : String(pattern)).hosts,
  );
  return hosts.filter((host) => members.has(host));
}

function playTitle(play: Play): string {
  const file = relative(process.cwd(), play.position.file);
  const where = `${file.startsWith('..') ? play.position.file : file}:${play.position.line}`;
  return play.name === undefined ? where : `${play.name.value} (${where})`;
}
