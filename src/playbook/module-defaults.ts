import { locate, positionOf } from '../source/index.ts';
import { isMapping } from '../values/index.ts';
import { type Action, resolveModule } from './action.ts';
import type { Inherited, Place } from './place.ts';
import { type Reading, suggest } from './reading.ts';
import type { Task } from './types.ts';

type Data = Readonly<Record<string, unknown>>;

/** Gives the parameters of a module that one `module_defaults` has, under whichever of its names. */
export function defaultsFor(
  defaults: Data,
  { module, writtenModule }: Pick<Task, 'module' | 'writtenModule'>,
): Data | undefined {
  const names = [module, writtenModule, `ansible.builtin.${module}`];
  const found = names.map((name) => defaults[name]).filter(isMapping);
  return found.length === 0 ? undefined : Object.assign({}, ...found);
}

/** Gives the mappings of one `module_defaults`, which may be a list of them: what comes later counts. */
export function defaultsIn(value: unknown): readonly Data[] {
  return (Array.isArray(value) ? value : [value]).filter(isMapping);
}

/** The parameters as written, with those that `module_defaults` give: together they must be enough. */
export function withDefaults(
  { module, written: name, args }: Action,
  inherited: Inherited,
  place: Place,
): Data {
  const all = [
    ...(place.play.moduleDefaults ? [place.play.moduleDefaults] : []),
    ...inherited.moduleDefaults,
  ];
  const found = all
    .flatMap(({ value }) => defaultsIn(value))
    .flatMap((each) => defaultsFor(each, { module, writtenModule: name }) ?? []);
  const innermost = found.at(-1);
  return innermost ? locate({ ...innermost, ...args }, args) : args;
}

/** Groups of modules that ansible-core names without their collection. Those of collections are not known here. */
const GROUPS = ['acme', 'aws', 'azure', 'cpm', 'docker', 'gcp', 'k8s', 'os', 'ovirt', 'vmware'];

/** Notes every name in a `module_defaults` that is neither a module nor a group of them. */
export function checkModuleDefaults(reading: Reading, value: unknown): void {
  for (const defaults of defaultsIn(value))
    for (const name of Object.keys(defaults)) {
      const at = positionOf(defaults, name, 'key');
      const [, group] = /^group\/(?:ansible\.builtin\.)?(.*)$/.exec(name) ?? [];
      if (group !== undefined) {
        if (!GROUPS.includes(group) && !/^\w+\.\w+\.\w+$/.test(group))
          reading.fail(`there is no group of modules "${group}"`, at, suggest(group, GROUPS));
      } else if (resolveModule(reading, name) === undefined) {
        const known = reading.options.catalog.names();
        reading.fail(`the module "${name}" in module_defaults is not known`, at, suggest(name, known));
      }
    }
}
