/** Every text of a play that may hold a template or an expression, with its place. */
import type { SourcePosition } from '../../errors/index.ts';
import type { Become, Condition, Include, Play, Task, VarsLayer, Written } from '../../playbook/index.ts';
import { positionOf } from '../../source/index.ts';
import { isMapping } from '../../values/index.ts';
import { candidateFiles } from '../paper/literal-files.ts';
import type { SurveyedPlay } from '../paper/survey.ts';
import { searchFolders } from '../task/files.ts';
import type { Subject } from './subject.ts';

/** A text and how it is to be read. */
export interface PlacedText {
  readonly text: string;
  readonly as: 'text' | 'expression' | 'file';
  readonly at: SourcePosition | undefined;
}

/** Gives the texts of the play itself and of all its tasks. */
export function* textsOfPlay(survey: SurveyedPlay): Iterable<PlacedText> {
  yield* ofPlay(survey.play);
  const seen = new Set<object>();
  for (const { node } of survey.tasks) yield* ofTask(node, seen);
}

/** Gives the template files that the tasks of a play name. */
export function* templateTexts(
  survey: SurveyedPlay,
  readText: (path: string) => string,
): Iterable<PlacedText> {
  const seen = new Set<string>();
  for (const { node } of survey.tasks) {
    if (node.kind !== 'task' || node.module !== 'template' || typeof node.args.src !== 'string') continue;
    const folders = searchFolders('templates', node.role, node.position.file, survey.play.folder);
    for (const path of candidateFiles(node.args.src, folders)) {
      if (seen.has(path)) continue;
      seen.add(path);
      const text = quietly(() => readText(path));
      if (text !== undefined) yield { text, as: 'file', at: { file: path, line: 1, column: 1 } };
    }
  }
}

/** Gives the texts of all plays and of the template files that they name. */
export function* textsOfSubject({
  plays,
  readText,
}: Pick<Subject, 'plays' | 'readText'>): Iterable<PlacedText> {
  for (const play of plays) {
    yield* textsOfPlay(play);
    yield* templateTexts(play, readText);
  }
}

/** Gives the texts inside a value. */
export function* textsIn(value: unknown, at: SourcePosition | undefined): Iterable<PlacedText> {
  if (typeof value === 'string') yield { text: value, as: 'text', at };
  else if (Array.isArray(value))
    for (const [index, item] of value.entries()) yield* textsIn(item, positionOf(value, index) ?? at);
  else if (isMapping(value))
    for (const [key, item] of Object.entries(value)) {
      yield { text: key, as: 'text', at: positionOf(value, key, 'key') ?? at };
      yield* textsIn(item, positionOf(value, key) ?? at);
    }
}

function* ofPlay(play: Play): Iterable<PlacedText> {
  yield* ofLayer(play.vars);
  for (const value of Object.values(play)) if (isWritten(value)) yield* textsIn(value.value, value.at);
  for (const written of play.varsFiles) yield* textsIn(written.value, written.at);
  yield* ofBecome(play.become);
}

/** Lists that come from blocks are shared by their tasks: each counts once. */
function* ofTask(node: Task | Include, seen: Set<object>): Iterable<PlacedText> {
  const fresh = <T extends object>(list: readonly T[] | undefined) =>
    (list ?? []).filter((one) => !seen.has(one) && seen.add(one));
  for (const layer of fresh(node.vars)) yield* ofLayer(layer);
  yield* ofConditions(fresh(node.when));
  for (const written of fresh([...node.environment, ...node.notify, ...node.moduleDefaults]))
    yield* textsIn(written.value, written.at);
  const keywords = Object.values(node).filter(isWritten);
  for (const written of fresh(keywords)) yield* textsIn(written.value, written.at);
  if (!seen.has(node.become)) yield* ofBecome(node.become);
  seen.add(node.become);
  if (node.loop) {
    yield* textsIn(node.loop.value, node.loop.at);
    for (const value of Object.values(node.loop.control))
      if (isWritten(value)) yield* textsIn(value.value, value.at);
  }
  if (node.kind === 'task') {
    for (const list of [node.changedWhen, node.failedWhen, node.until]) yield* ofConditions(list ?? []);
  }
  yield* ofArguments(node);
}

/** `assert` and `debug: var=` take expressions where others take texts. */
function* ofArguments(node: Task | Include): Iterable<PlacedText> {
  const expressions = node.kind === 'task' ? { assert: 'that', debug: 'var' }[node.module] : undefined;
  for (const [name, value] of Object.entries(node.args)) {
    const at = positionOf(node.args, name) ?? node.argsAt;
    if (name !== expressions) yield* textsIn(value, at);
    else for (const one of Array.isArray(value) ? value : [value]) yield* expression(one, at);
  }
}

function* ofLayer(layer: VarsLayer): Iterable<PlacedText> {
  for (const [name, value] of Object.entries(layer.values))
    yield* textsIn(value, positionOf(layer.values, name));
}

function* ofBecome(become: Become): Iterable<PlacedText> {
  for (const value of Object.values(become)) if (isWritten(value)) yield* textsIn(value.value, value.at);
}

function* ofConditions(conditions: readonly Condition[]): Iterable<PlacedText> {
  for (const { value, at } of conditions) yield* expression(value, at);
}

function* expression(value: unknown, at: SourcePosition | undefined): Iterable<PlacedText> {
  if (typeof value === 'string') yield { text: value, as: value.includes('{{') ? 'text' : 'expression', at };
}

function isWritten(value: unknown): value is Written {
  return isMapping(value) && 'value' in value && 'at' in value && Object.keys(value).length === 2;
}

function quietly<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}
