import { existsSync, readFileSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { CutoverError, didYouMean, ErrorList, type SourcePosition } from '../errors/index.ts';
import { type CfgEntry, type CfgFile, parseCfg } from './cfg-file.ts';
import { readValue } from './read-value.ts';
import { type Definition, SETTINGS, type SettingName } from './settings.ts';

/** Where a value comes from. */
export type SettingOrigin =
  | { readonly from: 'default' }
  | { readonly from: 'file'; readonly position: SourcePosition }
  | { readonly from: 'environment'; readonly variable: string };

/** The value of a setting, and who gave it. */
export interface Setting<T> {
  readonly value: T;
  readonly origin: SettingOrigin;
}

/** Something in ansible.cfg or the environment that has no meaning here. */
export interface IgnoredSetting {
  /** `section.key`, or the variable. */
  readonly name: string;
  readonly from:
    | { readonly kind: 'file'; readonly position: SourcePosition }
    | { readonly kind: 'environment' };
  /** Set when it looks like a slip: a known key in a wrong section, or a near spelling. */
  readonly hint: string | undefined;
}

type Fallback<D> = D extends Definition<infer T> ? T : never;

/** All settings by name, with their origins. */
export type Settings = { readonly [Name in SettingName]: Setting<Fallback<(typeof SETTINGS)[Name]>> };

/** What ansible.cfg and the environment say. */
export interface Config {
  /** The ansible.cfg that was read. */
  readonly file: string | undefined;
  readonly settings: Settings;
  readonly ignored: readonly IgnoredSetting[];
  readonly warnings: readonly string[];
}

/** Where to look. Everything defaults to the process's own. */
export interface ConfigOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly home?: string;
  /** The system's file. Default /etc/ansible/ansible.cfg. */
  readonly systemFile?: string;
}

type Surroundings = Required<ConfigOptions>;

/**
 * Reads the first ansible.cfg of $ANSIBLE_CONFIG, the working folder (unless anyone may write there), ~/.ansible.cfg and
 * /etc/ansible; environment variables win over it. Throws ErrorList('usage') with every value that cannot be read.
 */
export function loadConfig(options: ConfigOptions = {}): Config {
  const around: Surroundings = {
    cwd: options.cwd ?? process.cwd(),
    env: options.env ?? process.env,
    home: options.home ?? homedir(),
    systemFile: options.systemFile ?? '/etc/ansible/ansible.cfg',
  };
  const warnings: string[] = [];
  const file = findFile(around, warnings);
  const errors: CutoverError[] = [];
  const written = file === undefined ? { entries: [], strays: [] } : readCfg(file);
  for (const { line, position } of written.strays)
    errors.push(new CutoverError('usage', `"${line}" is not key = value`, { position }));
  const settings = readSettings(written, file, around, errors);
  if (errors.length > 0) throw new ErrorList(errors);
  return {
    file,
    settings,
    ignored: [...written.entries.filter(isUnknown).map(ignored), ...ignoredVariables(around.env)],
    warnings,
  };
}

function findFile(around: Surroundings, warnings: string[]): string | undefined {
  const named = around.env.ANSIBLE_CONFIG;
  if (named) {
    const path = resolve(around.cwd, named.replace(/^~(?=\/|$)/, around.home));
    const found = isFolder(path) ? join(path, 'ansible.cfg') : path;
    // /dev/null is how one says: none.
    if (existsSync(found) && !isFolder(found)) return found;
    warnings.push(`ANSIBLE_CONFIG names ${named}, which does not exist`);
  }
  const local = join(around.cwd, 'ansible.cfg');
  if (isFile(local)) {
    if ((statSync(around.cwd).mode & 0o002) === 0) return local;
    warnings.push(
      `${local} is not read, because everyone may write to its folder (name it in ANSIBLE_CONFIG to use it)`,
    );
  }
  return [join(around.home, '.ansible.cfg'), around.systemFile].find(isFile);
}

function readSettings(
  written: CfgFile,
  file: string | undefined,
  around: Surroundings,
  errors: CutoverError[],
): Settings {
  const byName = new Map(written.entries.map((entry) => [fullName(entry), entry]));
  const folder = file === undefined ? around.cwd : dirname(file);
  const settings: Record<string, Setting<unknown>> = {};
  for (const [name, definition] of Object.entries<Definition>(SETTINGS)) {
    settings[name] = { value: definition.fallback, origin: { from: 'default' } };
    const read = (text: string, from: string, origin: SettingOrigin, relativeTo: string): void => {
      const position = origin.from === 'file' ? origin.position : undefined;
      try {
        settings[name] = { value: readValue(definition, text, { ...around, folder: relativeTo }), origin };
      } catch (thrown) {
        errors.push(new CutoverError('usage', `${from} ${(thrown as Error).message}`, { position }));
      }
    };
    const variable = definition.env.find((each) => around.env[each]);
    const entry = definition.keys.map((key) => byName.get(key)).find((each) => each !== undefined);
    if (variable) read(around.env[variable]!, variable, { from: 'environment', variable }, around.cwd);
    else if (entry) read(entry.value, entry.key, { from: 'file', position: entry.position }, folder);
  }
  return settings as unknown as Settings;
}

const KNOWN: readonly string[] = Object.values<Definition>(SETTINGS).flatMap((definition) => definition.keys);

function isUnknown(entry: CfgEntry): boolean {
  return !KNOWN.includes(fullName(entry));
}

function ignored(entry: CfgEntry): IgnoredSetting {
  const name = fullName(entry);
  const elsewhere = KNOWN.find((known) => known.endsWith(`.${entry.key}`));
  const here = KNOWN.filter((known) => known.startsWith(`${entry.section}.`));
  const near = didYouMean(
    entry.key,
    here.map((known) => known.slice(entry.section.length + 1)),
  );
  const hint = elsewhere === undefined ? near : `it belongs into the section [${elsewhere.split('.')[0]}]`;
  return { name, from: { kind: 'file', position: entry.position }, hint };
}

const VARIABLES: readonly string[] = Object.values<Definition>(SETTINGS).flatMap(
  (definition) => definition.env,
);

/** What is said with colours and where this file is has been heard. */
const HEARD = new Set(['ANSIBLE_CONFIG']);

/** The part that all have in common says nothing. */
function nearVariable(name: string): string | undefined {
  const short = (one: string) => one.slice('ANSIBLE_'.length);
  return didYouMean(short(name), VARIABLES.map(short))?.replace('"', '"ANSIBLE_');
}

function ignoredVariables(env: Surroundings['env']): IgnoredSetting[] {
  return Object.keys(env)
    .filter(
      (name) => name.startsWith('ANSIBLE_') && env[name] && !VARIABLES.includes(name) && !HEARD.has(name),
    )
    .sort()
    .map((name) => ({ name, from: { kind: 'environment' as const }, hint: nearVariable(name) }));
}

function fullName(entry: CfgEntry): string {
  return `${entry.section}.${entry.key}`;
}

function readCfg(file: string): CfgFile {
  try {
    return parseCfg(readFileSync(file, 'utf8'), file);
  } catch (thrown) {
    throw new ErrorList([new CutoverError('usage', `${file} cannot be read`, { cause: thrown })]);
  }
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
