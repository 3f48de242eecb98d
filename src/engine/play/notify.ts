import { CutoverError, didYouMean } from '../../errors/index.ts';
import type { Handler, Task } from '../../playbook/index.ts';
import type { PlayContext } from '../context.ts';
import type { HostState } from '../hosts/host.ts';
import type { Extras } from '../task/task-outcome.ts';
import type { LayeredScope } from '../variables/scope.ts';
import { scopeFor } from '../variables/variables.ts';

/** Marks the handlers that a changed task names, by name or by what they listen to. Gives the error when there is no such handler, unless the setting `error_on_missing_handler` makes it a warning. */
export function notifyHandlers(
  play: PlayContext,
  host: HostState,
  task: Task,
  extras: Extras,
): CutoverError | undefined {
  if (task.notify.length === 0) return undefined;
  const scope = scopeFor(play.run, { host, play, task, extras });
  const wanted = wantedNames(play, task, scope);
  const table = handlerTable(play, host);
  for (const { name, at } of wanted) {
    const found = called(table, name);
    if (found.length === 0) {
      const missing = new CutoverError('playbook', `there is no handler "${name}"`, {
        position: at ?? task.position,
        hint: didYouMean(name, [...table.names.keys(), ...table.topics.keys()]),
      });
      if (play.run.options.config.errorOnMissingHandler !== false) return missing;
      play.run.emit({ type: 'warning', message: missing.message, position: missing.position });
      continue;
    }
    for (const handler of found) {
      if (host.notified.has(handler.id)) continue;
      host.notified.add(handler.id);
      const { index } = play.play;
      play.run.emit({
        type: 'notified',
        host: host.name,
        play: index,
        id: handler.id,
        handler: name,
        task: task.id,
      });
    }
  }
  return undefined;
}

function wantedNames(play: PlayContext, task: Task, scope: LayeredScope) {
  return task.notify.flatMap((written) => {
    const value = play.run.templar.renderDeep(written.value, scope, { at: written.at });
    return (Array.isArray(value) ? value : [value]).map((name) => ({ name: String(name), at: written.at }));
  });
}

/** Gives the handlers that a task will notify when it has changed something, as far as that can be said before: for the record. */
export function foreseenHandlers(
  play: PlayContext,
  host: HostState,
  task: Task,
  scope: LayeredScope,
): readonly { readonly id: string; readonly handler: string }[] {
  if (task.notify.length === 0) return [];
  try {
    const table = handlerTable(play, host);
    return wantedNames(play, task, scope).flatMap(({ name }) =>
      called(table, name).map(({ id }) => ({ id, handler: name })),
    );
  } catch {
    // A name that depends on the result.
    return [];
  }
}

/** Gives the handlers that a name or topic calls in a play, as this host would. The name is as a run's log has it: what is secret in it is masked there. */
export function handlersDue(play: PlayContext, host: HostState, logged: string): readonly Handler[] {
  const { names, topics } = handlerTable(play, host);
  const isMeant = ([name]: readonly [string, unknown]) =>
    name === logged || play.run.secrets.mask(name) === logged;
  return [
    ...[...names].filter(isMeant).map(([, handler]) => handler),
    ...[...topics].filter(isMeant).flatMap(([, handlers]) => handlers),
  ];
}

interface HandlerTable {
  readonly names: ReadonlyMap<string, Handler>;
  readonly topics: ReadonlyMap<string, readonly Handler[]>;
}

function called({ names, topics }: HandlerTable, name: string): readonly Handler[] {
  const byName = names.get(name);
  return [...(byName ? [byName] : []), ...(topics.get(name) ?? [])];
}

function handlerTable(play: PlayContext, host: HostState): HandlerTable {
  const names = new Map<string, Handler>();
  const topics = new Map<string, Handler[]>();
  for (const handler of play.handlers) {
    const name = handlerName(play, host, handler);
    if (name !== undefined) {
      override(names, name, handler);
      if (handler.role) override(names, `${handler.role.name} : ${name}`, handler);
    }
    for (const topic of handler.listen) topics.set(topic, [...(topics.get(topic) ?? []), handler]);
  }
  return { names, topics };
}

/** Later lists (roles, blocks) override earlier ones; within a list the first of a name stays (measured with ansible-core 2.14). */
function override(names: Map<string, Handler>, name: string, handler: Handler): void {
  if (names.get(name)?.list !== handler.list) names.set(name, handler);
}

function handlerName(play: PlayContext, host: HostState, handler: Handler): string | undefined {
  if (handler.name === undefined) return undefined;
  if (!play.run.templar.isTemplate(handler.name.value)) return handler.name.value;
  try {
    const scope = scopeFor(play.run, { host, play, task: handler });
    return String(play.run.templar.renderDeep(handler.name.value, scope, { at: handler.name.at }));
  } catch {
    return undefined;
  }
}
