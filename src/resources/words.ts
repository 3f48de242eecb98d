import { CutoverError } from '../errors/index.ts';

/** Splits a command line into words as a POSIX shell would, without expanding anything. Throws CutoverError('playbook') for an open quote. */
export function splitWords(line: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  const token = /\s+|'([^']*)'|"((?:[^"\\]|\\[\s\S])*)"|\\([\s\S])|([^\s'"\\]+)|[\s\S]/gy;
  for (const match of line.matchAll(token)) {
    const [text, single, double, escaped, plain] = match;
    if (/^\s/.test(text) && escaped === undefined) {
      if (word !== undefined) words.push(word);
      word = undefined;
      continue;
    }
    const part = single ?? double?.replace(/\\(["\\$`\n])/g, '$1') ?? escaped ?? plain;
    if (part === undefined) throw new CutoverError('playbook', `a quote is not closed in: ${line}`);
    word = (word ?? '') + part;
  }
  if (word !== undefined) words.push(word);
  return words;
}
