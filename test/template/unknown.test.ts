import { describe, expect, it } from 'vitest';
import { isUnknown, Unknown } from '../../src/values/index.ts';
import { scopeOf, templarWith } from './scope.ts';

const SCOPE = scopeOf({
  out: new Unknown('the command did not run'),
  known: 1,
  holds: { rc: new Unknown('not run'), a: 1 },
});
const evaluate = (expression: string): unknown => templarWith().evaluate(expression, SCOPE);

describe('unknown', () => {
  it.each([
    'out',
    'out.rc',
    'out["rc"]',
    'out + 1',
    '1 + out',
    'out == 1',
    'out ~ "x"',
    'not out',
    'out | length',
    'out | default("x")',
    '"a" | replace("a", out)',
    '[out] | join',
    'out is match("x")',
    'out is changed',
    'out in [1]',
    '1 if out else 2',
    'out[1:]',
    'out()',
    'out and true',
    'true and out',
    'holds.rc == 0',
    '{"a": 1} | combine({"b": out}) | to_json',
  ])('%s is unknown', (expression) => {
    expect(isUnknown(evaluate(expression))).toBe(true);
  });

  it('stays outside of what does not depend on it', () => {
    expect(evaluate('out is defined')).toBe(true);
    expect(evaluate('out is undefined')).toBe(false);
    expect(evaluate('false and out')).toBe(false);
    expect(evaluate('out and false')).toBe(false);
    expect(evaluate('out == 1 and false')).toBe(false);
    expect(evaluate('true or out')).toBe(true);
    expect(evaluate('out or true')).toBe(true);
    expect(evaluate('known if true else out')).toBe(1);
    expect(evaluate('holds.a')).toBe(1);
  });

  it('makes the whole text unknown, with the reason', () => {
    const made = templarWith().render('result: {{ out.stdout }}', SCOPE);
    expect(isUnknown(made) && made.reason).toBe('the command did not run');
    expect(isUnknown(templarWith().render('{% for x in out %}{% endfor %}', SCOPE))).toBe(true);
    expect(isUnknown(templarWith().render('{% if out %}a{% endif %}', SCOPE))).toBe(true);
    expect(isUnknown(templarWith().renderFile('{{ out }}', SCOPE, { file: 'x' }))).toBe(true);
    expect(isUnknown((templarWith().renderDeep({ a: ['{{ out }}'] }, SCOPE) as { a: unknown[] }).a[0])).toBe(
      true,
    );
  });
});
