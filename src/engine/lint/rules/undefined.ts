import { didYouMean } from '../../../errors/index.ts';
import type { Role } from '../../../playbook/index.ts';
import { namesUsed } from '../../../template/index.ts';
import { isMapping } from '../../../values/index.ts';
import { varsFilesOf } from '../../paper/literal-files.ts';
import { lastingNames, takesAnything } from '../../paper/settable.ts';
import { newBatch } from '../../play/batch-context.ts';
import { scopeFor } from '../../variables/variables.ts';
import { type LintProblem, warning } from '../problem.ts';
import type { LintedPlay, Subject } from '../subject.ts';
import { type PlacedText, textsOfSubject } from '../texts.ts';

/** Names that exist in some places only, and that the engine gives there. */
const ELSEWHERE = ['item', 'role_name', 'role_path', 'before', 'result', 'environment', 'hostvars', 'vars'];

/**
 * Finds variables that nothing can define: no level, fact, result, loop or include. Says nothing when something may come from
 * where only a run can look, and nothing about variables whose absence some place provides for (`is defined`, `default`).
 */
export function* undefinedVariables(subject: Subject): Iterable<LintProblem> {
  if (!subject.hasInventory || subject.plays.some((play) => takesAnything(play, subject.readText))) return;
  const defined = new Set(subject.plays.flatMap((play) => [...definedIn(play, subject)]));
  const optional = new Set<string>();
  const used = new Map<string, PlacedText[]>();
  for (const text of textsOfSubject(subject)) {
    const { names, optional: provided } = namesUsed(text.text, text.as);
    for (const name of provided) optional.add(name);
    for (const name of names) used.set(name, [...(used.get(name) ?? []), text]);
  }
  for (const [name, places] of used) {
    if (defined.has(name) || optional.has(name) || name.startsWith('ansible_')) continue;
    const more = places.length > 1 ? `, and it is read in ${places.length} places` : '';
    yield warning('undefined-variable', `nothing defines "${name}"${more}`, {
      position: places[0]!.at,
      hint: didYouMean(name, defined),
    });
  }
}

function* definedIn(play: LintedPlay, subject: Subject): Iterable<string> {
  const { run, playbook } = subject;
  yield* ELSEWHERE;
  yield* namesWritten(play, subject);
  const context = newBatch({
    run,
    playbook,
    play: play.play,
    includes: NO_INCLUDES,
    allHosts: play.hosts,
  });
  yield* scopeFor(run, { host: run.nobody, play: context }).names();
}

/** Gives the names that the files around a play give a value: roles, variables, loops, tasks, inventory. */
export function* namesWritten(play: LintedPlay, { run, readText }: Subject): Iterable<string> {
  const roles = new Set(play.play.roles);
  for (const { node } of play.tasks) {
    for (const role of node.role ? [node.role, ...node.role.parents] : []) roles.add(role);
    if (node.loop) {
      yield node.loop.control.loopVar;
      if (node.loop.control.indexVar !== undefined) yield node.loop.control.indexVar;
    }
  }
  for (const role of roles) yield* ofRole(role);
  yield* lastingNames(play);
  for (const { name } of play.assignments) yield name;
  for (const { values } of varsFilesOf(play.play, readText).layers) yield* Object.keys(values);
  yield* Object.keys(play.play.vars.values);
  for (const host of run.inventory.hosts.keys())
    for (const { values } of run.inventory.layers(host, play.play.folder)) yield* Object.keys(values);
  for (const { values } of run.inventory.layers('localhost', play.play.folder)) yield* Object.keys(values);
}

/** What a role's argument specification names comes from its user. */
function* ofRole({ defaults, vars, params, argumentSpec }: Role): Iterable<string> {
  for (const { values } of [defaults, vars, params]) yield* Object.keys(values);
  if (isMapping(argumentSpec?.options)) yield* Object.keys(argumentSpec.options);
}

const NO_INCLUDES = {
  tasks: async () => ({ nodes: [], role: undefined, handlers: [], exposes: [] }),
  role: async () => ({ nodes: [], role: undefined, handlers: [], exposes: [] }),
};
