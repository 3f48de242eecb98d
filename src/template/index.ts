/** Jinja expressions and templates over plain data. */
export { missingIn } from './faults.ts';
export { type NamesUsed, namesUsed } from './names.ts';
export { createTemplar } from './templar.ts';
export type { FileOptions, LookupContext, Scope, Templar, TemplarOptions } from './types.ts';
