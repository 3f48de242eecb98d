import { CutoverError } from '../../errors/index.ts';
import type { PatternMatch } from '../../inventory/index.ts';
import type { Play } from '../../playbook/index.ts';
import { isMapping } from '../../values/index.ts';
import type { RunContext } from '../context.ts';
import { scopeFor } from '../variables/variables.ts';

/** Gives the pattern of a play's hosts. Throws CutoverError. */
export function renderPattern(run: RunContext, play: Play): string {
  const value = run.templar.renderDeep(play.hosts.value, extraScope(run, play), { at: play.hosts.at });
  if (Array.isArray(value)) return value.map(String).join(',');
  if (typeof value === 'string' && value.trim() !== '') return value;
  throw new CutoverError(
    'playbook',
    `hosts must be a pattern, not ${isMapping(value) ? 'a mapping' : JSON.stringify(value)}`,
    { position: play.hosts.at },
  );
}

/** Gives the hosts that a play means now, within the limit of the run. Throws CutoverError for what is no pattern. */
export function matchPlay(run: RunContext, play: Play): PatternMatch {
  const { limit } = run.options;
  return run.inventory.match(renderPattern(run, play), limit === undefined ? {} : { limit });
}

/** The variables that a play's own keywords may use: there is no host yet. */
export function extraScope(run: RunContext, play: Play) {
  return scopeFor(run, { host: run.nobody, extras: [] }).below([
    { values: play.vars.values, final: false, origin: 'play vars' },
  ]);
}
