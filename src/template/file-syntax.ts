/** The syntax of template files, and how caches tell syntaxes apart. */
import { FILE_SYNTAX, PLAYBOOK_SYNTAX, type Syntax } from './parse/syntax.ts';
import type { FileOptions } from './types.ts';

const syntaxKeys = new WeakMap<Syntax, string>();

/** Gives a text that no other syntax has, for caches. */
export function syntaxKey(syntax: Syntax): string {
  let key = syntaxKeys.get(syntax);
  if (key === undefined) {
    key = syntax === PLAYBOOK_SYNTAX ? '' : `${Object.values(syntax).join('\0')}\0`;
    syntaxKeys.set(syntax, key);
  }
  return key;
}

/** Gives the syntax of a file with these options. */
export function syntaxOf(options: FileOptions): Syntax {
  return {
    ...FILE_SYNTAX,
    trimBlocks: options.trimBlocks ?? true,
    lstripBlocks: options.lstripBlocks ?? false,
    lineEnd: options.newlineSequence ?? FILE_SYNTAX.lineEnd,
    variableStart: options.variableStart ?? FILE_SYNTAX.variableStart,
    variableEnd: options.variableEnd ?? FILE_SYNTAX.variableEnd,
    blockStart: options.blockStart ?? FILE_SYNTAX.blockStart,
    blockEnd: options.blockEnd ?? FILE_SYNTAX.blockEnd,
    commentStart: options.commentStart ?? FILE_SYNTAX.commentStart,
    commentEnd: options.commentEnd ?? FILE_SYNTAX.commentEnd,
  };
}
