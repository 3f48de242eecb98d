import { CutoverError, type SourcePosition } from '../errors/index.ts';
import { locate, positionOf } from '../source/index.ts';
import { booleanOf, isOmit, isUnknown } from '../values/index.ts';
import { hasTemplate, kindOf } from './reading.ts';
import type { RoleRequest } from './types.ts';

type Data = Readonly<Record<string, unknown>>;

/** Parameters of `include_role` and `import_role`. */
export const ROLE_PARAMETERS: readonly string[] = [
  'name',
  'role',
  'tasks_from',
  'vars_from',
  'defaults_from',
  'handlers_from',
  'allow_duplicates',
  'public',
  'rolespec_validate',
];

/**
 * Reads the parameters of a task that names a role, once their templates are rendered. Throws CutoverError('playbook') when there
 * is no name, or something is no name of a file or no boolean.
 */
export function roleRequest(module: string, args: Data, at: SourcePosition | undefined): RoleRequest {
  const name = args.name ?? args.role;
  if (name === undefined || name === null || name === '' || typeof name === 'object')
    throw wrong(`${module} needs "name"`, args, 'name', at);
  return {
    name: String(name),
    tasksFrom: fileName(args, 'tasks_from', at),
    varsFrom: fileName(args, 'vars_from', at),
    defaultsFrom: fileName(args, 'defaults_from', at),
    handlersFrom: fileName(args, 'handlers_from', at),
    public: switchOf(args, 'public', at),
    allowDuplicates: switchOf(args, 'allow_duplicates', at),
    validates: switchOf(args, 'rolespec_validate', at),
  };
}

/** As `roleRequest`, of parameters as they are written: those with templates are left to the run. */
export function checkRoleRequest(module: string, args: Data, at: SourcePosition | undefined): RoleRequest {
  const plain = Object.entries(args).filter(
    ([key, value]) => key === 'name' || key === 'role' || typeof value !== 'string' || !hasTemplate(value),
  );
  return roleRequest(module, locate(Object.fromEntries(plain), args), at);
}

function fileName(args: Data, key: string, at: SourcePosition | undefined): string | undefined {
  const value = args[key];
  if (unsaid(value)) return undefined;
  if (typeof value === 'string') return value;
  throw wrong(`"${key}" must be the name of a file, not ${kindOf(value)}`, args, key, at);
}

function unsaid(value: unknown): boolean {
  return value === undefined || isOmit(value) || isUnknown(value);
}

function switchOf(args: Data, key: string, at: SourcePosition | undefined): boolean | undefined {
  const value = args[key];
  if (value === null || unsaid(value)) return undefined;
  const answer = booleanOf(value);
  if (answer !== undefined) return answer;
  throw wrong(
    `"${key}" must be yes or no, not ${typeof value === 'string' ? JSON.stringify(value) : kindOf(value)}`,
    args,
    key,
    at,
  );
}

function wrong(message: string, args: Data, key: string, at: SourcePosition | undefined): CutoverError {
  return new CutoverError('playbook', message, { position: positionOf(args, key) ?? at });
}
