/**
 * Modules that are programs: any executable of a `library` folder. The program gets a file with its arguments as its only
 * argument and prints one JSON object (Ansible's documentation, "Should you develop a module?" and "Ansible module architecture").
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, extname, join, resolve } from 'node:path';
import { z } from 'zod';
import { type ChangeOutcome, type CommandSpec, commandOutput, runCommand } from '../resources/index.ts';
import { filterMapping, isMapping, isUnknown, mapValues, parseJson, Unknown } from '../values/index.ts';
import { answer, unknownPlan } from './answer.ts';
import { privateFolder } from './command/private-folder.ts';
import { endedCommand } from './command/result.ts';
import type { Module, Plan, PlanContext } from './types.ts';

/** How a program wants its arguments: a JSON file, words `key=value`, or put into its own text. */
type Style = 'json' | 'words' | 'inside';

/** A program found in a `library` folder: a module, or the reason why it cannot be one here. */
export interface FoundExecutable {
  readonly name: string;
  readonly path: string;
  readonly module?: Module;
  readonly refusal?: { readonly message: string; readonly hint: string };
}

/** Files that lie beside modules without being any. */
const NO_MODULES = ['.pyc', '.pyo', '.md', '.txt', '.rst', '.yml', '.yaml', '.json', '.ini', '.orig', '.bak'];

const INSIDE = '<<INCLUDE_ANSIBLE_MODULE_JSON_ARGS>>';

type Arguments = Readonly<Record<string, unknown>>;

