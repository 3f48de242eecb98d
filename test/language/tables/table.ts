import { readFileSync } from 'node:fs';
import { createSecrets } from '../../../src/secrets/index.ts';
import { createTemplar, type Scope, type Templar } from '../../../src/template/index.ts';

/** Cases by topic: what is written, and what it gives. */
export type Table = Readonly<Record<string, readonly (readonly [written: string, gives: string])[]>>;

/** The variables that the tables use, for Cutover and for ansible alike. */
export const VARIABLES: Readonly<Record<string, unknown>> = JSON.parse(
  readFileSync(new URL('./variables.json', import.meta.url), 'utf8'),
);

/** A scope over plain data. */
export function scopeOf(variables: Readonly<Record<string, unknown>>): Scope {
  return {
    has: (name) => Object.hasOwn(variables, name),
    get: (name) => variables[name],
    names: () => Object.keys(variables),
  };
}

/** A templar whose lookups see the file system, and no environment. */
export function tableTemplar(): Templar {
  return createTemplar({
    secrets: createSecrets(),
    lookups: (scope, templar) => ({
      scope,
      templar,
      allowEffects: true,
      environment: { PATH: process.env.PATH },
      searchPath: () => ['/nowhere'],
      readFile: (path) => readFileSync(path, 'utf8'),
      matchHosts: (pattern) => [pattern],
    }),
  });
}

/** The text of an expression, as `{{ expression }}` prints it. */
export function printed(expression: string): string {
  const text = tableTemplar().render(`|{{ ${expression} }}|`, scopeOf(VARIABLES));
  return String(text).slice(1, -1);
}
