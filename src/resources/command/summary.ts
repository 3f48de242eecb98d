const LONGEST = 100;

/** What a script begins with before it does anything: comments, settings of the shell, its folder, its variables. */
const PREPARES = /^(?:#|set [-+]|:$|export |umask \d+$|cd [^;&|]+$|[A-Za-z_]\w*=(?:\S*|"[^"]*"|'[^']*')$)/;

/** Gives a command in one line, as reports tell it: `run ` and what is done first; what only prepares it is left out. */
export function commandSummary(command: string | readonly string[]): string {
  const text = typeof command === 'string' ? command : command.join(' ');
  const lines = text.split('\n').map((line) => line.trim());
  const line = lines.find((one) => one !== '' && !PREPARES.test(one)) ?? lines.find(Boolean) ?? '';
  const more = lines.indexOf(line) < lines.findLastIndex(Boolean) && line.length < LONGEST ? ' ...' : '';
  return `run ${line.length > LONGEST ? `${line.slice(0, LONGEST - 1)}…` : `${line}${more}`}`;
}
