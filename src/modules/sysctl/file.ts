/** Gives the text of a sysctl.conf(5) with a parameter set where it stood, or at the end; undefined takes it out. Later repetitions go. */
export function withSetting(text: string, name: string, value: string | undefined): string {
  const lines = text === '' ? [] : text.replace(/\n$/, '').split('\n');
  const kept: string[] = [];
  let found = false;
  for (const line of lines) {
    const match = /^\s*-?\s*([^#;=\s][^=]*?)\s*=\s*(.*?)\s*$/.exec(line);
    if (match?.[1] !== name) {
      kept.push(line);
      continue;
    }
    if (!found && value !== undefined) {
      kept.push(collapsed(match[2]!) === collapsed(value) ? line : `${name}=${value}`);
    }
    found = true;
  }
  if (!found && value !== undefined) kept.push(`${name}=${value}`);
  return kept.length === 0 ? '' : `${kept.join('\n')}\n`;
}

/** The kernel prints tabs where people write blanks. */
export function collapsed(value: string): string {
  return value.trim().split(/\s+/).join(' ');
}
