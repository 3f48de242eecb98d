import { parse as parseEditable, patch } from '@decimalturn/toml-patch';
import { parse, TomlError } from 'smol-toml';
import { CutoverError } from '../../errors/index.ts';
import { difference, type TomlEdit } from './difference.ts';
import { insertToml, removeElement } from './insert.ts';
import { type KeyPath, scanToml } from './scan.ts';
import { sameToml } from './value.ts';
import { applyWishes, type TomlWishes, valueAt } from './wishes.ts';

/** The text after the edits, and the keys that they were about. */
export interface TomlResult {
  readonly text: string;
  readonly changed: readonly string[];
  readonly added: readonly string[];
  readonly removed: readonly string[];
}

/** Reads TOML. Throws CutoverError that names line and column. */
export function readToml(text: string, name: string): Record<string, unknown> {
  try {
    return parse(text, { integersAsBigInt: 'asNeeded' });
  } catch (cause) {
    if (!(cause instanceof TomlError)) throw cause;
    const reason = cause.message.split('\n')[0]!.replace(/^Invalid TOML document: /, '');
    throw new CutoverError(
      'playbook',
      `${name} is no valid TOML: line ${cause.line}, column ${cause.column}: ${reason}`,
      { cause },
    );
  }
}

/**
 * Gives the text with the wishes fulfilled, all else as it was: comments, order, spelling of values. The result is read again
 * and compared with what was wanted. Throws CutoverError when the text is no TOML, or when no edit of it says what is wanted.
 */
export function editToml(text: string, wishes: TomlWishes, name: string): TomlResult {
  const found = readToml(text, name);
  const wanted = applyWishes(found, wishes);
  const edits = difference(found, wanted, scanToml(text));
  const result = edits.length === 0 ? text : rewrite(text, edits);
  if (!sameToml(readToml(result, `${name} after the edit`), wanted)) {
    throw new CutoverError(
      'playbook',
      `${name} cannot be edited without losing something: nothing is written`,
      {
        hint: `the edits were of ${edits.map((edit) => keyText(edit.path)).join(', ')}; try smaller keys`,
      },
    );
  }
  const keys = (...kinds: TomlEdit['kind'][]) =>
    edits.filter(({ kind }) => kinds.includes(kind)).map(({ path }) => keyText(path));
  return {
    text: result,
    changed: keys('change'),
    added: keys('add'),
    removed: keys('remove', 'remove-element'),
  };
}

/** Changes and removals first, then additions, then whole elements from the last one up, so that indexes keep their meaning. */
function rewrite(text: string, edits: readonly TomlEdit[]): string {
  let result = patched(
    text,
    edits.filter(({ kind }) => kind === 'change' || kind === 'remove'),
  );
  for (const { kind, path, value } of edits) {
    if (kind !== 'add') continue;
    result = insertToml(result, path, value) ?? patched(result, [inlineChange(result, path, value)]);
  }
  for (const { kind, path } of edits.toReversed())
    if (kind === 'remove-element') result = removeElement(result, path);
  return result;
}

/** What is added inside an inline value is a change of that value. */
function inlineChange(text: string, path: KeyPath, value: unknown): TomlEdit {
  return { kind: 'change', path, value: valueAt(readToml(text, ''), path) ?? value };
}

function patched(text: string, edits: readonly TomlEdit[]): string {
  if (edits.length === 0) return text;
  const document = parseEditable(text) as Record<string, unknown>;
  for (const { kind, path, value } of edits) {
    const parent = valueAt(document, path.slice(0, -1)) as Record<string | number, unknown>;
    const last = path.at(-1)!;
    if (kind === 'remove') delete parent[last];
    else parent[last] = value;
  }
  // TOML 1.0 knows no comma at the end of an inline table, and products read 1.0.
  return patch(text, document, { trailingComma: false });
}

/** Gives a path as people write it. */
export function keyText(path: KeyPath): string {
  return path.reduce<string>((all, step) => {
    if (typeof step === 'number') return `${all}[${step}]`;
    const name = /^[A-Za-z0-9_-]+$/.test(step) ? step : JSON.stringify(step);
    return all === '' ? name : `${all}.${name}`;
  }, '');
}
