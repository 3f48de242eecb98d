import { type Include, type Task, tagWords } from '../../playbook/index.ts';
import type { Scope } from '../../template/index.ts';
import { isUnknown } from '../../values/index.ts';
import type { PlayContext } from '../context.ts';
import type { HostState } from '../hosts/host.ts';
import type { Extras } from '../task/task-outcome.ts';
import { isOn } from '../variables/switches.ts';
import { scopeFor } from '../variables/variables.ts';

/** Where a node stands when its keywords are read. */
export interface Standing {
  readonly play: PlayContext;
  readonly host: HostState;
  readonly extras: Extras;
}

function scopeOf({ play, host, extras }: Standing, task: Task | Include): Scope {
  return scopeFor(play.run, { host, play, task, extras });
}

/** The tags of a node: they may be templates. */
export function tagsOf(at: Standing, node: Task | Include): readonly string[] {
  const { templar } = at.play.run;
  if (!node.tags.some((tag) => templar.isTemplate(tag))) return node.tags;
  const given = templar.renderDeep(node.tags, scopeOf(at, node), { at: node.position });
  return tagWords(given);
}

/** The name that a node was given, rendered as far as that is possible; empty without one. */
export function ownName(at: Standing, node: Task | Include): string {
  if (node.name === undefined) return '';
  const { value, at: position } = node.name;
  try {
    const options = { at: position, lenient: true };
    const rendered = at.play.run.templar.renderDeep(value, scopeOf(at, node), options);
    if (typeof rendered === 'string') return rendered;
    return isUnknown(rendered) || typeof rendered === 'object' ? value : String(rendered);
  } catch {
    return value;
  }
}

/** Gives `role : name`, as reports print it. */
export function shownName(at: Standing, node: Task | Include): string {
  const own = ownName(at, node) || (node.kind === 'include' ? `include_${node.what}` : node.writtenModule);
  return node.role ? `${node.role.name} : ${own}` : own;
}

/** Whether `run_once` holds; false when it cannot be read, which the task says when it is prepared. */
export function isOnce(at: Standing, node: Task | Include): boolean {
  return holds(at, node, node.runOnce);
}

/** `any_errors_fatal` of the task or a block around it, and a `run_once` task: its failure is everybody's. */
export function isFatal(at: Standing, node: Task | Include): boolean {
  return holds(at, node, node.anyErrorsFatal ?? at.play.play.anyErrorsFatal) || isOnce(at, node);
}

function holds(at: Standing, node: Task | Include, written: Task['runOnce']): boolean {
  try {
    return written !== undefined && isOn(at.play.run.templar, written, scopeOf(at, node));
  } catch {
    return false;
  }
}
