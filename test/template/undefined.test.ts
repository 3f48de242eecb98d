import { describe, expect, it } from 'vitest';
import { describeError } from '../../src/errors/index.ts';
import { isUndefined } from '../../src/values/index.ts';
import { scopeOf, templarWith } from './scope.ts';

const SCOPE = scopeOf({ host: { packages: [{ name: 'nginx' }], address: '::1' }, users: ['ann'] });
const AT = { file: 'site.yml', line: 7, column: 10 };

function failure(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    return describeError(error);
  }
  return 'nothing failed';
}

describe('undefined', () => {
  it.each([
    ['{{ user }}', 'site.yml:7:13: \'user\' is undefined (did you mean "users"?)'],
    [
      '{{ host.adress }}',
      'site.yml:7:17: \'dict object\' has no attribute \'adress\' in "host" (did you mean "address"?)',
    ],
    [
      '{{ host.packages[0].nme }}',
      'site.yml:7:29: \'dict object\' has no attribute \'nme\' in "host.packages[0]" (did you mean "name"?)',
    ],
    [
      '{{ host.packages[3].name }}',
      'site.yml:7:29: list object has no element 3: "host.packages" has 1 element',
    ],
    ['{{ nope.deep.er }}', "site.yml:7:22: 'nope' is undefined"],
    ['x {{ nope + 1 }}', "site.yml:7:20: 'nope' is undefined"],
    [
      '{{ users | map(attribute="x") | list }}',
      "site.yml:7:10: 'str object' has no attribute 'x' in \"item\"",
    ],
    ['{{ [nope] }}', "site.yml:7:10: 'nope' is undefined"],
    ['{{ nope | mandatory }}', "site.yml:7:20: Mandatory variable 'nope'  not defined."],
    ["{{ nope | mandatory('set it') }}", 'site.yml:7:20: set it'],
    ["{{ undef('fill me in') }}", 'site.yml:7:18: fill me in'],
  ])('%s', (text, message) => {
    expect(failure(() => templarWith().render(text, SCOPE, AT))).toBe(message);
  });

  it('is an error in conditions, comparisons, loops and filters alike', () => {
    for (const expression of [
      'nope',
      'not nope',
      'nope == 1',
      '1 in nope',
      'nope | length',
      'nope and true',
      '-nope',
    ])
      expect(
        failure(() => templarWith().evaluate(`[${expression}]`, SCOPE)),
        expression,
      ).toBe("'nope' is undefined");
    expect(failure(() => templarWith().render('{% for x in nope %}{% endfor %}', SCOPE))).toBe(
      "'nope' is undefined",
    );
  });

  it('becomes a value where variables are read lazily', () => {
    const made = templarWith().renderDeep({ a: '{{ nope.x }}', b: '{{ users[0] }}' }, SCOPE, {
      lenient: true,
    });
    const { a, b } = made as { a: unknown; b: unknown };
    expect(isUndefined(a) && a.path).toBe('nope.x');
    expect(b).toBe('ann');
    expect(failure(() => templarWith().renderDeep({ a: '{{ nope }}' }, SCOPE))).toBe("'nope' is undefined");
    expect(failure(() => templarWith().renderDeep({ a: '{{ 1 / 0 }}' }, SCOPE, { lenient: true }))).toBe(
      'division by zero',
    );
  });

  it('can be asked about without an error', () => {
    const made = templarWith().render(
      "{{ nope.a.b is defined }} {{ nope.a | default('d') }} {{ 'x' if nope is defined else 'y' }}",
      SCOPE,
    );
    expect(made).toBe('False d y');
  });
});
