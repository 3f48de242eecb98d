import type { KeyPath, Statement } from './scan.ts';
import { isTable, sameToml } from './value.ts';

/** One edit that turns a document into the wanted one. Element removals carry the indexes of the document as it was. */
export interface TomlEdit {
  readonly kind: 'change' | 'add' | 'remove' | 'remove-element';
  readonly path: KeyPath;
  /** Of change and add. */
  readonly value?: unknown;
}

/** Gives the edits between two documents, as fine as the text allows: key by key, and element by element in arrays of tables. */
export function difference(
  found: Record<string, unknown>,
  wanted: Record<string, unknown>,
  statements: readonly Statement[],
): TomlEdit[] {
  const arrays = new Set(
    statements.filter(({ kind }) => kind === 'element').map(({ path }) => JSON.stringify(path.slice(0, -1))),
  );
  const compare = (a: unknown, b: unknown, path: KeyPath): TomlEdit[] => {
    if (isTable(a) && isTable(b)) return compareTables(a, b, path);
    if (
      Array.isArray(a) &&
      Array.isArray(b) &&
      arrays.has(JSON.stringify(path)) &&
      b.length > 0 &&
      b.every(isTable)
    ) {
      return compareElements(a, b, path);
    }
    return sameToml(a, b) ? [] : [{ kind: 'change', path, value: b }];
  };
  const compareTables = (
    a: Record<string, unknown>,
    b: Record<string, unknown>,
    path: KeyPath,
  ): TomlEdit[] => [
    ...Object.keys(a).flatMap((key) =>
      Object.hasOwn(b, key)
        ? compare(a[key], b[key], [...path, key])
        : [{ kind: 'remove' as const, path: [...path, key] }],
    ),
    ...Object.keys(b).flatMap((key) =>
      Object.hasOwn(a, key) ? [] : [{ kind: 'add' as const, path: [...path, key], value: b[key] }],
    ),
  ];
  const compareElements = (a: readonly unknown[], b: readonly unknown[], path: KeyPath): TomlEdit[] => {
    const edits: TomlEdit[] = [];
    let surplus = a.length - b.length;
    let next = 0;
    for (const [index, element] of a.entries()) {
      if (surplus > 0 && !sameToml(element, b[next])) {
        edits.push({ kind: 'remove-element', path: [...path, index] });
        surplus--;
      } else {
        edits.push(...compare(element, b[next], [...path, index]));
        next++;
      }
    }
    for (; next < b.length; next++) edits.push({ kind: 'add', path: [...path, next], value: b[next] });
    return edits;
  };
  return compareTables(found, wanted, []);
}
