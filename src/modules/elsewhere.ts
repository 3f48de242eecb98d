/** Stands in for modules that are not built here: their tasks are read, listed, skipped and conditioned like any other, and fail when reached. */
import { z } from 'zod';
import type { Module } from './types.ts';

/** Gives the stand-in for a module of that name; `why` is what its tasks fail with. */
export function elsewhereModule(name: string, why: string): Module<Record<string, unknown>> {
  return {
    name,
    summary: 'A module that is not built here.',
    params: z.record(z.string(), z.unknown()),
    controllerOnly: true,
    plan: () => ({ changes: [], failed: why }),
  };
}

/** What there is to say about a module that is not built here, in one line. */
export function notBuilt(name: string): string {
  return `the module "${name}" is not built into Cutover; write the step with "command", or add modules/${name.split('.').at(-1)}.ts beside the playbook`;
}
