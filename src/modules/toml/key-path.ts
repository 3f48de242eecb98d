import { CutoverError } from '../../errors/index.ts';
import type { KeyPath } from './scan.ts';

/** One step of a path as a playbook writes it: a name, an index, or the element in which a key has a value. */
export type Step = string | number | { readonly key: string; readonly value: string };

/** Reads `transport.http."a.b"`, `datasource[0].url`, `datasource[id=MAIN].url`. Throws CutoverError('playbook'). */
export function parseKeyPath(text: string): Step[] {
  const steps: Step[] = [];
  const form =
    /\s*(?:(^|\.)\s*(?:"((?:[^"\\]|\\.)*)"|'([^']*)'|([A-Za-z0-9_-]+))|\[(\d+)\]|\[\s*([A-Za-z0-9_.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\]]*?))\s*\])\s*/y;
  for (let at = 0; at < text.length; at = form.lastIndex) {
    form.lastIndex = at;
    const found = form.exec(text);
    if (!found) {
      throw new CutoverError('playbook', `toml: "${text}" is no key`, {
        hint: 'write a.b, a."x.y", a[0].b or a[id=NAME].b',
      });
    }
    const [, , basic, literal, bare, index, key, ...values] = found;
    if (index !== undefined) steps.push(Number(index));
    else if (key !== undefined) steps.push({ key, value: values.find((value) => value !== undefined) ?? '' });
    else steps.push(basic ?? literal ?? bare ?? '');
  }
  if (steps.length === 0 || typeof steps[0] !== 'string')
    throw new CutoverError('playbook', `toml: "${text}" is no key`);
  return steps;
}

/** Turns steps into a path in a document: finds the elements that are named by a key. Undefined when there is none. */
export function locateSteps(document: unknown, steps: readonly Step[]): KeyPath | undefined {
  const path: (string | number)[] = [];
  let at: unknown = document;
  for (const step of steps) {
    if (typeof step === 'object') {
      const index = Array.isArray(at)
        ? at.findIndex((element) => String((element as Record<string, unknown>)?.[step.key]) === step.value)
        : -1;
      if (index < 0) return undefined;
      path.push(index);
      at = (at as unknown[])[index];
    } else {
      path.push(step);
      at = (at as Record<string | number, unknown> | undefined)?.[step];
    }
  }
  return path;
}
