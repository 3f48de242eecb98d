import { isMapping, keyOf, namesOf } from '../values/index.ts';

/** Gives JSON the way Python prints it, `{"a": [1, 2]}` with ASCII only: the same bytes that an earlier Ansible run left. */
export function pythonJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(pythonJson).join(', ')}]`;
  if (isMapping(value)) {
    return `{${namesOf(value)
      .map((name) => `${pythonKey(keyOf(value, name))}: ${pythonJson(value[name])}`)
      .join(', ')}}`;
  }
  const text = JSON.stringify(value) ?? 'null';
  return text.replace(/[\u007f-\uffff]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** Keys of JSON are texts: a number or a boolean stands in quotes. */
const pythonKey = (key: unknown): string =>
  typeof key === 'string' ? pythonJson(key) : `"${JSON.stringify(key)}"`;
