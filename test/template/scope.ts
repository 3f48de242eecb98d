import type { Secrets } from '../../src/secrets/index.ts';
import { createSecrets } from '../../src/secrets/index.ts';
import { createTemplar, type LookupContext, type Scope, type Templar } from '../../src/template/index.ts';

/** A scope over plain data. */
export function scopeOf(variables: Readonly<Record<string, unknown>>): Scope {
  return {
    has: (name) => Object.hasOwn(variables, name),
    get: (name) => variables[name],
    names: () => Object.keys(variables),
  };
}

/** A templar over files that are held in memory. */
export function templarWith(
  files: Readonly<Record<string, string>> = {},
  more: Partial<LookupContext> & { secrets?: Secrets; now?: () => Date; native?: boolean } = {},
): Templar {
  return createTemplar({
    secrets: more.secrets ?? createSecrets(),
    ...(more.now ? { now: more.now } : {}),
    ...(more.native ? { native: true } : {}),
    decrypt: (ciphertext) => `opened ${ciphertext}`,
    lookups: (scope, templar) => ({
      scope,
      templar,
      allowEffects: false,
      environment: {},
      searchPath: (kind) => [`/play/${kind}`],
      readFile: (path) => {
        const text = Object.hasOwn(files, path) ? files[path] : undefined;
        if (text === undefined) throw Object.assign(new Error(`no ${path}`), { code: 'ENOENT' });
        return text;
      },
      matchHosts: (pattern) => (pattern === 'all' ? ['a', 'b'] : []),
      ...more,
    }),
  });
}

/** Renders a text without variables; every type stays. */
export const renderNative = (text: string): unknown =>
  templarWith({}, { native: true }).render(text, scopeOf({}));

/** Renders a text over variables. */
export const render = (text: string, variables: Readonly<Record<string, unknown>> = {}): unknown =>
  templarWith().render(text, scopeOf(variables));
