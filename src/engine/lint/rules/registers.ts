import type { SourcePosition } from '../../../errors/index.ts';
import { type LintProblem, warning } from '../problem.ts';
import type { Subject } from '../subject.ts';
import { templateTexts, textsIn, textsOfPlay } from '../texts.ts';

/** Finds results that are registered and that nothing reads. A name that begins with `_` says that nobody will. */
export function* unusedRegisters(subject: Subject): Iterable<LintProblem> {
  const registered = new Map<string, SourcePosition>();
  for (const { tasks } of subject.plays) {
    for (const { node } of tasks) {
      if (node.register === undefined || node.register.startsWith('_')) continue;
      if (!registered.has(node.register)) registered.set(node.register, node.position);
    }
  }
  // What a host decides to include may read anything.
  if (registered.size === 0 || subject.plays.some(({ open }) => open.length > 0)) return;
  const words = new Set<string>();
  for (const text of everyText(subject)) for (const [word] of text.matchAll(/[A-Za-z_]\w*/g)) words.add(word);
  if (words.has('varnames')) return;
  for (const [name, position] of registered) {
    if (words.has(name)) continue;
    yield warning('unused-register', `nothing reads the registered variable "${name}"`, { position });
  }
}

/** Every text in which a variable could be named, as a variable or as a word (`vars['x']`, `hostvars[host].x`). */
function* everyText({ plays, run, readText }: Subject): Iterable<string> {
  for (const play of plays) {
    for (const { text } of textsOfPlay(play)) yield text;
    for (const { text } of templateTexts(play, readText)) yield text;
    for (const { written } of play.assignments)
      for (const { text } of textsIn(written, undefined)) yield text;
    const roles = play.play.roles.flatMap((role) => [role.defaults, role.vars, role.params]);
    const layers = [...roles, ...play.hosts.flatMap((host) => run.inventory.layers(host, play.play.folder))];
    for (const { values } of new Set(layers)) for (const { text } of textsIn(values, undefined)) yield text;
  }
}
