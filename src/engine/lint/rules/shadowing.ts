import { isDeepStrictEqual } from 'node:util';
import { formatPosition, type SourcePosition } from '../../../errors/index.ts';
import { variablePosition } from '../../../inventory/index.ts';
import { positionOf } from '../../../source/index.ts';
import { varsFilesOf } from '../../paper/literal-files.ts';
import { type LintProblem, warning } from '../problem.ts';
import type { LintedPlay, Subject } from '../subject.ts';

/** Variables of one level that hold in a whole play. */
interface Layer {
  readonly level: string;
  readonly values: Readonly<Record<string, unknown>>;
  at(name: string): SourcePosition | undefined;
}

/**
 * Finds variables that have no effect because a stronger level sets them for the whole play, and facts that hide variables of
 * roles. Not the ways in which levels are meant to be used: defaults that anything overrides, hosts that override groups.
 */
export function* shadowedVariables(subject: Subject): Iterable<LintProblem> {
  const seen = new Set<string>();
  for (const play of subject.plays) {
    for (const problem of [...hiddenByLevels(play, subject), ...hiddenByFacts(play)]) {
      const key = `${problem.position ? formatPosition(problem.position) : ''} ${problem.message}`;
      if (!seen.has(key)) yield problem;
      seen.add(key);
    }
  }
}

function* hiddenByLevels(play: LintedPlay, subject: Subject): Iterable<LintProblem> {
  const strong = playLayers(play, subject);
  for (const [index, stronger] of strong.entries()) {
    const weaker = [...strong.slice(index + 1), ...hostLayers(play, subject)];
    for (const name of Object.keys(stronger.values)) {
      if (name.startsWith('ansible_')) continue;
      for (const one of weaker) {
        if (one.level === stronger.level || !differs(name, one, stronger)) continue;
        yield warning('shadowed-variable', `"${name}" has no effect here: ${stronger.level} are stronger`, {
          position: one.at(name),
          hint: whereElse(stronger.at(name)),
        });
      }
    }
  }
}

/** What holds for all hosts of a play, strongest first. */
function playLayers({ play }: LintedPlay, { readText }: Subject): readonly Layer[] {
  return [
    ...play.roles.map(({ vars }) => layer('role vars', vars.values)),
    ...varsFilesOf(play, readText)
      .layers.toReversed()
      .map(({ values }) => layer('vars_files', values)),
    layer('play vars', play.vars.values),
  ];
}

function hostLayers({ play, hosts }: LintedPlay, { run }: Subject): readonly Layer[] {
  const layers = new Set(hosts.flatMap((host) => run.inventory.layers(host, play.folder)));
  const values = new Map([...layers].map((one) => [one.values, one] as const));
  return [...values.values()].map((one) => ({
    level: one.level,
    values: one.values,
    at: (name) => variablePosition(one, name),
  }));
}

function* hiddenByFacts({ play, tasks, assignments }: LintedPlay): Iterable<LintProblem> {
  const roles = new Set([...play.roles, ...tasks.flatMap(({ node }) => node.role ?? [])]);
  for (const { name, level, position } of assignments) {
    if (level !== 'set_fact' && level !== 'register') continue;
    for (const role of roles) {
      if (!Object.hasOwn(role.vars.values, name)) continue;
      yield warning(
        'shadowed-variable',
        `${level} "${name}" hides the variable of the role "${role.name}" for the rest of the run`,
        { position, hint: whereElse(layer('role vars', role.vars.values).at(name)) },
      );
    }
  }
}

function differs(name: string, weaker: Layer, stronger: Layer): boolean {
  return Object.hasOwn(weaker.values, name) && !isDeepStrictEqual(weaker.values[name], stronger.values[name]);
}

function layer(level: string, values: Readonly<Record<string, unknown>>): Layer {
  return { level, values, at: (name) => positionOf(values, name, 'key') };
}

function whereElse(position: SourcePosition | undefined): string | undefined {
  return position && `see ${formatPosition(position)}`;
}
