import { didYouMean } from '../../../errors/index.ts';
import { namesUsed } from '../../../template/index.ts';
import { type LintProblem, warning } from '../problem.ts';
import type { Subject } from '../subject.ts';
import { textsIn, textsOfSubject } from '../texts.ts';
import { namesWritten } from './undefined.ts';

/** Connections and the engine read these wherever they come from. */
const OWN = /^(?:ansible|cutover)_/;

/**
 * Finds variables given with `-e` that nothing reads or names, but whose name is almost that of one that is read: the misspelt
 * variable would leave the real one as it was, and nobody would see it. Says nothing where an include is open: it may read anything.
 */
export function* misspeltExtraVars(subject: Subject): Iterable<LintProblem> {
  const given = subject.run.options.extraVars.flatMap((values) => Object.keys(values));
  const doubtful = given.filter((name) => !OWN.test(name));
  if (doubtful.length === 0 || subject.plays.some(({ open }) => open.length > 0)) return;
  const written = new Set(subject.plays.flatMap((play) => [...namesWritten(play, subject)]));
  const read = namesRead(subject);
  for (const name of doubtful) {
    if (written.has(name) || read.has(name)) continue;
    const hint = didYouMean(name, new Set([...written, ...read]));
    if (hint !== undefined)
      yield warning('extra-variable', `-e ${name}: nothing reads a variable of that name`, {
        position: undefined,
        hint,
      });
  }
}

function namesRead(subject: Subject): Set<string> {
  const read = new Set<string>();
  const add = (text: string, as: 'text' | 'expression' | 'file') => {
    const { names, optional } = namesUsed(text, as);
    for (const name of [...names, ...optional]) read.add(name);
  };
  for (const { text, as } of textsOfSubject(subject)) add(text, as);
  for (const values of subject.run.options.extraVars)
    for (const { text, as } of textsIn(values, undefined)) add(text, as);
  for (const play of subject.plays)
    for (const host of [...subject.run.inventory.hosts.keys(), 'localhost'])
      for (const { values } of subject.run.inventory.layers(host, play.play.folder))
        for (const { text, as } of textsIn(values, undefined)) add(text, as);
  return read;
}
