import { CutoverError } from '../../errors/index.ts';
import { defaultsFor, defaultsIn, type Task } from '../../playbook/index.ts';
import type { Secrets } from '../../secrets/index.ts';
import { pythonText } from '../../template/index.ts';
import { filterMapping, isMapping, isOmit, mapValues, OMIT, UnsafeText } from '../../values/index.ts';
import type { PlayContext } from '../context.ts';
import type { LayeredScope } from '../variables/scope.ts';

/** Gives the rendered arguments with module defaults below them; `omit` takes an argument out. */
export function renderArguments(play: PlayContext, task: Task, scope: LayeredScope): Record<string, unknown> {
  const { templar } = play.run;
  let merged: Record<string, unknown> = {};
  for (const written of task.moduleDefaults) {
    const all = templar.renderDeep(written.value, scope, { at: written.at });
    // The innermost that names the module replaces those around it.
    const own = defaultsIn(all).findLast((each) => defaultsFor(each, task));
    if (own) merged = { ...defaultsFor(own, task) };
  }
  let own: Readonly<Record<string, unknown>> = task.args;
  if (Object.hasOwn(own, '_variable')) {
    const { _variable: variable, ...rest } = own;
    const value = templar.renderDeep(variable, scope, { at: task.argsAt });
    if (!isMapping(value))
      throw new CutoverError('playbook', `the arguments of "${task.writtenModule}" must be a mapping`, {
        position: task.argsAt,
      });
    own = { ...value, ...rest };
  }
  // These are expressions: the module evaluates them, and their values must not be evaluated again.
  const asWritten = task.module === 'assert' ? 'that' : task.module === 'debug' ? 'var' : undefined;
  for (const [written, value] of Object.entries(own)) {
    // Names of facts may be templates; other arguments have names that are known.
    const name =
      task.module === 'set_fact' ? String(templar.renderDeep(written, scope, { at: task.argsAt })) : written;
    const rendered = name === asWritten ? value : templar.renderDeep(value, scope, { at: task.argsAt });
    if (!isOmit(rendered)) merged[name] = withoutOmitted(rendered);
    else delete merged[name];
  }
  // Out of a variable or of defaults comes a text, no expression of the playbook.
  if (task.module === 'debug' && typeof merged.var === 'string' && merged.var !== task.args.var)
    merged.var = new UnsafeText(merged.var);
  return merged;
}

/** Keys and items that are `omit` deeper inside go too. */
function withoutOmitted(value: unknown): unknown {
  if (Array.isArray(value))
    return value.some(isOmit) || value.some(isMapping)
      ? value.filter((item) => !isOmit(item)).map(withoutOmitted)
      : value;
  if (!isMapping(value)) return value;
  return mapValues(
    filterMapping(value, (item) => !isOmit(item)),
    withoutOmitted,
  );
}

const GATHERING = ['setup', 'gather_facts'];

/** What is made from facts about the environment (`PATH: '{{ ansible_env.PATH }}:/opt/bin'`) is not there yet while these are gathered. */
function beforeFacts(written: unknown, render: (value: unknown) => unknown): unknown {
  if (Array.isArray(written)) return written.flatMap((part) => [beforeFacts(part, render)].flat());
  if (isMapping(written)) return mapValues(written, (item) => beforeFacts(item, render));
  try {
    return render(written);
  } catch (error) {
    if (error instanceof CutoverError && /'ansible_env'/.test(error.message)) return OMIT;
    throw error;
  }
}

/** Gives the environment that a play and a task name, the task's own above. Throws CutoverError. */
export function renderEnvironment(
  play: PlayContext,
  task: Task,
  scope: LayeredScope,
): Readonly<Record<string, string>> {
  const environment: Record<string, string> = {};
  // Ansible gives nothing to a command that is sent as it is.
  if (task.module === 'raw') return environment;
  for (const written of [play.play.environment, ...task.environment]) {
    if (written === undefined) continue;
    const render = (value: unknown) => play.run.templar.renderDeep(value, scope, { at: written.at });
    const value = GATHERING.includes(task.module)
      ? beforeFacts(written.value, render)
      : render(written.value);
    for (const part of Array.isArray(value) ? value : [value]) {
      if (isOmit(part) || part === null || part === '') continue;
      if (!isMapping(part))
        throw new CutoverError('playbook', 'environment must be a mapping of names to values', {
          position: written.at,
        });
      // As Python writes it, which is what Ansible hands over.
      for (const [name, item] of Object.entries(part))
        if (!isOmit(item)) environment[name] = pythonText(item);
    }
  }
  return environment;
}

/** Arguments that are passwords by their name are secrets, wherever their values came from; so is the password in a URL. */
export function learnSecrets(args: Readonly<Record<string, unknown>>, secrets: Secrets): void {
  for (const [name, value] of Object.entries(args)) {
    if (typeof value !== 'string') continue;
    if (/(?:^|_)(?:password|passwd|passphrase|token|secret)$/.test(name)) secrets.add(value);
    const [, inUrl] = /^[a-z][a-z0-9+.-]*:\/\/[^/?#:@]*:([^/?#]+)@/i.exec(value) ?? [];
    if (inUrl !== undefined) secrets.add([inUrl, decoded(inUrl)]);
  }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
