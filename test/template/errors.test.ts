import { describe, expect, it } from 'vitest';
import { CutoverError, describeError, ErrorList } from '../../src/errors/index.ts';
import { scopeOf, templarWith } from './scope.ts';

const AT = { file: 'site.yml', line: 3, column: 5 };

function failure(action: () => unknown): unknown {
  try {
    action();
  } catch (error) {
    return error;
  }
  return undefined;
}

describe('errors', () => {
  it.each([
    ['{{ 1 + }}', 'site.yml:3:12: an expression is missing here'],
    ['{{ (1 }}', 'site.yml:3:11: unexpected "}"'],
    ['{{ a', 'site.yml:3:5: "{{" is never closed with "}}"'],
    ["{{ 'abc }}", "site.yml:3:8: the string that begins with ' is never closed"],
    ['{{ a b }}', 'site.yml:3:10: expected "}}", found "b"'],
    ['{% if x %}', 'site.yml:3:5: "if" is never closed with "endif"'],
    ['{% endif %}', 'site.yml:3:5: "endif" has nothing to close'],
    ['{% fro x in y %}', 'site.yml:3:5: there is no statement "fro", did you mean "for"?'],
    ['{{ 1 | uper }}', 'site.yml:3:12: there is no filter "uper" (did you mean "upper"?)'],
    ['{{ 1 is defnied }}', 'site.yml:3:13: there is no test "defnied" (did you mean "defined"?)'],
    ["{{ 'a' | replace }}", 'site.yml:3:14: filter "replace" needs the argument old'],
    [
      "{{ [1] | join(sep=',') }}",
      'site.yml:3:14: filter "join" has no argument "sep" (it takes d, attribute)',
    ],
    ["{{ 1 + 'a' }}", "site.yml:3:10: unsupported operand type(s) for +: 'int' and 'str'"],
    ["{{ 'a' < 1 }}", "site.yml:3:8: '<' not supported between instances of 'str' and 'int'"],
    ["{{ lookup('fil', 'x') }}", 'site.yml:3:14: there is no lookup "fil" (did you mean "file"?)'],
    [
      "{{ 'a' | regex_search('(?<x>a)(') }}",
      'site.yml:3:14: "(?<x>a)(" is no usable regular expression: the group (?< is not supported',
    ],
    [
      "{{ 'x' | password_hash('des_crypt') }}",
      'site.yml:3:14: filter "password_hash": password hashes of the kind "des_crypt" are not built in (use sha512, sha256, md5 or bcrypt; make others with a tool of the target)',
    ],
    [
      "{{ 'x' | password_hash('bcrypt', 'short') }}",
      'site.yml:3:14: filter "password_hash": the salt of bcrypt must have 22 letters, digits, dots and slashes',
    ],
    [
      "{{ 'x' | password_hash('blowfish', rounds=2) }}",
      'site.yml:3:14: filter "password_hash": rounds of bcrypt must be between 4 and 15',
    ],
    [
      "{{ 'x' | password_hash('bcrypt', ident='2x') }}",
      'site.yml:3:14: filter "password_hash": "2x" is not a variant of bcrypt (use 2b, 2a or 2y)',
    ],
    [
      "{{ 'x' | password_hash('sha512', salt_size=30) }}",
      'site.yml:3:14: filter "password_hash": the salt may have at most 16 letters, digits, dots and slashes',
    ],
  ])('%s', (text, message) => {
    const error = failure(() => templarWith().render(text, scopeOf({ a: 1, x: 1 }), AT));
    expect(error).toBeInstanceOf(CutoverError);
    expect(describeError(error)).toBe(message);
  });

  it('has line and column of a template file, also behind a header and in an included file', () => {
    const templar = templarWith({ '/play/templates/part.j2': 'ok\n  {{ missing }}\n' });
    const main = '#jinja2: trim_blocks: True\nfirst\n  {{ nope }}\n';
    const scope = scopeOf({});
    expect(describeError(failure(() => templar.renderFile(main, scope, { file: '/t/main.j2' })))).toBe(
      "/t/main.j2:3:6: 'nope' is undefined",
    );
    const includes = "x\n{% include 'part.j2' %}\n";
    expect(describeError(failure(() => templar.renderFile(includes, scope, { file: '/t/main.j2' })))).toBe(
      "/play/templates/part.j2:2:6: 'missing' is undefined",
    );
  });

  it('checks without evaluating: every unknown filter and test at once', () => {
    const templar = templarWith();
    expect(() => templar.check('{{ nope.x | upper }} {% if a %}{% endif %}', 'text', AT)).not.toThrow();
    expect(() => templar.check('result.rc == 0 and x is defined', 'expression', AT)).not.toThrow();
    expect(describeError(failure(() => templar.check('a is', 'expression', AT)))).toBe(
      "site.yml:3:9: expected a test's name, found the end of the expression",
    );
    const both = failure(() => templar.check('{{ a | uper }} {{ b is defnied }}', 'text', AT));
    expect(both).toBeInstanceOf(ErrorList);
    expect((both as ErrorList).errors).toHaveLength(2);
  });
});
