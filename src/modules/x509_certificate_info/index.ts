import type { z } from 'zod';
import { fileContent } from '../../resources/index.ts';
import { isUnknown, Unknown } from '../../values/index.ts';
import { answer, unknownPlan } from '../answer.ts';
import { choice, mapping, path, text, withAliases } from '../params.ts';
import { defineModule, type Plan } from '../types.ts';
import { certificateKeys } from './certificate.ts';
import { moment, stamp } from './moment.ts';

const params = withAliases(
  {},
  {
    path: path.optional().describe('The certificate, on the target.'),
    content: text.optional().describe('The certificate itself.'),
    valid_at: mapping
      .superRefine((given, refine) => {
        for (const [name, time] of Object.entries(given))
          if (moment(String(time), 0) === undefined)
            refine.addIssue({ code: 'custom', message: `has no time at "${name}": ${String(time)}` });
      })
      .optional()
      .describe('Names of points in time, as `+3w` or `20301231235959Z`: is it valid then?'),
    name_encoding: choice('ignore', 'idna', 'unicode')
      .default('ignore')
      .describe('Accepted; names are told as they are written.'),
    select_crypto_backend: choice('auto', 'cryptography')
      .default('auto')
      .describe('Accepted; it is read on the controller.'),
  },
).superRefine((given, refine) => {
  if ((given.path === undefined) === (given.content === undefined))
    refine.addIssue({ code: 'custom', message: 'needs either path or content' });
});

/** What a certificate says. Nothing but its bytes is asked of the target. */
export default defineModule({
  name: 'x509_certificate_info',
  summary: 'Tells what a certificate says.',
  params,
  needs: (given) => (given.path === undefined ? [] : [fileContent(given.path, { follow: true })]),
  plan(given, seen, { checkMode, startedAt }): Plan {
    if (given.content !== undefined) return told(given, given.content, startedAt);
    const file = answer(seen, fileContent(given.path!, { follow: true }));
    if (isUnknown(file)) return unknownPlan(file);
    if (file.bytes !== undefined) return told(given, file.bytes, startedAt);
    const why = file.type === 'absent' ? '[Errno 2] No such file or directory' : 'it cannot be read';
    const failed = `Error while reading certificate file from disk: ${why}: '${given.path}'`;
    return checkMode ? unknownPlan(new Unknown(failed)) : { changes: [], failed };
  },
});

function told(given: z.output<typeof params>, content: string | Buffer, now: number): Plan {
  const keys = certificateKeys(content, stamp(now));
  if (keys === undefined) return { changes: [], failed: 'Cannot parse certificate: it is none' };
  const { not_before: from, not_after: to } = keys as { not_before: string; not_after: string };
  const valid = Object.entries(given.valid_at ?? {}).map(([name, time]) => {
    const then = moment(String(time), now)!;
    return [name, from <= then && then <= to] as const;
  });
  return { changes: [], result: () => ({ ...keys, valid_at: Object.fromEntries(valid) }) };
}
