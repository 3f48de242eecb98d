import { expect, it } from 'vitest';
import { loadModule, parseParams, targetPathsOf } from '../../src/modules/index.ts';

/** Which parameters are places of the target, and are made absolute there before the module sees them. */
it.each([
  ['file', { path: 'x', state: 'link', src: '../y' }, ['path', 'src']],
  ['file', { name: 'x', state: 'hard', src: 'y' }, ['path', 'src']],
  ['copy', { src: 'x', dest: '~/y' }, ['dest']],
  ['copy', { src: 'x', dest: '~/y', remote_src: 'yes' }, ['dest', 'src']],
  ['template', { src: 'x.j2', dest: 'y' }, ['dest']],
  ['fetch', { src: '~/x', dest: 'here' }, ['src']],
  ['unarchive', { src: 'x.zip', dest: 'y', creates: 'y/x' }, ['creates', 'dest']],
  ['unarchive', { src: '~/x.zip', dest: 'y', copy: 'no' }, ['dest', 'src']],
  ['unarchive', { src: 'https://example.com/x.zip', dest: 'y', remote_src: true }, ['dest']],
  ['assemble', { src: 'parts', dest: 'y' }, ['dest', 'src']],
  ['assemble', { src: 'parts', dest: 'y', remote_src: false }, ['dest']],
  ['command', { argv: ['ls'], chdir: '~', creates: 'x' }, ['chdir', 'creates']],
  ['find', { paths: ['~', 'x'] }, ['paths']],
  ['mount', { path: 'none', src: '/swapfile', fstype: 'swap', state: 'present' }, []],
  ['user', { name: 'ann', home: 'x', ssh_key_file: '.ssh/id' }, []],
  ['user', { name: 'ann', home: '~/x' }, ['home']],
  ['git', { repo: 'x', dest: '~/x', key_file: '~/.ssh/id' }, ['dest', 'key_file']],
] as const)('%s %j: %j', async (name, args, expected) => {
  const module = await loadModule(name);
  const params = parseParams(module, args) as Record<string, unknown>;
  const asWritten = module.pathsAsWritten?.(params) ?? [];
  const found = targetPathsOf(module.params).filter(
    (one) => args[one as keyof typeof args] !== undefined || params[one] === 'x',
  );
  expect(found.filter((one) => !asWritten.includes(one)).sort()).toEqual(expected);
});

/** Of these only `~` and variables are filled in: what they are relative to is known to the module. */
it.each([
  ['file', { path: 'x', state: 'link', src: '~/y' }, ['src']],
  ['file', { path: 'x', state: 'hard', src: 'y' }, []],
  ['command', { argv: ['ls'], chdir: '/srv', creates: 'x' }, ['creates']],
] as const)('%s %j: %j stay relative', async (name, args, expected) => {
  const module = await loadModule(name);
  const params = parseParams(module, args) as Record<string, unknown>;
  const relative = module.relativePaths?.(params) ?? [];
  expect(relative.filter((one) => one in args)).toEqual(expected);
});
