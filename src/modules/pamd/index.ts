import { z } from 'zod';
import { boolean, choice, path, strings, text } from '../params.ts';
import { editNeeds, planEdit } from '../text-file.ts';
import { defineModule } from '../types.ts';
import { withRules } from './edits.ts';
import { wordsOf } from './rules.ts';

const type = () =>
  choice('account', '-account', 'auth', '-auth', 'password', '-password', 'session', '-session');

const CONTROLS = ['required', 'requisite', 'sufficient', 'optional', 'include', 'substack'];

const params = z
  .strictObject({
    name: text.describe('The service: the name of its file.'),
    type: type().describe('Type of the rules that are meant.'),
    control: text.describe('Their control, as it is written; quoted when it is in brackets.'),
    module_path: text.describe('Their module, as it is written.'),
    state: choice('absent', 'before', 'after', 'args_absent', 'args_present', 'updated')
      .default('updated')
      .describe(
        'What becomes of these rules: `updated` changes them, `before` and `after` put a new rule beside each, `args_present` and `args_absent` add and take out arguments, `absent` removes them.',
      ),
    new_type: type().optional().describe('Type of the changed or new rule.'),
    new_control: text.optional().describe('Control of the changed or new rule.'),
    new_module_path: text.optional().describe('Module of the changed or new rule.'),
    module_arguments: strings
      .optional()
      .describe('Arguments of the changed or new rule, or those that are added or taken out.'),
    path: path.default('/etc/pam.d').describe('The folder of the service files.'),
    backup: boolean
      .default(false)
      .describe('Keep the file as it was in the run store; its place is in backupdest.'),
  })
  .superRefine((given, refine) => {
    const fault = (message: string) => refine.addIssue({ code: 'custom', message });
    const beside = ['new_control', 'new_type', 'new_module_path'] as const;
    const wanted =
      given.state === 'before' || given.state === 'after'
        ? beside
        : given.state.startsWith('args_')
          ? (['module_arguments'] as const)
          : [];
    const missing = wanted.filter((name) => given[name] === undefined);
    if (missing.length > 0)
      fault(`state is ${given.state} but all of the following are missing: ${missing.join(', ')}`);
    const control = given.new_control;
    if (control !== undefined && !CONTROLS.includes(control) && !/^\[.*\]$/.test(control))
      fault(`new_control must be one of ${CONTROLS.join(', ')}, or in brackets, not "${control}"`);
  });

/** Rules of PAM services. */
export default defineModule({
  name: 'pamd',
  summary: 'Changes rules of PAM services.',
  params,
  needs: (given, seen) => editNeeds(fileOf(given), seen),
  plan(given, seen, context) {
    const file = fileOf(given);
    const planned = planEdit(
      {
        params: { path: file, backup: given.backup, attributes: undefined, unsafe_writes: false },
        missing: {
          fails: `Unable to open/read PAM module file ${file} with error [Errno 2] No such file or directory: '${file}'.`,
        },
        edit: ({ text: before }) => {
          const { text: after, count } = withRules(before, wishOf(given));
          return { text: after, msg: '', result: { change_count: count } };
        },
      },
      seen,
      context,
    );
    return {
      ...planned,
      result: (outcomes) => {
        const { msg: _, backup_file: backupdest = '', ...result } = planned.result?.(outcomes) ?? {};
        return { ...result, backupdest };
      },
    };
  },
});

type Given = z.output<typeof params>;

const fileOf = ({ path: folder, name }: Given): string => `${folder.replace(/\/+$/, '')}/${name}`;

function wishOf(given: Given) {
  const { type, control, module_path, state, new_type, new_control, new_module_path } = given;
  return {
    key: { type, control, path: module_path },
    state,
    to: {
      ...(new_type && { type: new_type }),
      ...(new_control && { control: new_control }),
      ...(new_module_path && { path: new_module_path }),
    },
    args: given.module_arguments && wordsOf(given.module_arguments.join(' ')),
  };
}
