import { boolean, choice, text, withAliases } from '../params.ts';

/** What the `debconf` module takes. */
export const debconfParams = withAliases(
  { pkg: 'name', selection: 'question', setting: 'question', answer: 'value' },
  {
    name: text
      .refine((name) => /^\S+$/.test(name), 'is no name of a package')
      .describe('The package. Alone it only gives the questions and their answers.'),
    question: text
      .refine((question) => /^\S+$/.test(question), 'must be one word')
      .optional()
      .describe('The question, such as `locales/default_environment_locale`.'),
    vtype: choice(
      'boolean',
      'error',
      'multiselect',
      'note',
      'password',
      'seen',
      'select',
      'string',
      'text',
      'title',
    )
      .optional()
      .describe('Type of the question; with `seen`, value says whether it counts as asked already.'),
    value: text
      .refine((value) => !/[\n\r]/.test(value) && !value.endsWith('\\'), 'must be on one line')
      .optional()
      .describe('The answer.'),
    unseen: boolean.default(false).describe('Leave the mark alone that it was asked already.'),
  },
).refine(
  (given) => {
    const there = [given.question, given.vtype, given.value].filter((value) => value !== undefined);
    return there.length === 0 || there.length === 3;
  },
  { message: 'needs the parameters "question", "vtype" and "value" together' },
);
