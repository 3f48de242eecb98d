import { z } from 'zod';
import { fileContent } from '../../resources/index.ts';
import { isUnknown } from '../../values/index.ts';
import { boolean, choice, path, text } from '../params.ts';
import { withParent } from '../parents.ts';
import { editNeeds, planEdit } from '../text-file.ts';
import { defineModule } from '../types.ts';
import { withLimit } from './limits.ts';

const params = z
  .strictObject({
    domain: text.describe('Whose limit: a user, `@group`, `*`, or a range of numbers.'),
    limit_type: choice('hard', 'soft', '-').describe('`soft`, `hard`, or `-` for both.'),
    limit_item: choice(
      ...(['core', 'data', 'fsize', 'memlock', 'nofile', 'rss', 'stack', 'cpu', 'nproc', 'as'] as const),
      ...(['maxlogins', 'maxsyslogins', 'priority', 'locks', 'sigpending', 'msgqueue', 'nice'] as const),
      ...(['rtprio', 'chroot'] as const),
    ).describe('What is limited.'),
    value: text.describe(
      'A number, or `unlimited`, `infinity`, -1; from -20 to 19 for `nice` and `priority`.',
    ),
    use_max: boolean.default(false).describe('A larger value in the file may stay.'),
    use_min: boolean.default(false).describe('A smaller value in the file may stay.'),
    dest: path.default('/etc/security/limits.conf').describe('The file.'),
    comment: text.default('').describe('A comment behind the limit.'),
    backup: boolean
      .default(false)
      .describe('Keep the file as it was in the run store; its place is in backup_file.'),
  })
  .superRefine((given, refine) => {
    const fault = (message: string) => refine.addIssue({ code: 'custom', message });
    if (given.use_max && given.use_min) fault('takes use_max or use_min, not both');
    const { limit_item: item, value } = given;
    const isNice = item === 'nice' || item === 'priority';
    if (isNice && !/^(-?1?\d|-20)$/.test(value))
      fault(`${item} must be a number from -20 to 19, not "${value}"`);
    if (!isNice && !/^(\d+|-1|unlimited|infinity)$/.test(value))
      fault(`${item} must be a number from 0 on, or unlimited, infinity, -1, not "${value}"`);
  });

/** Limits that sessions get. */
export default defineModule({
  name: 'pam_limits',
  summary: 'Sets limits of users in limits.conf.',
  params,
  needs: (given, seen) => editNeeds(given.dest, seen),
  plan(given, seen, context) {
    const file = seen.get(fileContent(given.dest, { follow: true }));
    if (file && !isUnknown(file) && withParent(file, seen).parent === 'absent')
      return { changes: [], failed: `${given.dest}: the folder around it does not exist` };
    const keep = given.use_max ? 'larger' : given.use_min ? 'smaller' : undefined;
    const wish = { ...given, type: given.limit_type, item: given.limit_item, keep } as const;
    const place = { path: given.dest, backup: given.backup, attributes: undefined, unsafe_writes: false };
    return planEdit(
      {
        params: place,
        missing: 'make',
        edit: (file) => {
          const { text, line } = withLimit(file.text, wish);
          return { text, msg: line };
        },
      },
      seen,
      context,
    );
  },
});
