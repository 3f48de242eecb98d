import { resolve } from 'node:path';
import { CutoverError } from '../../../errors/index.ts';
import type { Play, Task } from '../../../playbook/index.ts';
import { positionOf } from '../../../source/index.ts';
import { candidateFiles, hasTemplate } from '../../paper/literal-files.ts';
import { findFile, searchFolders } from '../../task/files.ts';
import { type LintProblem, warning } from '../problem.ts';
import type { Subject } from '../subject.ts';

/** Where modules name a file of the controller: argument, and the kind of folder in which it is searched. */
const NAMED: Readonly<Record<string, { readonly argument: string; readonly kind: string }>> = {
  copy: { argument: 'src', kind: 'files' },
  template: { argument: 'src', kind: 'templates' },
  unarchive: { argument: 'src', kind: 'files' },
  script: { argument: 'cmd', kind: 'files' },
  include_vars: { argument: 'file', kind: 'vars' },
};

/** Finds files of the controller that tasks and plays name literally and that are not there. */
export function* missingFiles({ plays }: Subject): Iterable<LintProblem> {
  const seen = new Set<string>();
  for (const { play, tasks } of plays) {
    yield* missingVarsFiles(play);
    for (const { node } of tasks) {
      const found = node.kind === 'task' ? missingFile(node, play) : undefined;
      const key = `${found?.position?.file}:${found?.position?.line}`;
      if (!found || seen.has(key)) continue;
      seen.add(key);
      yield found;
    }
  }
}

function missingFile(task: Task, play: Play): LintProblem | undefined {
  const named = Object.hasOwn(NAMED, task.module) ? NAMED[task.module] : undefined;
  const written = named && task.args[named.argument];
  if (typeof written !== 'string' || written.trim() === '' || onTarget(task, written)) return undefined;
  // A script is named with its arguments behind it.
  const name = task.module === 'script' ? written.trim().split(/\s+/)[0]! : written;
  if (hasTemplate(name) || /["'\\]/.test(name)) return undefined;
  try {
    findFile(name, searchFolders(named!.kind, task.role, task.position.file, play.folder), undefined);
    return undefined;
  } catch (error) {
    if (!(error instanceof CutoverError)) throw error;
    const position = positionOf(task.args, named!.argument) ?? task.argsAt;
    return warning('missing-file', error.message, { position, hint: error.hint });
  }
}

function onTarget({ args }: Task, name: string): boolean {
  const remote = args.remote_src;
  if (remote !== undefined && remote !== false && !/^(?:no|false|off|0)$/i.test(String(remote))) return true;
  return name.includes('://');
}

function* missingVarsFiles(play: Play): Iterable<LintProblem> {
  const folders = [play.folder, resolve(play.folder, 'vars')];
  for (const { value, at } of play.varsFiles) {
    const names = (Array.isArray(value) ? value : [value]).map(String);
    if (names.some((name) => hasTemplate(name) || candidateFiles(name, folders).length > 0)) continue;
    const message = `Could not find or access '${names.join("' or '")}' on the controller`;
    yield warning('missing-file', message, { position: at, hint: `searched ${folders.join(', ')}` });
  }
}
