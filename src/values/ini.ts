/** Values of a section by name; null where a name stands alone. */
export type IniSection = Map<string, string | null>;

/** How a file is read. */
export interface IniReading {
  /** Where a file of properties, which has no sections, begins. */
  readonly section?: string;
  /** For what is said. */
  readonly file: string;
  /** Names are read in lower case. */
  readonly fold: boolean;
  readonly allowNoValue: boolean;
}

/** The section whose values hold in all of them. */
export const INI_DEFAULTS = 'DEFAULT';

/**
 * Reads sections as Python's `configparser` does (docs.python.org, configparser): `=` or `:`, `#` and `;` comments on lines of
 * their own, values that go on in lines with more indentation. What `[DEFAULT]` says holds in each section, and it stays one itself.
 * `fail` is told what is wrong with the text.
 */
export function readIni(
  text: string,
  how: IniReading,
  fail: (problem: string) => never,
): ReadonlyMap<string, IniSection> {
  const sections = new Map<string, IniSection>();
  let title = how.section;
  if (title !== undefined) sections.set(title, new Map());
  let last: { readonly name: string; readonly indent: number } | undefined;
  for (const [index, line] of text.split(/\r\n|[\n\r]/).entries()) {
    const at = `[line ${index + 1}]`;
    const written = line.trim();
    if (written === '' || /^[#;]/.test(written)) continue;
    const indent = line.length - line.trimStart().length;
    const section = title === undefined ? undefined : sections.get(title);
    if (section && last && indent > last.indent) {
      section.set(last.name, `${section.get(last.name) ?? ''}\n${written}`);
      continue;
    }
    const header = /^\[(.+)\]/.exec(written);
    if (header) {
      title = header[1]!;
      if (sections.has(title) && title !== INI_DEFAULTS) fail(`Duplicate section: '${title}' ${at}`);
      sections.set(title, sections.get(title) ?? new Map());
      last = undefined;
      continue;
    }
    if (!section) return fail(`File contains no section headers: ${written} ${at}`);
    const [, key = '', value = null] = /^(.*?)\s*[=:]\s*(.*)$/.exec(written) ?? [undefined, written];
    if (key === '' || (value === null && !how.allowNoValue))
      return fail(`Source contains parsing errors: ${written} ${at}`);
    const name = how.fold ? key.toLowerCase() : key;
    if (section.has(name))
      fail(`Duplicate option in '${how.file}': option '${name}' in section '${title}' already exists ${at}`);
    section.set(name, value);
    last = { name, indent };
  }
  return withDefaults(sections);
}

function withDefaults(sections: ReadonlyMap<string, IniSection>): ReadonlyMap<string, IniSection> {
  const defaults = sections.get(INI_DEFAULTS) ?? new Map();
  return new Map([...sections].map(([name, own]) => [name, new Map([...defaults, ...own])]));
}

/** Puts in what `%(name)s` of a value stands for in its section, also in what was put in; `%%` is a percent sign. `fail` is told what is not there. */
export function interpolated(
  value: string,
  section: IniSection,
  fold: boolean,
  fail: (problem: string) => never,
  depth = 0,
): string {
  if (depth > 10) return fail(`values that lead to each other: ${value}`);
  return value.replace(/%(?:%|\(([^)]+)\)s)?/g, (all, name: string | undefined) => {
    if (all === '%%') return '%';
    if (name === undefined) return all;
    const named = section.get(fold ? name.toLowerCase() : name);
    if (named === undefined || named === null)
      return fail(`Bad value substitution: ${value} names '${name}', which is not there`);
    return interpolated(named, section, fold, fail, depth + 1);
  });
}
