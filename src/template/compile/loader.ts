/** Finds the templates that templates include, import or extend. */
import { dirname, isAbsolute, join, normalize } from 'node:path';
import { CutoverError } from '../../errors/index.ts';
import { TemplateFault } from '../faults.ts';
import { readHeader } from '../header.ts';
import { FILE_SYNTAX, type Syntax } from '../parse/syntax.ts';
import type { Run } from '../run.ts';
import type { Compiled } from './frame.ts';

/**
 * Loads a template by name: beside the template that names it, then in the `templates` search path. Compiled by the
 * `compile` given, which caches. Throws TemplateFault with `notFound` when there is none.
 */
export function loadTemplate(
  name: string,
  run: Run,
  compile: (text: string, file: string, firstLine: number, syntax: Syntax) => Compiled,
): Compiled {
  const context = run.lookupContext();
  const folders = foldersOfIncluded(run, context.searchPath('templates'));
  const candidates = isAbsolute(name) ? [name] : folders.map((folder) => normalize(join(folder, name)));
  for (const file of candidates) {
    const text = readIfThere(file, (path) => context.readFile(path));
    if (text === undefined) continue;
    const { body, firstLine, syntax } = readHeader(text.replace(/\r\n?/g, '\n'), syntaxOfIncluded(run));
    // A template that is included loses its last line end, as in Jinja.
    return compile(body.replace(/\n$/, ''), file, firstLine, syntax);
  }
  throw new TemplateFault(`the template "${name}" is not found`, {
    notFound: true,
    hint:
      candidates.length > 0 ? `looked for ${candidates.join(', ')}` : 'no folder of templates is known here',
  });
}

/** Only the ends of lines are those of the template around it. */
function syntaxOfIncluded({ file }: Run): Syntax {
  const lineEnd = file?.newlineSequence ?? FILE_SYNTAX.lineEnd;
  return lineEnd === FILE_SYNTAX.lineEnd ? FILE_SYNTAX : { ...FILE_SYNTAX, lineEnd };
}

/** The module looks beside the template it renders last, the lookup first; where an included one lies never counts. */
function foldersOfIncluded({ file }: Run, known: readonly string[]): readonly string[] {
  if (!file) return known;
  const folder = dirname(file.file);
  return file.besideFirst ? [folder, ...known] : [...known, join(folder, 'templates'), folder];
}

function readIfThere(file: string, read: (path: string) => string): string | undefined {
  try {
    return read(file);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** Whether an error of `readFile` says that there is no such file. */
export function isMissing(error: unknown): boolean {
  const code = (error as { code?: unknown } | undefined)?.code;
  if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'EISDIR') return true;
  if (!(error instanceof CutoverError)) return false;
  return error.cause === undefined
    ? /not found|no such file|does not exist|there is no/i.test(error.message)
    : isMissing(error.cause) || /not found|no such file|does not exist|there is no/i.test(error.message);
}
