import { readFileSync } from 'node:fs';

/** The loop of a lane, as one line that fits into single quotes (see start.sh). */
export const LANE_RUNTIME = load('start.sh', 'lane.sh');

/** The start of a command in a channel of its own, as one line that fits into single quotes. */
export const COMMAND_RUNTIME = load('start.sh', 'command.sh');

function load(...files: string[]): string {
  return minifyShell(files.map((file) => readFileSync(new URL(file, import.meta.url), 'utf8')).join('\n'));
}

/**
 * Puts a shell text of whole lines on one line: comments and indentation go, lines are joined by `;` where the grammar
 * wants one. Throws when the text holds what a csh or fish login shell would change inside single quotes.
 */
export function minifyShell(text: string): string {
  const lines = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
  let out = '';
  let before = '';
  for (const line of lines) {
    const opened = /(^|[\s;])(then|do|else|in|\{|\(|;;|&&|\|\||\|)$/.test(before) || /^[^(]*\)$/.test(before);
    out += before === '' ? line : opened || line.startsWith(';;') ? ` ${line}` : `; ${line}`;
    before = line;
  }
  if (/['!\\\n]/.test(out))
    throw new Error(`shell runtime holds a character that does not survive quoting: ${out}`);
  return out;
}
