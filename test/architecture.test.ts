/** The rooms of src/ and who may look into whom. docs/architecture.md draws the same picture. */
import { globSync, readFileSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

/** Each room with the rooms that it may import from. Dependencies point downwards only. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  errors: [],
  values: ['errors'],
  secrets: ['errors'],
  regex: ['errors'],
  source: ['errors', 'values'],
  vault: ['errors'],
  config: ['errors', 'values', 'source'],
  template: ['errors', 'values', 'secrets', 'regex', 'source', 'vault'],
  inventory: ['errors', 'values', 'secrets', 'regex', 'source', 'config', 'template'],
  playbook: ['errors', 'values', 'source'],
  transport: ['errors'],
  resources: ['errors', 'values', 'regex', 'transport'],
  modules: ['errors', 'values', 'regex', 'source', 'template', 'resources'],
  journal: ['errors', 'secrets', 'resources'],
  engine: [
    'errors',
    'values',
    'secrets',
    'source',
    'vault',
    'config',
    'template',
    'inventory',
    'playbook',
    'transport',
    'resources',
    'modules',
    'journal',
  ],
  report: ['errors', 'journal'],
  lab: ['errors'],
  cli: [
    'errors',
    'values',
    'secrets',
    'source',
    'vault',
    'config',
    'inventory',
    'playbook',
    'modules',
    'journal',
    'engine',
    'report',
    'lab',
  ],
};

const root = resolve(import.meta.dirname, '../src');

interface Import {
  readonly from: string;
  readonly to: string;
  readonly typeOnly: boolean;
}

function importsOf(file: string): Import[] {
  const text = readFileSync(file, 'utf8');
  const pattern = /^\s*(?:import|export)\s+(type\s)?[^;]*?from\s+'(\.[^']+)'|import\('(\.[^']+)'\)/gm;
  return [...text.matchAll(pattern)].map((match) => ({
    from: relative(root, file),
    to: relative(root, resolve(dirname(file), (match[2] ?? match[3])!)),
    typeOnly: match[1] !== undefined,
  }));
}

const files = globSync('**/*.ts', { cwd: root }).map((file) => resolve(root, file));
const crossing = files
  .flatMap(importsOf)
  .filter(({ from, to }) => room(from) !== room(to) && !to.startsWith('..'));

function room(path: string): string {
  return path.includes('/') ? path.split('/')[0]! : '';
}

describe('the rooms of src', () => {
  it('are all known', () => {
    const rooms = new Set(files.map((file) => room(relative(root, file))).filter((name) => name !== ''));
    expect([...rooms].filter((name) => !(name in MAY_IMPORT))).toEqual([]);
  });

  it('import downwards only', () => {
    const wrong = crossing.filter(
      ({ from, to }) => room(from) !== '' && !MAY_IMPORT[room(from)]?.includes(room(to)),
    );
    expect(wrong.map(({ from, to }) => `${from} -> ${to}`)).toEqual([]);
  });

  it('are entered through their index only', () => {
    const wrong = crossing.filter(({ to }) => !/^[^/]+\/index\.ts$/.test(to));
    expect(wrong.map(({ from, to }) => `${from} -> ${to}`)).toEqual([]);
  });

  it('keep modules away from hosts, and reports away from the engine', () => {
    const wrong = crossing.filter(
      ({ from, to }) =>
        (room(from) === 'modules' && room(to) === 'transport') ||
        (room(from) === 'report' && !['journal', 'errors'].includes(room(to))),
    );
    expect(wrong).toEqual([]);
  });
});
