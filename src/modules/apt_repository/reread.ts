import {
  type Change,
  type ChangeOutcome,
  type FileContent,
  quote,
  runCommand,
} from '../../resources/index.ts';
import { updateLoop } from '../apt/script.ts';
import { APT_ENVIRONMENT, refusal } from '../apt/simulation.ts';
import { endedCommand } from '../command/result.ts';

/**
 * Gives the change that lets apt read the lists of its sources. When it cannot, the files are put back as they were, because
 * with sources that cannot be read apt does nothing at all any more: not for this repository, not for any other.
 */
export function readSources(
  given: { readonly update_cache_retries: number; readonly update_cache_retry_max_delay: number },
  edits: readonly { readonly file: FileContent }[],
): Change {
  const script = `put_back() {
${edits.map(({ file }) => restoring(file)).join('\n')}
}
trap 'if [ $? != 0 ]; then put_back; fi' EXIT
${updateLoop(given)}
`;
  return runCommand(
    { script, env: APT_ENVIRONMENT },
    { undo: 'irreversible', summary: 'update package lists' },
  );
}

/** The keys of a task whose sources apt could not read: nothing is left of it. */
export function updateFailure(outcomes: readonly ChangeOutcome[]): Record<string, unknown> {
  const ended = endedCommand(outcomes.find(({ change }) => change.resource === 'command'));
  if (!ended || ended.rc === 0) return {};
  const why = refusal(ended.stderr, ended.rc);
  const msg = `Failed to update apt cache: ${why}; the sources are as before`;
  return { failed: true, changed: false, sources_added: [], sources_removed: [], msg };
}

function restoring(before: FileContent): string {
  const path = quote(before.realPath ?? before.path);
  if (before.type === 'absent') return `rm -f ${path}`;
  const mode = before.mode!.toString(8);
  return [
    `part=${path}.cutover`,
    `(umask 077 && printf %s ${quote(before.bytes?.toString('utf8') ?? '')} >"$part")`,
    `chown ${before.uid}:${before.gid} "$part"; chmod 0${mode} "$part"; mv -f "$part" ${path}`,
  ].join('\n');
}
