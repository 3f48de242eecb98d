import { describe, expect, it } from 'vitest';
import { CutoverError, describeError, didYouMean, ErrorList, nearest } from '../../src/errors/index.ts';

describe('the line of an error', () => {
  it('has place, host, message and what to do', () => {
    const error = new CutoverError('playbook', 'no such module "cpy"', {
      position: { file: 'a.yml', line: 3, column: 5 },
      host: 'web1',
      hint: 'did you mean "copy"?',
    });
    expect(describeError(error)).toBe('a.yml:3:5: web1: no such module "cpy" (did you mean "copy"?)');
  });

  it('is one per error of a list', () => {
    expect(new ErrorList([new CutoverError('usage', 'one'), new CutoverError('usage', 'two')]).message).toBe(
      'one\ntwo',
    );
  });
});

describe('the nearest word', () => {
  it.each([
    ['cpy', 'copy'],
    ['tempalte', 'template'],
    ['gather_fact', 'gather_facts'],
    ['BECOME', 'become'],
  ])('%s -> %s', (typo, word) => {
    expect(nearest(typo, ['copy', 'template', 'become', 'gather_facts'])).toBe(word);
  });

  it('is none when nothing is near', () => {
    expect(didYouMean('xylophone', ['copy', 'file'])).toBeUndefined();
  });
});
