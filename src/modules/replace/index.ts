import { plainPath, regex, text, withAliases } from '../params.ts';
import { editNeeds, editParams, planEdit } from '../text-file.ts';
import { defineModule } from '../types.ts';
import { replaceAll } from './edit.ts';

const params = withAliases(
  { dest: 'path', destfile: 'path', name: 'path' },
  {
    path: plainPath.describe('File to edit.'),
    regexp: regex.describe('Python regular expression; ^ and $ match at every line.'),
    replace: text
      .default('')
      .describe('What every match becomes; \\1 and \\g<name> stand for groups. Empty removes it.'),
    after: text.optional().describe('Only what stands after a match of this expression. It may span lines.'),
    before: text
      .optional()
      .describe('Only what stands before a match of this expression. It may span lines.'),
    encoding: text
      .default('utf-8')
      .refine((name) => /^utf-?8$/i.test(name), { error: 'can only be utf-8' })
      .describe('Only utf-8; bytes that are none are kept as they are.'),
    ...editParams,
  },
);

export default defineModule({
  name: 'replace',
  summary: 'Replaces every match of an expression in a text file.',
  params,
  needs: (p, seen) => editNeeds(p.path, seen),
  plan: (p, seen, context) =>
    planEdit(
      {
        path: p.path,
        params: p,
        create: false,
        edit: (file) => {
          if (!file.exists) return { failed: `${p.path} does not exist` };
          const given = (value: string | undefined) => (value === undefined ? undefined : file.input(value));
          const made = replaceAll(file.text, {
            regexp: file.input(p.regexp),
            replace: file.input(p.replace),
            after: given(p.after),
            before: given(p.before),
          });
          if (!made)
            return { text: file.text, msg: 'nothing stands between the matches of after and before' };
          return {
            text: made.text,
            msg: made.count > 0 ? `${made.count} replacements made` : '',
            result: { rc: 0 },
          };
        },
      },
      seen,
      context,
    ),
});
