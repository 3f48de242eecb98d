import { positionOf } from '../source/index.ts';
import { isMapping } from '../values/index.ts';
import { LOOP_FORMS } from './keywords.ts';
import { hasTemplate, kindOf, type Reading, suggest, written } from './reading.ts';
import { checkConditions, checkName, conditions } from './shapes.ts';
import type { LoopSpec } from './types.ts';

const CONTROLS = ['loop_var', 'index_var', 'label', 'pause', 'extended', 'extended_allitems', 'break_when'];

type Data = Readonly<Record<string, unknown>>;

/** Reads `loop` or `with_*` of a task; undefined when it has none. `expected`: the playbook says what happens when the task fails, so a `loop` over no list is told, and left to it. */
export function readLoop(reading: Reading, data: Data, expected = false): LoopSpec | undefined {
  const keys = Object.keys(data).filter((key) => key === 'loop' || key.startsWith('with_'));
  const [key, second] = keys;
  if (key === undefined) return undefined;
  if (second !== undefined) {
    reading.fail(`two loops in one task: ${key} and ${second}`, positionOf(data, second, 'key'));
    return undefined;
  }
  const value = data[key];
  const at = positionOf(data, key);
  const kind = key === 'loop' ? 'loop' : loopForm(key.slice('with_'.length));
  if (kind !== 'loop' && !LOOP_FORMS.includes(kind)) {
    reading.fail(
      `"${key}" is not a known loop`,
      positionOf(data, key, 'key'),
      suggest(
        key,
        LOOP_FORMS.map((form) => `with_${form}`),
      ),
    );
    return undefined;
  }
  if (value === null || (kind === 'loop' && !isList(value))) {
    const problem = `"${key}" must be a list, not ${kindOf(value)}`;
    if (value === null || !expected) {
      reading.fail(problem, at, 'write a list, or a template that gives one');
      return undefined;
    }
    reading.warn(problem, at);
  }
  reading.templates(value, at);
  return { kind, value, at, folder: folderOf(Object.keys(data)), control: readControl(reading, data) };
}

/** Where files for the module of a task are kept. */
function folderOf(keys: readonly string[]): LoopSpec['folder'] {
  const names = keys.map((key) => key.slice(key.lastIndexOf('.') + 1));
  if (names.includes('template')) return 'templates';
  return names.includes('include_vars') ? 'vars' : 'files';
}

/** A few forms live in collections. */
function loopForm(name: string): string {
  return name.replace(/^(?:ansible\.builtin|ansible\.legacy|community\.general)\./, '');
}

function isList(value: unknown): boolean {
  return Array.isArray(value) || (typeof value === 'string' && hasTemplate(value));
}

function readControl(reading: Reading, data: Data): LoopSpec['control'] {
  const control = isMapping(data.loop_control) ? data.loop_control : {};
  for (const key of Object.keys(control)) {
    if (CONTROLS.includes(key)) continue;
    reading.fail(
      `"${key}" is not a keyword of loop_control`,
      positionOf(control, key, 'key'),
      suggest(key, CONTROLS),
    );
  }
  for (const key of ['loop_var', 'index_var']) {
    if (control[key] === undefined) continue;
    if (typeof control[key] === 'string' && hasTemplate(control[key]))
      reading.templates(control[key], positionOf(control, key));
    else checkName(reading, control[key], positionOf(control, key));
  }
  const breakWhen = isMapping(control.break_when) ? undefined : conditions(control, 'break_when', undefined);
  if (isMapping(control.break_when))
    reading.fail('"break_when" must be a condition, not a mapping', positionOf(control, 'break_when'));
  checkConditions(reading, breakWhen ?? [], 'break_when');
  return {
    loopVar: typeof control.loop_var === 'string' ? control.loop_var : 'item',
    indexVar: typeof control.index_var === 'string' ? control.index_var : undefined,
    label: written(control, 'label'),
    pause: written(control, 'pause'),
    breakWhen,
    extended: isTrue(control.extended),
    extendedAllItems: control.extended_allitems === undefined || isTrue(control.extended_allitems),
  };
}

function isTrue(value: unknown): boolean {
  return value === true || /^(?:yes|true|on|1)$/i.test(String(value));
}
