import { boolean, path, text } from '../params.ts';

/** Parameters that `command`, `shell` and `script` share. */
export const guardParams = {
  chdir: path.optional().describe('Folder on the target in which the command runs.'),
  creates: path
    .optional()
    .describe('A path or pattern on the target. When something matches it, the command is not run.'),
  removes: path
    .optional()
    .describe('A path or pattern on the target. When nothing matches it, the command is not run.'),
} as const;

/** Parameters of what a command reads and how its output is kept. */
export const streamParams = {
  stdin: text.optional().describe('Text that the command reads from its standard input.'),
  stdin_add_newline: boolean.default(true).describe('Add a line end to `stdin`.'),
  strip_empty_ends: boolean.default(true).describe('Leave empty lines at the end of the output out.'),
} as const;

/** Gives the bytes for standard input. */
export function stdinText(params: {
  readonly stdin?: string | undefined;
  readonly stdin_add_newline: boolean;
}): string | undefined {
  if (params.stdin === undefined) return undefined;
  return params.stdin_add_newline ? `${params.stdin}\n` : params.stdin;
}

/** What a command's guards name is looked for in the folder in which it runs. */
export function guardsInFolder({ chdir }: { readonly chdir?: string | undefined }): readonly string[] {
  return chdir === undefined ? [] : ['creates', 'removes'];
}
