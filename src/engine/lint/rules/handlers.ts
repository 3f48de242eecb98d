import { didYouMean, type SourcePosition } from '../../../errors/index.ts';
import type { Handler } from '../../../playbook/index.ts';
import { hasTemplate } from '../../paper/literal-files.ts';
import { type LintProblem, warning } from '../problem.ts';
import type { LintedPlay, Subject } from '../subject.ts';

/** Finds notifications that no handler answers, and handlers that nothing notifies in any play. */
export function* handlers({ plays }: Subject): Iterable<LintProblem> {
  const answered = new Set<string>();
  for (const play of plays) {
    const notified = notificationsOf(play);
    yield* unanswered(play, notified);
    for (const handler of play.handlers) {
      const names = namesOf(handler);
      if (notified.some(({ name }) => names.some((own) => fits(own, name)))) answered.add(placeOf(handler));
    }
  }
  const seen = new Set<string>();
  for (const handler of plays.flatMap((play) => play.handlers)) {
    const place = placeOf(handler);
    if (answered.has(place) || seen.has(place)) continue;
    seen.add(place);
    const name = handler.name?.value ?? handler.writtenModule;
    yield warning('unused-handler', `nothing notifies the handler "${name}"`, { position: handler.position });
  }
}

interface Notification {
  readonly name: string;
  readonly at: SourcePosition | undefined;
}

/** A list of a block is shared by its tasks, so the same notification counts once. */
function notificationsOf({ tasks }: LintedPlay): readonly Notification[] {
  const written = new Set(tasks.flatMap(({ node }) => node.notify));
  return [...written].flatMap(({ value, at }) =>
    (Array.isArray(value) ? value : [value]).map((name) => ({ name: String(name), at })),
  );
}

function* unanswered(play: LintedPlay, notified: readonly Notification[]): Iterable<LintProblem> {
  // What a host decides to include may bring handlers.
  if (play.open.length > 0) return;
  const names = play.handlers.flatMap(namesOf);
  for (const { name, at } of notified) {
    if (hasTemplate(name) || names.some((own) => fits(own, name))) continue;
    yield warning('missing-handler', `there is no handler "${name}"`, {
      position: at,
      hint: didYouMean(name, names),
    });
  }
}

function namesOf(handler: Handler): readonly string[] {
  const own = handler.name === undefined ? [] : [handler.name.value];
  const ofRole = handler.role ? own.map((name) => `${handler.role!.name} : ${name}`) : [];
  return [...own, ...ofRole, ...handler.listen];
}

/** Templates in either name may give anything. */
function fits(own: string, name: string): boolean {
  return own === name || patternOf(own).test(name) || patternOf(name).test(own);
}

function patternOf(name: string): RegExp {
  const parts = name
    .split(/\{\{.*?\}\}|\{%.*?%\}/s)
    .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`, 's');
}

function placeOf({ position }: Handler): string {
  return `${position.file}:${position.line}:${position.column}`;
}
