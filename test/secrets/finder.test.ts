import { describe, expect, it } from 'vitest';
import { WordFinder } from '../../src/secrets/finder.ts';
import { createSecrets } from '../../src/secrets/index.ts';

function finder(...words: string[]): WordFinder {
  const made = new WordFinder();
  for (const word of words) made.add(word);
  return made;
}

describe('replace', () => {
  it.each([
    [['hunter'], 'hunter', '*'],
    [['hunter'], 'a hunter, two hunters', 'a *, two *s'],
    [['hunter', 'hunter2', 'unte'], 'hunter2hunter1', '**1'],
    [['aaaa'], 'aaaaaaaaa', '**a'],
    [['ab'], 'ab abc cab x_ab (ab) ab', '* abc cab x_ab (*) *'],
    [['a', 'a-b'], 'a-b a', '* *'],
    [['.x.'], 'a.x.b .x.', 'a.x.b *'],
    [['line\nline'], 'line\nline\n', '*\n'],
    [['\u{1f511}key'], 'a\u{1f511}key', 'a*'],
    [['$&.*+'], 'x$&.*+y', 'x*y'],
    [['none'], 'nothing here', 'nothing here'],
    [[''], 'text', 'text'],
  ])('%j in %j', (words, text, replaced) => {
    expect(finder(...words).replace(text, '*')).toBe(replaced);
    expect(finder(...words).isIn(text)).toBe(replaced !== text);
  });

  it('does what a search for every word does', () => {
    let seed = 7;
    const random = (below: number) => {
      seed = (seed * 48271) % 2147483647;
      return seed % below;
    };
    const word = (length: number) => Array.from({ length }, () => 'abc1'[random(4)]).join('');
    for (let round = 0; round < 300; round++) {
      const words = Array.from({ length: 1 + random(6) }, () => word(4 + random(5)));
      const text = word(60);
      const longestFirst = words.toSorted((a, b) => b.length - a.length);
      const wanted = text.replace(new RegExp(longestFirst.join('|'), 'g'), '*');
      expect(finder(...words).replace(text, '*'), `${words} in ${text}`).toBe(wanted);
    }
  });
});

it('a vault may hold thousands of values', () => {
  const secrets = createSecrets();
  const values = Array.from({ length: 5000 }, (_, index) => `value number ${index} of a vault`);
  secrets.add(values);
  secrets.add(values.join('\n'));
  expect(secrets.mask(`is ${values[4321]}, and ${btoa(values[17]!)}`)).toMatch(/^is \*{8}, and \*{8}/);
  expect(secrets.has({ deep: [values[4999]] })).toBe(true);
});
