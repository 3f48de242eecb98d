import { compileRegex } from '../../regex/index.ts';
import { booleanOf, interpolated, readIni } from '../../values/index.ts';
import type { LookupCall } from './lookup.ts';

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
    const fail = (problem: string): never => call.fail(problem, `in ${file}`);
    const sections = readIni(
      call.read(file, 'files', option('encoding', 'utf-8')).text,
      {
        ...(isProperties ? { section: name } : {}),
        file,
        fold,
        allowNoValue: flag('allow_no_value', flag('allow_none', false)),
      },
      fail,
    );
    const section = sections.get(name) ?? call.fail(`No section '${name}' in ${file}`);
    const shown = (value: string | null): unknown =>
      // A name that stands alone is an empty list, in Ansible too.
      value === null ? [] : flag('interpolation', true) ? interpolated(value, section, fold, fail) : value;
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
