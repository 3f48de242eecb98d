/** What leaves a template: data without anything undefined. */
import { isMapping, isUndefined, isUnknown } from '../values/index.ts';
import { refuseUndefined, TemplateFault } from './faults.ts';
import { toData } from './python/kinds.ts';

const DEEPEST = 200;

/** Refuses what is undefined, anywhere inside, and turns objects into data. */
export function finished(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return toData(value);
  if (isUnknown(value)) return value;
  inspect(value, 0);
  return toData(value);
}

function inspect(value: unknown, depth: number): void {
  if (typeof value !== 'object' || value === null) return;
  if (depth > DEEPEST) throw new TemplateFault('the value is nested too deeply');
  if (isUndefined(value)) refuseUndefined(value);
  if (Array.isArray(value)) for (const item of value) inspect(item, depth + 1);
  else if (isMapping(value)) for (const key of Object.keys(value)) inspect(value[key], depth + 1);
}
