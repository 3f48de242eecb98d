/** Gives the name that `locale -a` has for a locale: the character set in small letters and digits. */
export function archiveName(name: string): string {
  const [, base = name, charset, rest = ''] = /^([^.@]*)(?:\.([^@]*))?(@.*)?$/.exec(name) ?? [];
  return charset === undefined
    ? `${base}${rest}`
    : `${base}.${charset.toLowerCase().replace(/[^a-z0-9]/g, '')}${rest}`;
}

/** Gives the line `name charset` of a list of locales, blanks as one; undefined when it is not in it. */
export function sourceOf(name: string, list: string): string | undefined {
  const lines = list.split('\n').map((line) => line.trim().split(/\s+/));
  return lines.find((words) => words[0] === name && words.length === 2)?.join(' ');
}

/** Gives the text of locale.gen with the line of a locale switched on or off; a line that is not there is added. */
export function withLocale(text: string, source: string, on: boolean): string {
  const lines = text.split('\n');
  const found = lines.findIndex((line) => line.replace(/^#/, '').trim().split(/\s+/).join(' ') === source);
  if (found >= 0) {
    lines[found] = on ? source : `# ${source}`;
    return lines.join('\n');
  }
  return on ? `${text}${text === '' || text.endsWith('\n') ? '' : '\n'}${source}\n` : text;
}
