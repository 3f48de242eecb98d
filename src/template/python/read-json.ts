/** Reads JSON text, keeping floats with a whole value floats. */
import { isMapping } from '../../values/index.ts';
import { TemplateFault } from '../faults.ts';
import { dictOf, float } from './kinds.ts';

/** Reads JSON. Throws TemplateFault with the parser's reason. */
export function readJson(text: string): unknown {
  try {
    return JSON.parse(text.replace(/(?<=[[{:,\s])NaN(?=[\]},\s])/g, 'null'), reviver);
  } catch (error) {
    throw new TemplateFault(`the text is not JSON: ${(error as Error).message}`);
  }
}

/** The reviver's third argument holds the number as it was written (Node 22 and later). */
function reviver(this: unknown, _key: string, value: unknown, context?: { source?: string }): unknown {
  if (typeof value === 'number' && context?.source !== undefined) {
    if (/[.eE]/.test(context.source)) return float(value);
    if (!Number.isSafeInteger(value)) return BigInt(context.source);
  }
  return isMapping(value) && Object.hasOwn(value, '__proto__') ? dictOf(Object.entries(value)) : value;
}
