import type { ChangeOutcome } from '../../resources/index.ts';
import { commandFailure, type Ended, endedCommand, outputKeys } from '../command/result.ts';
import { preparedText, refusal, touchedPackages } from './simulation.ts';

/** Gives the keys of what apt-get wrote, or of why it could not be started. */
export function outputOf(outcomes: readonly ChangeOutcome[]): Record<string, unknown> {
  const ended = endedCommand(outcomes[0]);
  if (!ended) return commandFailure(outcomes);
  return ended.rc === 0 ? outputKeys(ended) : refusalKeys(ended);
}

/** The keys of a command that apt-get refused, also in a simulation. */
export function refusalKeys(ended: Ended): Record<string, unknown> {
  return { ...outputKeys(ended), failed: true, msg: refusal(ended.stderr, ended.rc) };
}

/** The key `diff` as Ansible has it: always there, with apt-get's own words where differences are asked for. */
export function diffKey(stdout: string, diffMode: boolean): { readonly diff: Record<string, string> } {
  const prepared = diffMode ? preparedText(stdout) : '';
  return { diff: prepared === '' ? {} : { prepared } };
}

/** The key `changed`, when the real run says whether it touched packages. */
export function touched(outcomes: readonly ChangeOutcome[]): Record<string, unknown> {
  const ended = endedCommand(outcomes[0]);
  const changed = ended && touchedPackages(ended.stdout);
  return changed === undefined ? {} : { changed };
}

/** Says why the lists of the sources could not be read: every error, as they may be many. */
export function updateRefusal(stderr: string): string {
  const errors = stderr.split('\n').filter((line) => line.startsWith('E: '));
  return `Failed to update apt cache: ${errors.map((line) => line.replace('E: ', 'E:')).join(', ')}`;
}
