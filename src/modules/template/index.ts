import { basename } from 'node:path';
import type { z } from 'zod';
import { contentOfBytes } from '../../resources/index.ts';
import { encode, knowsEncoding, templateScope } from '../../template/index.ts';
import { isUnknown, type Unknown } from '../../values/index.ts';
import { unknownPlan } from '../answer.ts';
import { digestOfBytes } from '../digests.ts';
import { boolean, choice, path, text, withAliases, writtenPath } from '../params.ts';
import { type Place, placement, placeParams, planPlacing } from '../placing.ts';
import { defineModule, type PlanContext } from '../types.ts';

const params = withAliases(
  { thirsty: 'force', attr: 'attributes' },
  {
    src: writtenPath.describe(
      'Template of the controller, looked for in templates/ of the role or beside the playbook.',
    ),
    dest: path.describe('Where the text goes. A slash at its end means a folder.'),
    newline_sequence: choice('\\n', '\\r', '\\r\\n', '\n', '\r', '\r\n')
      .default('\n')
      .describe('How lines end.'),
    trim_blocks: boolean.default(true).describe('Drop the newline after a block.'),
    lstrip_blocks: boolean.default(false).describe('Drop blanks before a block.'),
    block_start_string: text.default('{%').describe('How a block begins.'),
    block_end_string: text.default('%}').describe('How a block ends.'),
    variable_start_string: text.default('{{').describe('How a variable begins.'),
    variable_end_string: text.default('}}').describe('How a variable ends.'),
    comment_start_string: text.default('{#').describe('How a comment begins.'),
    comment_end_string: text.default('#}').describe('How a comment ends.'),
    output_encoding: text
      .default('utf-8')
      .refine((name) => name === '' || knowsEncoding(name), {
        error: 'must be UTF-8, UTF-16, ASCII, or one of ISO-8859 or Windows (iso-8859-15, cp1252)',
      })
      .describe('Encoding of the file.'),
    ...placeParams,
  },
);

type TemplateParams = z.output<typeof params>;

export default defineModule<TemplateParams>({
  name: 'template',
  summary: 'Renders a template of the controller to a file of the target.',
  params,
  whenMissing: () => 'src and dest are required',
  needs: (p, seen, context) => placement(placeOf(p), seen, context).needs,
  plan: async (p, seen, context) => {
    const file = context.findFile(p.src, 'templates');
    const rendered = render(p, file, context);
    if (isUnknown(rendered)) return unknownPlan(rendered, { dest: p.dest });
    const bytes = encode(rendered, p.output_encoding || 'utf-8');
    return planPlacing(
      placeOf(p),
      {
        content: contentOfBytes(bytes),
        sourceMode:
          p.mode === 'preserve'
            ? (await context.readFile(file)).mode.toString(8).padStart(4, '0')
            : undefined,
        result: { src: file, checksum: digestOfBytes(bytes, 'sha1') },
        afterHeader: file,
        ...((await context.readFile(file)).secret ? { secret: true } : {}),
      },
      seen,
      context,
    );
  },
});

function placeOf(p: TemplateParams): Place {
  return { dest: p.dest, name: basename(p.src), params: p };
}

function render(p: TemplateParams, file: string, context: PlanContext): string | Unknown {
  const scope = templateScope(
    {
      path: p.src,
      file,
      destination: p.dest,
      managed: context.managed,
      runDate: new Date(context.startedAt),
    },
    context.scope,
  );
  return context.templar.renderFile(context.readText(file), scope, {
    file,
    trimBlocks: p.trim_blocks,
    lstripBlocks: p.lstrip_blocks,
    newlineSequence: p.newline_sequence.replace('\\r', '\r').replace('\\n', '\n'),
    variableStart: p.variable_start_string,
    variableEnd: p.variable_end_string,
    blockStart: p.block_start_string,
    blockEnd: p.block_end_string,
    commentStart: p.comment_start_string,
    commentEnd: p.comment_end_string,
  });
}
