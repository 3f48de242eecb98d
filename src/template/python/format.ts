/** `'{} {name!r:>10}'.format(...)`. Field paths read own data only, through the same door as templates. */
import { attribute, item } from '../access.ts';
import { TemplateFault } from '../faults.ts';
import type { Run } from '../run.ts';
import { known } from './logic.ts';
import { formatValue } from './spec.ts';
import { ascii, capText, repr, str } from './text.ts';

/** Gives `text.format(*positional, **named)`. */
export function formatText(
  text: string,
  positional: readonly unknown[],
  named: Readonly<Record<string, unknown>>,
  run: Run,
): string {
  let automatic = 0;
  const field = (name: string): unknown => {
    const [, first = '', rest = ''] = /^([^.[]*)([\s\S]*)$/.exec(name) ?? [];
    const key = first === '' ? String(automatic++) : first;
    return walk(run, base(key, positional, named), rest, key);
  };
  return capText(expand(text, field, 0));
}

function base(
  key: string,
  positional: readonly unknown[],
  named: Readonly<Record<string, unknown>>,
): unknown {
  if (/^\d+$/.test(key)) {
    const index = Number(key);
    if (index >= positional.length)
      throw new TemplateFault(`Replacement index ${index} out of range for positional args tuple`);
    return positional[index];
  }
  if (!Object.hasOwn(named, key)) throw new TemplateFault(`format(): there is no argument "${key}"`);
  return named[key];
}

function walk(run: Run, start: unknown, path: string, name: string): unknown {
  let value = start;
  let shown = name;
  for (const [step, attr, key] of path.matchAll(/\.([^.[]+)|\[([^\]]+)\]/g)) {
    if (attr !== undefined) value = attribute(run, value, attr, shown);
    else value = item(run, value, /^\d+$/.test(key ?? '') ? Number(key) : key, shown);
    shown += step;
  }
  return known(value);
}

function expand(text: string, field: (name: string) => unknown, depth: number): string {
  if (depth > 2) throw new TemplateFault('Max string recursion exceeded');
  let made = '';
  let position = 0;
  while (position < text.length) {
    const character = text[position]!;
    if ((character === '{' || character === '}') && text[position + 1] === character) {
      made += character;
      position += 2;
    } else if (character === '}') {
      throw new TemplateFault("Single '}' encountered in format string");
    } else if (character === '{') {
      const end = closing(text, position);
      made += replacement(text.slice(position + 1, end), field, depth);
      position = end + 1;
    } else {
      made += character;
      position++;
    }
  }
  return made;
}

function closing(text: string, start: number): number {
  let open = 0;
  for (let i = start; i < text.length; i++) {
    if (text[i] === '{') open++;
    if (text[i] === '}' && --open === 0) return i;
  }
  throw new TemplateFault("expected '}' before end of string");
}

function replacement(inner: string, field: (name: string) => unknown, depth: number): string {
  const [, name = '', conversion, spec = ''] =
    /^([^!:]*(?:\[[^\]]*\][^!:]*)*)(?:!([rsa]))?(?::([\s\S]*))?$/.exec(inner) ?? badField(inner);
  const value = field(name);
  const layout = spec.includes('{') ? expand(spec, field, depth + 1) : spec;
  if (conversion === 'r') return formatValue(repr(value), layout);
  if (conversion === 'a') return formatValue(ascii(value), layout);
  if (conversion === 's') return formatValue(str(value), layout);
  return formatValue(value, layout);
}

function badField(inner: string): never {
  throw new TemplateFault(`format(): "{${inner}}" cannot be read`);
}
