import { describe, expect, it } from 'vitest';
import { workshop } from '../engine/workshop.ts';
import { cutover } from './cutover.ts';

const FILES = {
  'good.yml': '- hosts: all\n  tasks: [{ping: }]\n',
  'careless.yml': '- hosts: all\n  tasks:\n    - command: do it\n',
  'broken.yml': '- hosts: all\n  tasks:\n    - pingg:\n    - comand: x\n',
};

describe('cutover lint', () => {
  it.each([
    ['good.yml', [], 0, 'nothing to complain about\n'],
    ['careless.yml', [], 0, 'careless.yml:3:7: warning: this command counts as changed'],
    ['careless.yml', ['--strict'], 1, '0 errors, 1 warning\n'],
    ['broken.yml', [], 5, '2 errors, 0 warnings\n'],
  ])('%s %j ends with %i', async (playbook, flags, code, says) => {
    const called = await cutover(workshop(FILES), 'lint', playbook, ...flags);
    expect(called.stderr).toBe('');
    expect(called.stdout).toContain(says);
    expect(called.code).toBe(code);
  });

  it('gives JSON', async () => {
    const { stdout } = await cutover(workshop(FILES), 'lint', 'careless.yml', '--json');
    expect(JSON.parse(stdout)).toMatchObject({
      errors: 0,
      warnings: 1,
      problems: [{ severity: 'warning', rule: 'no-undo', position: { line: 3, column: 7 } }],
    });
  });
});
