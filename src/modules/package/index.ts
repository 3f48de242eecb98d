import { z } from 'zod';
import { commandOutput, type Observed } from '../../resources/index.ts';
import { isMapping, isUnknown, type Unknown } from '../../values/index.ts';
import { answer, unknownPlan } from '../answer.ts';
import apt from '../apt/index.ts';
import { parseParams } from '../arguments.ts';
import dnf from '../dnf/index.ts';
import { anything, text } from '../params.ts';
import { defineModule, type Module, type PlanContext } from '../types.ts';
import { simpleManager } from './simple.ts';

const params = z.looseObject({
  name: anything.optional().describe('Packages, by the names of the package manager.'),
  state: text.default('present').describe('Whether they shall be installed, newest, or gone.'),
  use: text.default('auto').describe('The package manager, when it shall not be recognised.'),
});

type Params = z.infer<typeof params>;

const WITH_MODULE: Readonly<Record<string, Module<never>>> = {
  apt: apt as Module<never>,
  dnf: dnf as Module<never>,
  dnf5: dnf as Module<never>,
  yum: dnf as Module<never>,
};

const KNOWN = ['apt', 'dnf5', 'dnf', 'yum', 'apk', 'zypper', 'pacman'] as const;

// apt-get is the program of apt that scripts may rely on.
const managerProbe = commandOutput({
  argv: [
    '/bin/sh',
    '-c',
    'for p; do c=$p; [ "$p" = apt ] && c=apt-get; command -v "$c" >/dev/null && { echo "$p"; exit 0; }; done',
    'sh',
    ...KNOWN,
  ],
});

/** Further parameters go to the module of the package manager. */
export default defineModule({
  name: 'package',
  summary: 'Installs and removes packages with the package manager of the target.',
  params,
  async needs(given, seen, context) {
    const manager = managerOf(given, seen, context);
    if (typeof manager !== 'string') return [managerProbe];
    const first = known(given, context) === undefined ? [managerProbe] : [];
    const module = moduleFor(manager);
    if (!module) return first;
    return [...first, ...((await module.needs?.(argumentsOf(module, given, context), seen, context)) ?? [])];
  },
  plan(given, seen, context) {
    const manager = managerOf(given, seen, context);
    if (isUnknown(manager)) return unknownPlan(manager);
    const module = manager === undefined ? undefined : moduleFor(manager);
    if (!module) {
      const what = manager
        ? `the package manager ${manager} is not supported`
        : 'there is no known package manager';
      return { changes: [], failed: `${what}; known are ${KNOWN.join(', ')}` };
    }
    return module.plan(argumentsOf(module, given, context), seen, context);
  },
});

function moduleFor(manager: string): Module<never> | undefined {
  return WITH_MODULE[manager] ?? (simpleManager(manager) as Module<never> | undefined);
}

function argumentsOf(module: Module<never>, { use: _, ...args }: Params, context: PlanContext): never {
  return parseParams(module, args, context.position);
}

function managerOf(given: Params, seen: Observed, context: PlanContext): string | Unknown | undefined {
  const told = known(given, context);
  if (told !== undefined) return told;
  const said = seen.get(managerProbe) === undefined ? undefined : answer(seen, managerProbe);
  return said === undefined || isUnknown(said) ? said : said.stdout.trim() || undefined;
}

/** What the task or the facts say. */
function known(given: Params, context: PlanContext): string | undefined {
  if (given.use !== 'auto') return given.use.split('.').at(-1);
  const facts = context.scope.has('ansible_facts') ? context.scope.get('ansible_facts') : undefined;
  const manager = isMapping(facts) ? facts.pkg_mgr : undefined;
  return typeof manager === 'string' && moduleFor(manager) ? manager : undefined;
}
