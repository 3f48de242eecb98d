/** Plans a task without a host: arguments and observed states in, plan and result out. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import { CutoverError } from '../../src/errors/index.ts';
import { type Module, type Plan, type PlanContext, parseParams } from '../../src/modules/index.ts';
import type { ChangeOutcome, Observed, Probe } from '../../src/resources/index.ts';
import { Undefined, Unknown } from '../../src/values/index.ts';

/** What surrounds the task. */
export interface Surroundings {
  /** Probe -> what the host shows. A probe that is asked and not here is an error. */
  readonly states?: readonly (readonly [Probe<never> | Probe, unknown])[];
  readonly checkMode?: boolean;
  readonly diffMode?: boolean;
  /** The host that it is delegated to. */
  readonly delegate?: PlanContext['delegate'];
  /** The task acts on the controller itself. */
  readonly local?: boolean;
  readonly variables?: Readonly<Record<string, unknown>>;
  /** Expression -> its value, for modules that evaluate. */
  readonly expressions?: Readonly<Record<string, unknown>>;
  /** Name -> path of controller files. */
  readonly files?: Readonly<Record<string, string>>;
}

/** A plan, the probes that led to it, and its result when every change gives what `outcome` says. */
export interface Planned extends Plan {
  readonly asked: readonly string[];
  readonly summaries: readonly string[];
  resultWith(...results: readonly Record<string, unknown>[]): Record<string, unknown>;
}

/** Asks and plans like the engine does, with states from a table. */
export async function planTask<Params>(
  module: Module<Params>,
  args: Record<string, unknown>,
  around: Surroundings = {},
): Promise<Planned> {
  const params = parseParams(module, args);
  const context = contextOf(around);
  const states = new Map((around.states ?? []).map(([probe, state]) => [probe.key, state]));
  const known = new Map<string, unknown>();
  const seen: Observed = { get: (probe) => known.get(probe.key) as never };
  for (let round = 0; round < 10; round++) {
    const fresh = ((await module.needs?.(params, seen, context)) ?? []).filter(({ key }) => !known.has(key));
    if (fresh.length === 0) break;
    for (const { key } of fresh) {
      if (!states.has(key)) throw new Error(`the test has no answer for ${key}`);
      known.set(key, states.get(key));
    }
  }
  const plan = await module.plan(params, seen, context);
  const outcomes = (results: readonly Record<string, unknown>[]): ChangeOutcome[] =>
    plan.changes.map((change, index) => ({
      change,
      status: results[index] === undefined ? 'not-run' : 'done',
      result: results[index],
    }));
  return {
    ...plan,
    asked: [...known.keys()],
    summaries: plan.changes.map((change) => change.summary),
    resultWith: (...results) => plan.result?.(outcomes(results)) ?? {},
  };
}

/** What a command gives when it ends, for `resultWith`. */
export function ended(rc: number, stdout = '', stderr = ''): Record<string, unknown> {
  const startedAt = Date.UTC(2026, 0, 31, 23, 59, 58, 250);
  return { rc, stdout, stderr, stdoutBytes: Buffer.from(stdout), startedAt, endedAt: startedAt + 1250 };
}

/** The value of a dry run that nobody can know. */
export const unknown = new Unknown('a test cannot know');

/** What a module may ask of the controller, in a test. */
export function contextOf(around: Surroundings): PlanContext {
  const variables = around.variables ?? {};
  return {
    host: 'web1',
    checkMode: around.checkMode ?? false,
    diffMode: around.diffMode ?? false,
    scope: {
      has: (name) => Object.hasOwn(variables, name),
      get: (name) => variables[name],
      names: () => Object.keys(variables),
    },
    templar: {
      isTemplate: (text) => text.includes('{{'),
      render: (text) => text,
      renderDeep: (value) => value,
      renderFile: (text) => text,
      lookup: () => {
        throw new CutoverError('template', 'a test has no lookups');
      },
      check: () => {},
      evaluate(expression) {
        if (Object.hasOwn(around.expressions ?? {}, expression)) return around.expressions![expression];
        throw new CutoverError('template', `"${expression}" is undefined`, {
          cause: new Undefined(expression, 'undefined'),
        });
      },
    },
    position: { file: 'site.yml', line: 3, column: 7 },
    environment: {},
    startedAt: 0,
    runFolder: '/nowhere',
    ...(around.local ? { local: true } : {}),
    ...(around.delegate && { delegate: around.delegate }),
    findFile(name) {
      const path = around.files?.[name] ?? (isAbsolute(name) && existsSync(name) ? name : undefined);
      if (path === undefined) throw new CutoverError('playbook', `there is no file ${name}`);
      return path;
    },
    readText: (path) => readFileSync(path, 'utf8'),
    async readFile(path) {
      const bytes = readFileSync(path);
      return {
        path,
        size: bytes.length,
        mode: 0o644,
        sha256: createHash('sha256').update(bytes).digest('hex'),
        bytes,
      };
    },
  };
}
