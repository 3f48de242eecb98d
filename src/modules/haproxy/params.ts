import { z } from 'zod';
import { boolean, choice, integer, path, text } from '../params.ts';

const count = integer.refine((value) => value >= 0, 'must not be below 0');

/** What the `haproxy` module takes. */
export const haproxyParams = z.strictObject({
  host: text.describe('Name of the server in the backend.'),
  state: choice('enabled', 'disabled', 'drain').describe(
    'In rotation, in maintenance, or only for the sessions that it has.',
  ),
  backend: text.optional().describe('The backend; without it, all that have the server.'),
  socket: path
    .default('/var/run/haproxy.sock')
    .describe('The stats socket of haproxy; it must be one with `level admin`.'),
  weight: text
    .refine(
      (weight) => weight === '' || /^\d+%$/.test(weight) || (/^\d+$/.test(weight) && Number(weight) <= 256),
      'must be a number between 0 and 256, or one with % behind',
    )
    .optional()
    .describe('Weight with `enabled`: 0 to 256, or with % a part of the weight in the configuration.'),
  wait: boolean.default(false).describe('Wait until the status is `UP`, `MAINT` or `DRAIN`.'),
  wait_retries: count.default(25).describe('How often to look at the status.'),
  wait_interval: count.default(5).describe('Seconds from one look to the next.'),
  drain: boolean
    .default(false)
    .describe('With `wait`: drain the server, and go on only when it has no sessions any more.'),
  shutdown_sessions: boolean
    .default(false)
    .describe('With `disabled`: end the sessions of the server; not with `drain`.'),
  health: boolean.default(false).describe('Begin or end health checks too.'),
  agent: boolean.default(false).describe('Begin or end the checks by an agent too.'),
  fail_on_not_found: boolean.default(false).describe('Fail when there is no such server.'),
});

/** The parameters as the module gets them. */
export type Params = z.output<typeof haproxyParams>;
