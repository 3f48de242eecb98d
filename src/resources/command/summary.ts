const LONGEST = 100;

/** Gives a command in one line, as reports tell it: `run ` and what is done first; shell settings and comments are left out. */
export function commandSummary(command: string | readonly string[]): string {
  const text = typeof command === 'string' ? command : command.join(' ');
  const lines = text.split('\n').map((line) => line.trim());
  const line =
    lines.find((one) => one !== '' && !/^(?:#|set [-+]|:$|export )/.test(one)) ?? lines.find(Boolean) ?? '';
  const more = lines.indexOf(line) < lines.findLastIndex(Boolean) && line.length < LONGEST ? ' ...' : '';
  return `run ${line.length > LONGEST ? `${line.slice(0, LONGEST - 1)}…` : `${line}${more}`}`;
}