/** Gives the modules of a `library` folder by file name without ending. A folder that is not there has none. */
export function executablesIn(folder: string): readonly FoundExecutable[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter(
      (entry) =>
        !entry.isDirectory() && !/^[._]/.test(entry.name) && !NO_MODULES.includes(extname(entry.name)),
    )
    .map(({ name }) => found(basename(name, extname(name)), resolve(join(folder, name))))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function found(name: string, path: string): FoundExecutable {
  const text = readFileSync(path).toString('latin1');
  const refusal = refusalOf(name, path, text);
  if (refusal) return { name, path, refusal };
  return { name, path, module: executableModule(name, path, text) };
}

function refusalOf(name: string, path: string, text: string): FoundExecutable['refusal'] {
  const language =
    /^#\s*(?:requires|ansiblerequires)\b/im.test(text) || extname(path) === '.ps1' ? 'PowerShell' : undefined;
  const ofAnsible =
    /\bansible(?:\.|_collections\.\S+\.)module_utils\b|<<INCLUDE_ANSIBLE_MODULE_COMMON>>|\bANSIBLE_MODULE_ARGS\b/.test(
      text,
    );
  if (language !== undefined || ofAnsible)
    return {
      message: `"${name}" is a ${language ?? 'Python'} module for Ansible's own libraries (${path}), which are not on the targets`,
      hint: 'let it read a JSON file of arguments instead (its text holds WANT_JSON), or write it as a TypeScript module in modules/',
    };
  if (isBinary(text) || text.startsWith('#!')) return undefined;
  return {
    message: `"${name}" (${path}) is neither a program nor a script that begins with #!`,
    hint: 'let its first line name the interpreter, such as #!/bin/sh',
  };
}

function isBinary(text: string): boolean {
  return text.slice(0, 8192).includes('\0');
}

/** Makes the module of one program. `text` is its content, a character for each byte. */
function executableModule(name: string, path: string, text: string): Module<Arguments> {
  const style: Style = text.includes(INSIDE)
    ? 'inside'
    : isBinary(text) || text.includes('WANT_JSON')
      ? 'json'
      : 'words';
  const checks = text.includes('supports_check_mode');
  const probe = async (given: Arguments, context: PlanContext) => ({
    ...commandOutput(await call(name, path, style, given, context)),
    volatile: true,
    // A program that supports check mode answers for itself.
    evenInDoubt: true,
  });
  return {
    name,
    summary: `The program ${path}.`,
    params: z.record(z.string(), z.unknown()),
    needs: async (given, _seen, context) =>
      context.checkMode && checks ? [await probe(given, context)] : [],
    async plan(given, seen, context): Promise<Plan> {
      if (context.checkMode && !checks)
        return unknownPlan(
          new Unknown(`the module ${name} does not say that it supports check mode (supports_check_mode)`),
        );
      if (context.checkMode) {
        const said = answer(seen, await probe(given, context));
        if (isUnknown(said)) return unknownPlan(said);
        const result = resultOf(name, said);
        return { changes: [], changed: result.changed === true, result: () => result };
      }
      const change = runCommand(await call(name, path, style, given, context), {
        undo: 'irreversible',
        summary: `run the module ${name}`,
      });
      return { changes: [change], result: (outcomes) => resultOfChange(name, outcomes) };
    },
  };
}

/** The module and its arguments travel as standard input: arguments of processes can be read by everyone on a host. */
async function call(
  name: string,
  path: string,
  style: Style,
  given: Arguments,
  context: PlanContext,
): Promise<CommandSpec> {
  const json = JSON.stringify({ ...given, ...internals(name, context) });
  const file = await context.readFile(path);
  let program = Buffer.from(file.bytes ?? readFileSync(path));
  if (style === 'inside')
    program = Buffer.from(
      program.toString('latin1').replaceAll(INSIDE, () => latin1(json)),
      'latin1',
    );
  const args = Buffer.from(style === 'words' ? asWords(given, context) : json);
  const interpreter = interpreterOf(program, context);
  return {
    argv: ['/bin/sh', '-c', RUN_MODULE, 'sh', String(args.length), basename(path), ...interpreter],
    stdin: Buffer.concat([args, program]),
  };
}

const latin1 = (text: string): string => Buffer.from(text).toString('latin1');

/** What Ansible tells every module beside its own arguments. */
function internals(name: string, context: PlanContext): Arguments {
  return {
    _ansible_check_mode: context.checkMode,
    _ansible_diff: context.diffMode,
    _ansible_no_log: false,
    _ansible_debug: false,
    _ansible_verbosity: 0,
    _ansible_module_name: name,
  };
}

/** `key=value` with values quoted as a shell would want them, so that a script may source the file. */
function asWords(given: Arguments, context: PlanContext): string {
  const all = { ...given, _ansible_check_mode: context.checkMode, _ansible_diff: context.diffMode };
  return Object.entries(all)
    .map(([key, value]) => `${key}=${word(asText(value))}`)
    .join(' ');
}

function asText(value: unknown): string {
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (value === null || value === undefined) return 'None';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function word(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'"'"'`)}'`;
}

/** The words of the `#!` line; `ansible_python_interpreter` and its like replace the program that it names. */
function interpreterOf(program: Buffer, context: PlanContext): readonly string[] {
  const line = /^#!\s*([^\n]*)/.exec(program.subarray(0, 512).toString('latin1'))?.[1]?.trim();
  if (line === undefined || line === '') return [];
  const words = line.split(/\s+/);
  const name = basename(words[0]!) === 'env' ? words[1] : basename(words[0]!);
  const variable = `ansible_${name?.replace(/[\d.]+$/, '')}_interpreter`;
  const other = context.scope.has(variable) ? context.scope.get(variable) : undefined;
  if (typeof other !== 'string' || other.startsWith('auto')) return words;
  return [other, ...words.slice(basename(words[0]!) === 'env' ? 2 : 1)];
}

function resultOfChange(name: string, outcomes: readonly ChangeOutcome[]): Record<string, unknown> {
  const ended = endedCommand(outcomes[0]);
  return ended ? resultOf(name, ended) : {};
}

/** Reads what the module printed. `changed` is false unless it says otherwise. */
function resultOf(
  name: string,
  ended: { readonly rc: number; readonly stdout: string; readonly stderr: string },
): Record<string, unknown> {
  const printed = printedObject(ended.stdout);
  if (printed) {
    const rcFailed = printed.failed === undefined && printed.rc !== undefined && Number(printed.rc) !== 0;
    return {
      ...(withoutInternals(printed) as Record<string, unknown>),
      changed: isTrue(printed.changed),
      ...(rcFailed || isTrue(printed.failed) ? { failed: true } : {}),
    };
  }
  return {
    failed: true,
    changed: false,
    msg: `MODULE FAILURE: the module ${name} printed no JSON object (exit code ${ended.rc})`,
    module_stdout: ended.stdout,
    module_stderr: ended.stderr,
    rc: ended.rc,
  };
}

/** A module that gives its arguments back gives back what was only meant for it. */
function withoutInternals(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutInternals);
  if (!isMapping(value)) return value;
  const own = filterMapping(value, (_, key) => !key.startsWith('_ansible_'));
  return mapValues(own, withoutInternals);
}

/** The JSON object in the output; login scripts and warnings may have written lines around it. */
function printedObject(stdout: string): Record<string, unknown> | undefined {
  const start = stdout.search(/^\s*\{/m);
  for (let end = stdout.lastIndexOf('}'); start >= 0 && end > start; end = stdout.lastIndexOf('}', end - 1)) {
    try {
      const value = parseJson(stdout.slice(start, end + 1));
      return isMapping(value) ? value : undefined;
    } catch {
      // The brace belonged to a line behind the object.
    }
  }
  return undefined;
}

function isTrue(value: unknown): boolean {
  return value === true || (typeof value === 'string' && /^(?:true|yes|on|1)$/i.test(value));
}

// Standard input is the arguments ($1 bytes), then the module, whose name is $2; the rest is its interpreter.
// dd takes the arguments byte by byte, because whatever reads more from a pipe would swallow the module.
const RUN_MODULE = `
${privateFolder('module')}
dd bs=1 count="$1" of="$folder/args" 2>/dev/null && cat >"$folder/$2" && chmod 700 "$folder/$2" || exit 1
module=$folder/$2
shift 2
"$@" "$module" "$folder/args" </dev/null
`;
