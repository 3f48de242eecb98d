import { boolean, choice, text, withAliases } from '../params.ts';

const field = (what: string) =>
  text
    .default('*')
    .refine((value) => /^[^\s]+$/.test(value), 'must be one word')
    .describe(`${what}, as in crontab(5).`);

/** Which table a module edits, and whether what was there is kept. */
export const tableParams = {
  user: text.optional().describe('Whose table it is. Default: who the task runs as, root for a file.'),
  cron_file: text
    .transform((name) => name || undefined)
    .optional()
    .describe('A file in /etc/cron.d, or its path, instead of the table of a user.'),
  backup: boolean
    .default(false)
    .describe('Keep the table that was there before in the run on the controller.'),
} as const;

/** What the `cron` module takes. */
export const cronParams = withAliases(
  { value: 'job', dom: 'day', dow: 'weekday' },
  {
    name: text.describe(
      'What the entry is known by: kept in a comment above it, or the variable with `env`.',
    ),
    job: text.optional().describe('The command, or the value of the variable with `env`.'),
    state: choice('present', 'absent').default('present').describe('Whether there shall be such an entry.'),
    ...tableParams,
    env: boolean.default(false).describe('The entry is an environment variable.'),
    insertafter: text.optional().describe('With `env`: put it after this variable.'),
    insertbefore: text.optional().describe('With `env`: put it before this variable.'),
    minute: field('Minute'),
    hour: field('Hour'),
    day: field('Day of the month'),
    month: field('Month'),
    weekday: field('Day of the week'),
    special_time: choice('annually', 'daily', 'hourly', 'monthly', 'reboot', 'weekly', 'yearly')
      .optional()
      .describe('A nickname instead of the five fields.'),
    disabled: boolean.default(false).describe('Keep the entry as a comment.'),
  },
)
  .refine((given) => given.state === 'absent' || given.job !== undefined, {
    message: 'needs the parameter "job"',
  })
  .refine((given) => !given.job?.includes('\n') && !given.name.includes('\n'), {
    message: 'job and name must be on one line',
  })
  .refine(
    (given) =>
      given.special_time === undefined ||
      [given.minute, given.hour, given.day, given.month, given.weekday].every((value) => value === '*'),
    { message: 'takes either special_time or the time fields, not both' },
  )
  .refine((given) => given.env || (given.insertafter === undefined && given.insertbefore === undefined), {
    message: 'insertafter and insertbefore are for env',
  });
