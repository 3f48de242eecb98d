import { CutoverError, type SourcePosition } from '../errors/index.ts';

/**
 * Splits a command line into words by the quoting rules of the POSIX shell, without any expansion
 * (POSIX.1-2024, XCU 2.2); inside double quotes a backslash is special before " and \ only, as Python's shlex has it.
 * Throws CutoverError('playbook') for a quote that is never closed.
 */
export function splitWords(line: string, at?: SourcePosition): string[] {
  const words: string[] = [];
  let word: string | undefined;
  let quote: '"' | "'" | undefined;
  for (let i = 0; i < line.length; i++) {
    const char = line[i]!;
    if (quote === "'") {
      if (char === "'") quote = undefined;
      else word += char;
    } else if (quote === '"') {
      const next = line[i + 1];
      if (char === '"') quote = undefined;
      else if (char === '\\' && (next === '"' || next === '\\')) word += line[++i]!;
      else word += char;
    } else if (char === '"' || char === "'") {
      quote = char;
      word ??= '';
    } else if (char === '\\') {
      i += 1;
      // A backslash before a line end joins the lines.
      if (line[i] === '\n') continue;
      word = (word ?? '') + (line[i] ?? '\\');
    } else if (/\s/.test(char)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else {
      word = (word ?? '') + char;
    }
  }
  if (quote) {
    throw new CutoverError('playbook', `a ${quote} is never closed in the command: ${line}`, {
      position: at,
      hint: 'close the quote, or give the words as a list under argv',
    });
  }
  if (word !== undefined) words.push(word);
  return words;
}
