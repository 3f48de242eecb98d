/** The variables that only template files see, over everything else. */
import { statSync } from 'node:fs';
import { hostname, userInfo } from 'node:os';
import { naive } from './python/datetime.ts';
import { clockTime, format } from './python/strftime.ts';
import type { Scope } from './types.ts';

/** A template as its user named it. */
export interface NamedTemplate {
  /** As written. */
  readonly path: string;
  /** Absolute. */
  readonly file: string;
  /** The file that is made of it. */
  readonly destination?: string;
  /** The setting `ansible_managed`, as written. */
  readonly managed?: string | undefined;
  /** One time for all hosts, so that a second run does not differ. */
  readonly runDate: Date;
}

/** Gives a scope with the variables that describe a template (`template_path`, `ansible_managed`). */
export function templateScope(template: NamedTemplate, scope: Scope): Scope {
  const { path, file, destination, runDate } = template;
  return withVariables(scope, {
    ansible_managed: managedText(template),
    template_host: hostname(),
    template_uid: userInfo().username,
    template_path: path,
    template_fullpath: file,
    template_destpath: destination ?? null,
    template_mtime: naive(clockTime(statSync(file).mtime, false)),
    template_run_date: naive(clockTime(runDate, false)),
  });
}

/** Gives a scope with more variables on top. */
export function withVariables(scope: Scope, more: Readonly<Record<string, unknown>>): Scope {
  const own = (name: string): boolean => Object.hasOwn(more, name);
  return {
    has: (name) => own(name) || scope.has(name),
    get: (name) => (own(name) ? more[name] : scope.get(name)),
    names: () => new Set([...Object.keys(more), ...scope.names()]),
  };
}

/** Names in braces, then the time at which the template was written: the same for all hosts and runs. */
function managedText({ file, managed }: NamedTemplate): string {
  if (managed === undefined) return 'Ansible managed';
  const words: Readonly<Record<string, string>> = { file, host: hostname(), uid: userInfo().username };
  const named = managed.replace(/\{(file|host|uid)\}/g, (_, name: string) => words[name] ?? '');
  return format(clockTime(statSync(file).mtime, false), named);
}
