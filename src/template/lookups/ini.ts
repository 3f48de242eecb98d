import { compileRegex } from '../../regex/index.ts';
import { booleanOf } from '../../values/index.ts';
import { splitLines } from '../python/strings.ts';
import type { LookupCall } from './lookup.ts';

/** Values of a section by name; null where a name stands alone. */
type Section = Map<string, string | null>;

interface Reading {
  /** Where a file of properties, which has no sections, begins. */
  readonly section?: string;
  readonly file: string;
  readonly fold: boolean;
  readonly allowNoValue: boolean;
}

const DEFAULTS = 'DEFAULT';

/** The lookup `ini`: values of a file with sections, or of Java properties, as Python's `configparser` reads them (docs.python.org, configparser). */
export function ini(call: LookupCall): unknown[] {
  return call.terms.flatMap((term) => {
    const { words: key, options } = call.worded(term);
    if (key === '')
      call.fail(`No key to lookup was provided as first term with in string inline options: ${term}`);
    const option = (name: string, initial: string): string => options[name] ?? call.text(name, initial);
    const flag = (name: string, initial: boolean): boolean =>
      booleanOf(option(name, String(initial))) ?? initial;
    const file = option('file', 'ansible.ini');
    const isProperties = option('type', 'ini') === 'properties';
    const name = isProperties ? 'java_properties' : option('section', 'global');
    const fold = !flag('case_sensitive', false);
    const sections = readSections(
      call.read(file, 'files', option('encoding', 'utf-8')).text,
      {
        ...(isProperties ? { section: name } : {}),
        file,
        fold,
        allowNoValue: flag('allow_no_value', flag('allow_none', false)),
      },
      (problem, line) => call.fail(`${problem} [line ${line}]`, `in ${file}`),
    );
    const own = sections.get(name) ?? call.fail(`No section '${name}' in ${file}`);
    const section: Section = new Map([...(sections.get(DEFAULTS) ?? []), ...own]);
    const shown = (value: string | null): unknown =>
      // A name that stands alone is an empty list, in Ansible too.
      value === null ? [] : flag('interpolation', true) ? interpolated(value, section, fold, call) : value;
    if (flag('re', false)) {
      const regex = compileRegex(key, { ignoreCase: fold });
      return [...section]
        .filter(([entry]) => regex.find(entry, 'match') !== undefined)
        .map(([, value]) => shown(value));
    }
    const found = section.get(fold ? key.toLowerCase() : key);
    return [found === undefined ? option('default', '') : shown(found)];
  });
}

function readSections(
  text: string,
  how: Reading,
  fail: (problem: string, line: number) => never,
): Map<string, Section> {
  const sections = new Map<string, Section>();
  let title = how.section;
  if (title !== undefined) sections.set(title, new Map());
  let last: { readonly name: string; readonly indent: number } | undefined;
  for (const [index, line] of splitLines(text).entries()) {
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
      if (sections.has(title) && title !== DEFAULTS) fail(`Duplicate section: '${title}'`, index + 1);
      sections.set(title, sections.get(title) ?? new Map());
      last = undefined;
      continue;
    }
    if (!section) return fail(`File contains no section headers: ${written}`, index + 1);
    const [, key = '', value = null] = /^(.*?)\s*[=:]\s*(.*)$/.exec(written) ?? [undefined, written];
    if (key === '' || (value === null && !how.allowNoValue))
      return fail(`Source contains parsing errors: ${written}`, index + 1);
    const name = how.fold ? key.toLowerCase() : key;
    if (section.has(name))
      fail(
        `Duplicate option in '${how.file}': option '${name}' in section '${title}' already exists`,
        index + 1,
      );
    section.set(name, value);
    last = { name, indent };
  }
  return sections;
}

/** Puts in what `%(name)s` stands for, also in what was put in; `%%` is a percent sign. */
function interpolated(value: string, section: Section, fold: boolean, call: LookupCall, depth = 0): string {
  if (depth > 10) return call.fail(`values that lead to each other: ${value}`);
  return value.replace(/%(?:%|\(([^)]+)\)s)?/g, (all, name: string | undefined) => {
    if (all === '%%') return '%';
    if (name === undefined) return all;
    const named = section.get(fold ? name.toLowerCase() : name);
    if (named === undefined || named === null)
      return call.fail(`Bad value substitution: ${value} names '${name}', which is not there`);
    return interpolated(named, section, fold, call, depth + 1);
  });
}
