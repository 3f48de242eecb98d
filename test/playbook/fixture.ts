import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { CutoverError, ErrorList } from '../../src/errors/index.ts';
import {
  type LoadOptions,
  loadPlaybook,
  type Playbook,
  type Task,
  type TaskNode,
  type VarsLayer,
} from '../../src/playbook/index.ts';

/** Modules that these tests know, with their free-form parameter. */
const MODULES: Readonly<Record<string, string | undefined>> = {
  command: 'cmd',
  shell: 'cmd',
  script: 'cmd',
  raw: 'cmd',
  meta: 'action',
  include_vars: 'file',
  copy: undefined,
  debug: undefined,
  file: undefined,
  ping: undefined,
  service: undefined,
  set_fact: undefined,
  user: undefined,
};

/** Options with a small catalog, `{{ name }}` as the only template, and `BROKEN` as the only syntax error. */
export const OPTIONS: LoadOptions = {
  catalog: {
    resolve: (name) => {
      const short = name.replace(/^(?:ansible\.(?:builtin|legacy)|community\.general)\./, '');
      return Object.hasOwn(MODULES, short) ? short : undefined;
    },
    names: () => Object.keys(MODULES),
    freeForm: (name) => MODULES[name],
    checkArguments: async (name, args, at) =>
      name === 'copy' && args.dest === undefined
        ? [new CutoverError('playbook', 'copy needs "dest"', { position: at })]
        : [],
  },
  rolesPath: [],
  readText: (path) => readFileSync(path, 'utf8'),
  renderStatic: (text, layers) => renderFrom(text, layers),
  checkTemplate: (text, _as, at) => {
    if (text.includes('BROKEN')) throw new CutoverError('template', 'broken', { position: at });
  },
};

function renderFrom(text: string, layers: readonly VarsLayer[]): string {
  return text.replace(/\{\{ *(\w+) *\}\}/g, (_, name: string) => {
    const layer = layers.findLast((one) => Object.hasOwn(one.values, name));
    if (!layer) throw new Error(`"${name}" is not known`);
    return String(layer.values[name]);
  });
}

/** Writes files into a folder of their own that goes away with the test; gives its path. */
export function folderOf(files: Readonly<Record<string, string>>): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'cutover-playbook-')));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

/** Loads `site.yml` of some files. */
export function load(
  files: Readonly<Record<string, string>>,
  options: Partial<LoadOptions> = {},
): Promise<Playbook> {
  return loadPlaybook(join(folderOf(files), 'site.yml'), { ...OPTIONS, ...options });
}

/** Loads a playbook of one play that has these tasks. */
export async function tasksOf(
  tasks: string,
  files: Readonly<Record<string, string>> = {},
): Promise<readonly TaskNode[]> {
  const playbook = await load({ 'site.yml': `- hosts: all\n  tasks:\n${indent(tasks, 4)}`, ...files });
  return playbook.plays[0]!.tasks;
}

/** Loads a play of one task. */
export async function taskOf(task: string): Promise<Task> {
  const [node] = await tasksOf(task);
  if (node?.kind !== 'task') throw new Error(`this is a ${node?.kind}, not a task`);
  return node;
}

/** Every task below some nodes, blocks opened. */
export function flat(nodes: readonly TaskNode[]): readonly Exclude<TaskNode, { kind: 'block' }>[] {
  return nodes.flatMap((node) =>
    node.kind === 'block' ? flat([...node.block, ...node.rescue, ...node.always]) : [node],
  );
}

/** Names of tasks, modules for nameless ones. */
export function names(nodes: readonly TaskNode[]): string[] {
  return flat(nodes).map((node) => node.name?.value ?? node.writtenModule);
}

/** The errors of a playbook as `file:line:column message (hint)`, files relative to its folder. */
export async function errorsOf(files: Readonly<Record<string, string>>): Promise<string[]> {
  const folder = folderOf(files);
  try {
    await loadPlaybook(join(folder, 'site.yml'), OPTIONS);
    return [];
  } catch (error) {
    if (!(error instanceof ErrorList)) throw error;
    return error.message.replaceAll(`${folder}/`, '').split('\n');
  }
}

/** Shifts every line to the right. */
export function indent(text: string, by: number): string {
  return text.replace(/^(?=.)/gm, ' '.repeat(by));
}
