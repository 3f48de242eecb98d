import { z } from 'zod';
import { type WaitSpec, waitFor } from '../../resources/index.ts';
import { isUnknown } from '../../values/index.ts';
import { answer, unknownPlan } from '../answer.ts';

import { fileFacts } from '../file-result.ts';

import { choice, integer, number, path, regex, strings, text } from '../params.ts';

import { defineModule } from '../types.ts';

const params = z
  .strictObject({
    host: text.default('127.0.0.1').describe('Name or address to look at, as seen from the target.'),
    port: integer.optional().describe('TCP port.'),
    path: path.optional().describe('A path on the target.'),
    state: choice('started', 'stopped', 'present', 'absent', 'drained')
      .default('started')
      .describe(
        'What to wait for: an open or closed port, no open connections, a path that is there or gone.',
      ),
    search_regex: regex
      .optional()
      .describe('Python regular expression of what the file must hold, or the port must send.'),
    timeout: number.default(300).describe('Seconds after which the task fails.'),
    delay: number.default(0).describe('Seconds before the first look.'),
    sleep: number.optional().describe('Seconds between two looks. Default: from 0.1 growing to 1.'),
    connect_timeout: number.default(5).describe('Seconds for one attempt to connect.'),
    msg: text.optional().describe('What to say when time is up.'),
    exclude_hosts: strings
      .default([])
      .describe('Remote addresses whose connections do not count for `drained`.'),
    active_connection_states: strings
      .default(['ESTABLISHED', 'FIN_WAIT1', 'FIN_WAIT2', 'SYN_RECV', 'SYN_SENT', 'TIME_WAIT'])
      .describe('States of TCP connections that count as open for `drained`.'),
  })
  .refine((given) => given.port === undefined || given.path === undefined, {
    message: 'takes either port or path, not both',
  })
  .refine((given) => given.state !== 'drained' || given.port !== undefined, {
    message: 'state drained needs a port',
  })
  .refine((given) => given.path === undefined || given.state !== 'stopped', {
    message: 'state stopped is for ports; for a path write absent',
  })
  .refine((given) => given.search_regex === undefined || !['stopped', 'drained'].includes(given.state), {
    message: 'search_regex makes sense only with started, present and absent',
  });

type Params = z.infer<typeof params>;

/** Waits until something on or near the target is as it should be. */
export default defineModule({
  name: 'wait_for',
  sideBySide: true,
  onlyAsks: () => true,
  summary: 'Waits for a port, a path, or a text in one, as seen from the target.',
  params,
  needs: (given) => (onlySleeps(given) ? [] : [waitFor(specOf(given))]),
  plan(given, seen) {
    const keys = { port: given.port, path: given.path, search_regex: given.search_regex, state: given.state };
    if (onlySleeps(given)) {
      return {
        changes: [],
        changed: false,
        effects: [{ kind: 'pause', seconds: given.timeout + given.delay }],
        result: () => ({
          ...keys,
          elapsed: Math.round(given.timeout + given.delay),
          match_groups: [],
          match_groupdict: {},
        }),
      };
    }
    const outcome = answer(seen, waitFor(specOf(given)));
    if (isUnknown(outcome)) return unknownPlan(outcome);
    const elapsed = Math.floor(outcome.elapsedMs / 1000);
    if (!outcome.ok) {
      return {
        changes: [],
        failed: given.msg ?? outcome.message ?? `Timeout when waiting for ${subject(given)}`,
        result: () => ({ elapsed }),
      };
    }
    return {
      changes: [],
      changed: false,
      result: () => ({
        ...keys,
        ...(outcome.file === undefined ? {} : fileFacts(outcome.file)),
        elapsed,
        match_groups: outcome.groups ?? [],
        match_groupdict: outcome.namedGroups ?? {},
      }),
    };
  },
});

function onlySleeps(given: Params): boolean {
  return given.port === undefined && given.path === undefined;
}

function subject(given: Params): string {
  return given.path ?? `${given.host}:${given.port}`;
}

function specOf(given: Params): WaitSpec {
  return {
    state: given.state,
    host: given.host,
    port: given.port,
    path: given.path,
    searchRegex: given.search_regex,
    timeoutMs: given.timeout * 1000,
    delayMs: given.delay * 1000,
    ...(given.sleep === undefined ? {} : { sleepMs: given.sleep * 1000 }),
    connectTimeoutMs: given.connect_timeout * 1000,
    excludeHosts: given.exclude_hosts,
    activeConnectionStates: given.active_connection_states,
    message: given.msg,
  };
}
