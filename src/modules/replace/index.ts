import { plainPath, regex, text, withAliases } from '../params.ts';
import { defineEdit, editParams } from '../text-file.ts';
import { replaceAll, sectionPattern } from './edit.ts';

const params = withAliases(
  { attr: 'attributes', dest: 'path', destfile: 'path', name: 'path' },
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

export default defineEdit({
  name: 'replace',
  summary: 'Replaces every match of an expression in a text file.',
  params,
  missing: () => 'fail',
  diff: 'whole',
  edit: (p, file) => {
    const made = replaceAll(file.text, {
      regexp: file.input(p.regexp),
      replace: file.input(p.replace),
      after: file.input(p.after),
      before: file.input(p.before),
    });
    if (!made) {
      const pattern = sectionPattern(file.input(p.after), file.input(p.before), 'subsection');
      const msg = `Pattern for before/after params did not match the given file: ${pattern}`;
      return { text: file.text, msg, result: { rc: 0 } };
    }
    return {
      text: made.text,
      msg: made.count > 0 ? `${made.count} replacements made` : '',
      result: { rc: 0 },
    };
  },
});
