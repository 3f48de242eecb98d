import { resolve } from 'node:path';
import { z } from 'zod';
import { CutoverError, describeError } from '../../errors/index.ts';
import { parseYaml } from '../../source/index.ts';
import { isMapping, mergeDeep } from '../../values/index.ts';
import { boolean, choice, integer, regex, strings, text, writtenPath } from '../params.ts';
import { defineModule, type Plan, type PlanContext } from '../types.ts';
import { filesBelow } from './folder.ts';

const params = z
  .strictObject({
    // May be empty: what `first_found` gives with `errors='ignore'`. Then the task fails when its turn comes.
    file: text.optional().describe('A YAML or JSON file, searched in `vars` of role and playbook.'),
    dir: writtenPath.optional().describe('A folder; all its variable files are read in alphabetical order.'),
    name: text.optional().describe('Put all variables under this one name.'),
    depth: integer.default(0).describe('How deep to look into folders below `dir`; 0 means all the way.'),
    files_matching: regex
      .optional()
      .describe('Read only files of `dir` whose names match this regular expression.'),
    ignore_files: strings.default([]).describe('Regular expressions of file names in `dir` to leave out.'),
    ignore_unknown_extensions: boolean
      .default(false)
      .describe('Leave files of `dir` with other extensions out instead of failing.'),
    extensions: strings.default(['yaml', 'yml', 'json']).describe('Extensions of variable files in `dir`.'),
    hash_behaviour: choice('replace', 'merge')
      .optional()
      .describe('Whether a mapping replaces the variable of that name, or is merged into it.'),
  })
  .refine((given) => (given.file === undefined) !== (given.dir === undefined), {
    message: 'needs either file or dir',
  });

/** Values stay as written: templates in them are evaluated when they are used. */
export default defineModule({
  name: 'include_vars',
  summary: 'Reads variables from files of the controller while the play runs.',
  params,
  freeForm: 'file',
  controllerOnly: true,
  plan(given, _seen, context) {
    let files: readonly string[] = [];
    let read: Record<string, unknown>;
    try {
      files = filesOf(given, context);
      read = Object.assign({}, ...files.map((file) => variablesOf(file, context)));
    } catch (error) {
      return unread(describeError(error), given.name);
    }
    const wanted = given.name === undefined ? read : { [given.name]: read };
    const vars = given.hash_behaviour === 'merge' ? mergedWithPresent(wanted, context) : wanted;
    return {
      changes: [],
      changed: false,
      effects: [{ kind: 'include-vars', vars }],
      result: () => ({ ansible_facts: vars, ansible_included_var_files: files }),
    };
  },
});

function filesOf(given: z.infer<typeof params>, context: PlanContext): readonly string[] {
  const name = given.file ?? given.dir!;
  // Outside of roles a folder is only looked for beside the playbook.
  if (given.dir !== undefined && !context.scope.has('role_path')) {
    const playbook = context.scope.get('playbook_dir');
    if (typeof playbook === 'string') return filesBelow(resolve(playbook, given.dir), given);
  }
  let path: string;
  try {
    // Nothing would be the folder of variables itself.
    if (name === '') throw new CutoverError('playbook', 'the name of the file is empty');
    path = context.findFile(name, 'vars');
  } catch (error) {
    throw new CutoverError('playbook', `Could not find file '${name}' of variables`, {
      position: context.position,
      cause: error,
      ...(error instanceof CutoverError && error.hint !== undefined ? { hint: error.hint } : {}),
    });
  }
  return given.file === undefined ? filesBelow(path, given) : [path];
}

/** Says it as "message", where playbooks look for it. */
function unread(message: string, name: string | undefined): Plan {
  return {
    changes: [],
    failed: message,
    result: () => ({
      message,
      ansible_facts: name === undefined ? {} : { [name]: {} },
      ansible_included_var_files: [],
    }),
  };
}

function variablesOf(file: string, context: PlanContext): Record<string, unknown> {
  const value = parseYaml({ text: context.readText(file), file });
  if (value === undefined || value === null) return {};
  if (isMapping(value)) return value;
  throw new CutoverError('playbook', `${file} must hold a mapping of variables`, {
    position: context.position,
    hint: 'write "name: value" lines',
  });
}

function mergedWithPresent(wanted: Record<string, unknown>, context: PlanContext): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(wanted).map(([name, value]) => {
      const present = context.scope.has(name) ? context.scope.get(name) : undefined;
      return [name, isMapping(value) && isMapping(present) ? mergeDeep(present, value) : value];
    }),
  );
}
