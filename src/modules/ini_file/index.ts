import { boolean, choice, plainPath, strings, text, withAliases } from '../params.ts';
import { defineEdit, editParams } from '../text-file.ts';
import { editIni } from './edit.ts';

const params = withAliases(
  { attr: 'attributes', dest: 'path' },
  {
    path: plainPath.describe('File to edit.'),
    section: text
      .optional()
      .describe('Name of the section. Without it, options before the first section are meant.'),
    option: text.optional().describe('Name of the option. Without it, the whole section is meant.'),
    value: text.optional().describe('Value of the option.'),
    values: strings.optional().describe('Several values: one line with the option for each.'),
    state: choice('present', 'absent')
      .default('present')
      .describe('Whether option or section shall be there.'),
    exclusive: boolean.default(true).describe('Other lines with the same option go.'),
    no_extra_spaces: boolean.default(false).describe('No blanks around =.'),
    ignore_spaces: boolean.default(false).describe('Leave lines alone that differ only by blanks around =.'),
    allow_no_value: boolean.default(false).describe('The option may stand without = and value.'),
    modify_inactive_option: boolean
      .default(true)
      .describe('Use a line in which the option is commented out.'),
    create: boolean.default(true).describe('Make the file when it is not there.'),
    follow: boolean
      .default(false)
      .describe('Edit the file that a link leads to; else the edited file takes the place of the link.'),
    ...editParams,
  },
).superRefine((given, refine) => {
  const fault = (message: string) => refine.addIssue({ code: 'custom', message });
  if (given.value !== undefined && given.values !== undefined) fault('takes value or values, not both');
  const empty = given.value === undefined && (given.values ?? []).length === 0;
  if (given.state === 'present' && empty && !given.allow_no_value)
    fault('needs value or values when state is present (or allow_no_value)');
  if (given.section === undefined && given.option === undefined) fault('needs section or option');
});

export default defineEdit({
  name: 'ini_file',
  summary: 'Sees to it that an option of an INI file has a value, or is not there.',
  params,
  missing: (p) => {
    if (p.state === 'absent') return { msg: 'OK' };
    return p.create ? 'make' : { fails: `Destination ${p.path} does not exist!` };
  },
  diff: 'whole',
  edit: (p, file) =>
    editIni(file.text, {
      section: file.input(p.section) || undefined,
      option: file.input(p.option),
      values: (p.values ?? (p.value === undefined ? [] : [p.value])).map((value) => file.input(value)),
      present: p.state === 'present',
      exclusive: p.exclusive,
      noExtraSpaces: p.no_extra_spaces,
      ignoreSpaces: p.ignore_spaces,
      modifyInactive: p.modify_inactive_option,
    }),
});
