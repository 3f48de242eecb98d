import type { z } from 'zod';
import { quote } from '../../resources/index.ts';
import { LISTS_MARK, LISTS_TIME } from './cache.ts';
import type { aptParams } from './params.ts';

type Params = z.infer<typeof aptParams>;

/** What one task makes apt do, as one script: a step that fails ends it. */
export function aptScript(
  given: Params,
  steps: { readonly update: boolean; readonly commands: readonly (readonly string[])[] },
): string {
  return [
    'set -e',
    ...(steps.update ? [updateLoop(given)] : []),
    ...(given.policy_rc_d === undefined ? [] : [POLICY]),
    ...steps.commands.map((argv) => argv.map(quote).join(' ')),
    '',
  ].join('\n');
}

/** Gives the lines that let apt read its lists. Mirrors are away for a moment now and then: the wait doubles up to a bound. */
export function updateLoop(
  given: Pick<Params, 'update_cache_retries' | 'update_cache_retry_max_delay'>,
): string {
  const longest = Math.max(1, given.update_cache_retry_max_delay);
  return `
tries=${Math.max(1, given.update_cache_retries)} pause=1
until apt-get -q -o APT::Update::Error-Mode=any update; do
  tries=$((tries - 1))
  if [ "$tries" -le 0 ]; then exit 100; fi
  sleep "$pause"
  pause=$((pause * 2))
  if [ "$pause" -gt ${longest} ]; then pause=${longest}; fi
done
echo "${LISTS_MARK}$(${LISTS_TIME})"`;
}

// invoke-rc.d(8) asks this program; 101 forbids what it was about to do.
const POLICY = `
policy=/usr/sbin/policy-rc.d
if [ -e "$policy" ]; then mv "$policy" "$policy.cutover"; fi
printf '#!/bin/sh\\nexit 101\\n' >"$policy"
chmod 755 "$policy"
restore() {
  rm -f "$policy"
  if [ -e "$policy.cutover" ]; then mv "$policy.cutover" "$policy"; fi
}
trap restore EXIT`;
