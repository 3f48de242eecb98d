/** Finds modules by name. The folders beside this file are the list: adding a module is adding a folder. */
import { existsSync, readdirSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { extname, join, resolve as resolvePath } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { CutoverError, didYouMean, type SourcePosition } from '../errors/index.ts';
import { locate } from '../source/index.ts';
import { checkWritten } from './arguments.ts';
import { elsewhereModule, notBuilt } from './elsewhere.ts';
import { isElsewhere } from './elsewhere-names.ts';
import { executablesIn } from './executable.ts';
import type { Module } from './types.ts';

/** Collections whose modules are named without them. */
const COLLECTIONS = [
  'ansible.builtin',
  'ansible.legacy',
  'ansible.posix',
  'community.general',
  'community.crypto',
  'community.mysql',
  'community.postgresql',
  'cutover.builtin',
];

/** Modules that take free text, and the parameter it goes to: a playbook is split into arguments before any module is loaded. */
const FREE_FORM: Readonly<Record<string, string>> = {
  command: 'cmd',
  shell: 'cmd',
  raw: 'cmd',
  script: 'cmd',
  include_vars: 'file',
  meta: 'action',
};

/** What is to be done about a parameter, or about single values of one. */
type Retired = string | Readonly<Record<string, string>>;

/** Parameters, and values of them, that modules had once and ansible-core has taken away. Roles keep them in tasks that no host comes to any more. */
const RETIRED: Readonly<Record<string, Readonly<Record<string, Retired>>>> = {
  apt: { state: { installed: 'write state: present', removed: 'write state: absent' } },
  command: { warn: 'it said nothing else than not to warn: take it out' },
  shell: { warn: 'it said nothing else than not to warn: take it out' },
  get_url: { sha256sum: 'write checksum: "sha256:..."' },
};

const here = fileURLToPath(new URL('.', import.meta.url));
const builtIn = new Map<string, string>();
const own = new Map<string, Module>();
const loaded = new Map<string, Promise<Module>>();
/** Programs beside a playbook that cannot run on a target, and why. */
const refused = new Map<string, string>();

/** Name -> file of every built-in module, found once. Compiled code has .js where the source has .ts. */
function builtInFiles(): ReadonlyMap<string, string> {
  if (builtIn.size > 0) return builtIn;
  for (const entry of readdirSync(here, { withFileTypes: true })) {
    if (!entry.isDirectory()) continue;
    const file = ['index.js', 'index.ts']
      .map((name) => join(here, entry.name, name))
      .find((name) => existsSync(name));
    if (file) builtIn.set(entry.name, file);
  }
  return builtIn;
}

function shortName(name: string): string {
  const collection = COLLECTIONS.find((prefix) => name.startsWith(`${prefix}.`));
  return collection ? name.slice(collection.length + 1) : name;
}

/** Gives the short name of a module that exists, the name as it is of one that is known not to be built here, or undefined. */
function resolve(name: string): string | undefined {
  const short = shortName(name);
  if (isHere(short) || refused.has(short)) return short;
  return isElsewhere(name, COLLECTIONS) ? name : undefined;
}

/** Why a module whose name `resolve` gave cannot run here; undefined when it can. */
function missing(name: string): string | undefined {
  const short = shortName(name);
  if (isHere(short)) return undefined;
  return refused.get(short) ?? (isElsewhere(name, COLLECTIONS) ? notBuilt(name) : undefined);
}

/** Why a task fails whose module has lost one of its parameters, or a value of one. */
function retired(short: string, args: Readonly<Record<string, unknown>>): string | undefined {
  if (own.has(short)) return undefined;
  for (const [key, what] of Object.entries(RETIRED[short] ?? {})) {
    if (!Object.hasOwn(args, key)) continue;
    if (typeof what === 'string') return `${short} has no parameter "${key}" any more; ${what}`;
    const value = String(args[key]);
    if (Object.hasOwn(what, value)) return `${short} has no "${key}: ${value}" any more; ${what[value]}`;
  }
  return undefined;
}

function withoutRetired(
  short: string,
  args: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  if (retired(short, args) === undefined) return args;
  return locate(
    Object.fromEntries(Object.entries(args).filter(([key]) => !Object.hasOwn(RETIRED[short]!, key))),
    args,
  );
}

function isHere(short: string): boolean {
  return builtInFiles().has(short) || own.has(short);
}

function names(): string[] {
  return [...new Set([...builtInFiles().keys(), ...own.keys()])].sort();
}

/** Gives a module by its short or full name, imported on first use. Throws CutoverError('playbook') when there is none. */
export function loadModule(name: string): Promise<Module> {
  const short = shortName(name);
  const mine = own.get(short);
  if (mine) return Promise.resolve(mine);
  const file = builtInFiles().get(short);
  if (!file) {
    const why = missing(name);
    if (why !== undefined) return Promise.resolve(elsewhereModule(name, why));
    return Promise.reject(
      new CutoverError('playbook', `there is no module "${name}"`, { hint: didYouMean(short, names()) }),
    );
  }
  const known = loaded.get(short);
  if (known) return known;
  const module = importModule(file);
  loaded.set(short, module);
  return module;
}

/**
 * Makes the modules of a folder known (`modules/*.ts` beside a playbook): each file has a module as its default export and is
 * called by the file's name. A folder that is not there has none. Gives their names. Throws CutoverError('playbook').
 */
export async function loadModulesFrom(folder: string): Promise<string[]> {
  if (!existsSync(folder)) return [];
  const files = readdirSync(folder).filter(
    (file) => /\.(?:ts|mts|js|mjs)$/.test(file) && !/\.d\.m?ts$/.test(file),
  );
  const found: string[] = [];
  if (files.length > 0) knowOneself();
  for (const file of files.sort()) {
    const name = file.slice(0, -extname(file).length);
    const path = resolvePath(folder, file);
    if (builtInFiles().has(name)) {
      throw new CutoverError('playbook', `${path}: a module "${name}" is built in`, {
        hint: 'give yours another name',
      });
    }
    own.set(name, { ...(await importModule(path)), name });
    found.push(name);
  }
  return found;
}

/**
 * Makes the programs of a `library` folder known as modules, which then win over built-in ones of the same name.
 * Those that need Ansible's own Python libraries are remembered as refused: a task that names one fails, unless a built-in
 * module has the name.
 */
export function loadExecutablesFrom(folder: string): void {
  for (const { name, module, refusal } of executablesIn(folder)) {
    if (module) own.set(name, module);
    else if (refusal) refused.set(name, `${refusal.message}; ${refusal.hint}`);
  }
}

/** The public library, beside which this module was compiled, or from its sources. */
const LIBRARY = new URL(import.meta.url.endsWith('.ts') ? '../index.ts' : '../index.js', import.meta.url)
  .href;

let hooked = false;

/** `import ... from 'cutover'` in a user's module means the program that runs it: nothing has to be installed beside a playbook. */
function knowOneself(): void {
  if (hooked) return;
  hooked = true;
  registerHooks({
    resolve: (specifier, context, next) =>
      specifier === 'cutover' ? { url: LIBRARY, shortCircuit: true } : next(specifier, context),
  });
}

async function importModule(file: string): Promise<Module> {
  let exported: { default?: Module };
  try {
    exported = (await import(pathToFileURL(file).href)) as { default?: Module };
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new CutoverError('playbook', `${file} could not be loaded as a module: ${reason}`, { cause });
  }
  const module = exported.default;
  if (typeof module?.plan === 'function' && module.params !== undefined) return module;
  throw new CutoverError('playbook', `${file} has no module as its default export`, {
    hint: 'export default defineModule({ name, summary, params, needs, plan })',
  });
}

/** What the reader of playbooks asks about modules; fits its `ModuleCatalog`. */
export interface Catalog {
  resolve(name: string): string | undefined;
  names(): Iterable<string>;
  freeForm(name: string): string | undefined;
  /** Whether it is one of the user's modules: what it gives back is not known here. */
  isOwn(name: string): boolean;
  /** Why a module whose name `resolve` gave cannot run here (built elsewhere, Python, or with a parameter that it lost); undefined when it can. */
  missing(name: string, args?: Readonly<Record<string, unknown>>): string | undefined;
  checkArguments(
    name: string,
    args: Readonly<Record<string, unknown>>,
    at: SourcePosition,
  ): Promise<readonly CutoverError[]>;
}

/** Gives the catalog of all modules, those of `loadModulesFrom` included. */
export function moduleCatalog(): Catalog {
  return {
    resolve,
    names,
    freeForm: (name) =>
      FREE_FORM[shortName(name)] ?? own.get(shortName(name))?.freeForm ?? (missing(name) ? 'cmd' : undefined),
    isOwn: (name) => own.has(shortName(name)),
    missing: (name, args = {}) => missing(name) ?? retired(shortName(name), args),
    checkArguments: async (name, args, at) =>
      checkWritten(await loadModule(name), withoutRetired(shortName(name), args), at),
  };
}
