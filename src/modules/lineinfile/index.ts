import { boolean, choice, plainPath, regex, text, withAliases } from '../params.ts';
import { defineEdit, editParams } from '../text-file.ts';
import { ensureLine, removeLines } from './edit.ts';

const params = withAliases(
  { attr: 'attributes', dest: 'path', destfile: 'path', name: 'path', regex: 'regexp', value: 'line' },
  {
    path: plainPath.describe('File to edit.'),
    line: text.optional().describe('The line. With backrefs it may hold \\1 or \\g<name>.'),
    regexp: regex
      .optional()
      .describe(
        'Python regular expression of the line to replace (the last match) or to remove (every match).',
      ),
    search_string: text.optional().describe('Plain text in place of regexp.'),
    state: choice('present', 'absent').default('present').describe('Whether the line shall be there.'),
    backrefs: boolean
      .default(false)
      .describe('Expand groups of regexp in line; leave the file alone when nothing matches.'),
    insertafter: regex
      .optional()
      .describe('Where a new line goes: after the last match of this expression, or EOF (default).'),
    insertbefore: regex
      .optional()
      .describe('Where a new line goes: before the last match of this expression, or BOF.'),
    firstmatch: boolean.default(false).describe('Look for the first match instead of the last.'),
    create: boolean.default(false).describe('Make the file when it is not there.'),
    ...editParams,
  },
).superRefine((given, refine) => {
  const fault = (message: string) => refine.addIssue({ code: 'custom', message });
  if (given.regexp !== undefined && given.search_string !== undefined)
    fault('takes regexp or search_string, not both');
  if (given.insertafter !== undefined && given.insertbefore !== undefined)
    fault('takes insertafter or insertbefore, not both');
  if (given.backrefs && given.regexp === undefined) fault('regexp is required with backrefs=true');
  if (given.state === 'present' && given.line === undefined) fault('line is required with state=present');
  if (
    given.state === 'absent' &&
    given.line === undefined &&
    given.regexp === undefined &&
    given.search_string === undefined
  )
    fault('one of line, search_string, or regexp is required with state=absent');
});

export default defineEdit({
  name: 'lineinfile',
  summary: 'Sees to it that a line is in a text file, or is not.',
  params,
  missing: (p) => {
    if (p.state === 'absent') return { msg: 'file not present', result: { found: 0, backup: '' } };
    return p.create ? 'make' : { fails: `Destination ${p.path} does not exist !` };
  },
  diff: 'parts',
  edit: (p, file) => {
    const wish = {
      line: file.input(p.line),
      regexp: file.input(p.regexp),
      searchString: file.input(p.search_string),
      backrefs: p.backrefs,
      insertAfter: file.input(p.insertafter),
      insertBefore: file.input(p.insertbefore),
      firstMatch: p.firstmatch,
    };
    const warnings = matchesAll(p);
    if (p.state === 'present')
      return { ...ensureLine(file.text, { ...wish, line: wish.line! }), warnings, result: { backup: '' } };
    const { found, ...edit } = removeLines(file.text, wish);
    return { ...edit, warnings, result: { found, backup: '' } };
  },
});

/** Warns, in the words of Ansible, of an empty expression or text: it is found in every line. */
function matchesAll(given: {
  readonly regexp?: string | undefined;
  readonly search_string?: string | undefined;
}) {
  const warning = (what: string) =>
    `The ${what} is an empty string, which will match every line in the file. This may have unintended consequences, such as replacing the last line in the file rather than appending.`;
  if (given.regexp === '')
    return [
      `${warning('regular expression')} If this is desired, use '^' to match every line in the file and avoid this warning.`,
    ];
  return given.search_string === '' ? [warning('search string')] : [];
}
