import { boolean, choice, plainPath, regex, text, withAliases } from '../params.ts';
import { defineEdit, editParams } from '../text-file.ts';
import { ensureBlock } from './edit.ts';

const params = withAliases(
  { attr: 'attributes', dest: 'path', destfile: 'path', name: 'path', content: 'block' },
  {
    path: plainPath.describe('File to edit.'),
    block: text.default('').describe('Text between the marker lines. Empty removes the block.'),
    state: choice('present', 'absent').default('present').describe('Whether the block shall be there.'),
    marker: text
      .default('# {mark} ANSIBLE MANAGED BLOCK')
      .describe('Marker line; {mark} becomes marker_begin and marker_end.'),
    marker_begin: text.default('BEGIN').describe('What {mark} is in the line before the block.'),
    marker_end: text.default('END').describe('What {mark} is in the line after the block.'),
    insertafter: regex
      .optional()
      .describe('Where a new block goes: after the last match of this expression, or EOF (default).'),
    insertbefore: regex
      .optional()
      .describe('Where a new block goes: before the last match of this expression, or BOF.'),
    create: boolean.default(false).describe('Make the file when it is not there.'),
    append_newline: boolean.default(false).describe('A blank line after the block.'),
    prepend_newline: boolean.default(false).describe('A blank line before the block.'),
    ...editParams,
  },
).superRefine((given, refine) => {
  if (given.insertafter !== undefined && given.insertbefore !== undefined)
    refine.addIssue({ code: 'custom', message: 'takes insertafter or insertbefore, not both' });
});

export default defineEdit({
  name: 'blockinfile',
  summary: 'Sees to it that a block of lines stands between two marker lines of a text file.',
  params,
  missing: (p) => {
    if (!p.create) return 'fail';
    return p.state === 'absent' ? { msg: `File ${p.path} not present` } : 'make';
  },
  diff: 'parts',
  edit: (p, file) => {
    const remove = p.state === 'absent' || p.block === '';
    const marker = (mark: string) => file.input(p.marker.replaceAll('{mark}', mark));
    const text = ensureBlock(file.text, {
      block: remove ? '' : file.input(p.block),
      begin: marker(p.marker_begin),
      end: marker(p.marker_end),
      insertAfter: file.input(p.insertafter),
      insertBefore: file.input(p.insertbefore),
      prependNewline: p.prepend_newline,
      appendNewline: p.append_newline,
    });
    const warnings = p.marker.includes('{mark}') ? [] : [SAME_MARKERS];
    if (!file.exists) return { text, msg: 'File created', warnings };
    if (text === file.text) return { text, msg: '', warnings };
    return { text, msg: remove ? 'Block removed' : 'Block inserted', warnings };
  },
});

const SAME_MARKERS =
  'blockinfile: the marker holds no {mark}, so the block cannot be found again and is added anew each time';
