/** Jinja expressions and templates over plain data. */
export type { FileOptions, LookupContext, Scope, Templar, TemplarOptions } from './types.ts';
