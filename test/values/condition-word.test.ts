import { describe, expect, it } from 'vitest';
import { conditionWord } from '../../src/values/index.ts';

describe('conditionWord', () => {
  it.each([
    ['true', 'flag', true],
    [' True\n', '{{ flag }}', true],
    ['false', '{{ flag }}', false],
    ['False', '{% if a %}False{% endif %}', false],
    // A variable that holds the text: to Ansible it is true.
    ['false', 'flag', undefined],
    ['no', '{{ flag }}', undefined],
    [false, 'flag', undefined],
  ])('%j given by %s says %s', (given, written, said) => {
    expect(conditionWord(given, written)).toBe(said);
  });
});
