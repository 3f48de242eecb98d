import { CutoverError, didYouMean } from '../errors/index.ts';
import type { Handler, Task } from '../playbook/index.ts';
import type { PlayContext } from './context.ts';
import type { HostState } from './host.ts';
import type { Extras } from './task-outcome.ts';
import { scopeFor } from './variables.ts';

/** Marks the handlers that a changed task names, by name or by what they listen to. Gives the error when there is no such handler, unless the setting `error_on_missing_handler` makes it a warning. */
export function notifyHandlers(
  play: PlayContext,
  host: HostState,
  task: Task,
  extras: Extras,
): CutoverError | undefined {
  if (task.notify.length === 0) return undefined;
  const scope = scopeFor(play.run, { host, play, task, extras });
  const wanted = task.notify.flatMap((written) => {
    const value = play.run.templar.renderDeep(written.value, scope, { at: written.at });
    return (Array.isArray(value) ? value : [value]).map((name) => ({ name: String(name), at: written.at }));
  });
  const names = new Map<string, Handler>();
  const topics = new Map<string, Handler[]>();
  for (const handler of play.handlers) {
    const name = handlerName(play, host, handler);
    // The last handler of a name wins, as later roles override earlier ones.
    if (name !== undefined) {
      names.set(name, handler);
      if (handler.role) names.set(`${handler.role.name} : ${name}`, handler);
    }
    for (const topic of handler.listen) topics.set(topic, [...(topics.get(topic) ?? []), handler]);
  }
  for (const { name, at } of wanted) {
    const byName = names.get(name);
    const found = [...(byName ? [byName] : []), ...(topics.get(name) ?? [])];
    if (found.length === 0) {
      const missing = new CutoverError('playbook', `there is no handler "${name}"`, {
        position: at ?? task.position,
        hint: didYouMean(name, [...names.keys(), ...topics.keys()]),
      });
      if (play.run.options.config.errorOnMissingHandler !== false) return missing;
      play.run.emit({ type: 'warning', message: missing.message, position: missing.position });
      continue;
    }
    for (const handler of found) {
      if (host.notified.has(handler.id)) continue;
      host.notified.add(handler.id);
      play.run.emit({ type: 'notified', host: host.name, handler: name, task: task.id });
    }
  }
  return undefined;
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
