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
    [
      '{{ 1 + 0400 }}',
      "site.yml:3:12: a number does not begin with 0: 0400 (write '0400' as a mode, 0o400 for the octal number)",
    ],
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
    ["{{ lookup('fil', 'x') }}", 'site.yml:3:14: lookup plugin (fil) not found (did you mean "file"?)'],
    ["{{ 'http://h:99999/' | urlsplit }}", 'site.yml:3:28: filter "urlsplit": Port out of range 0-65535'],
    [
      "{{ 'http://h:x/' | urlsplit('path') }}",
      `site.yml:3:24: filter "urlsplit": Port could not be cast to integer value as 'x'`,
    ],
    ["{{ 'http://[::1/' | urlsplit }}", 'site.yml:3:25: filter "urlsplit": Invalid IPv6 URL'],
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

  // What playbooks look for in the message of a task that had to fail.
  it.each([
    ["'x' | hash('nope')", 'unsupported hash type'],
    ['[1] | combine(foo=1)', "'recursive' and 'list_merge' are the only valid keyword arguments"],
    ["{'a': 1} | combine([[1]])", 'failed to combine variables, expected dicts but got'],
    ["'x' | regex_search('x', 'nope')", 'Unknown argument'],
    ["'x' | regex_escape(re_type='nope')", 'Invalid regex type (nope)'],
    ["'%Y' | strftime('nope')", 'Invalid value for epoch value'],
    ['none | random', 'random can only be used on'],
    ['[1] | random(start=1)', 'start and step can only be used'],
    ["'x' | to_uuid(namespace=1)", 'Invalid value'],
    ['nope | mandatory', "Mandatory variable 'nope'  not defined."],
    ['true | subelements("a")', 'obj must be a list of dicts or a nested dict'],
    ['[] | subelements(1)', 'subelements must be a list or a string'],
    ["[{'a': 1}] | subelements('b')", "could not find 'b' key"],
    ["[{'a': 1}] | subelements('a')", "the key 'a' should point to a list"],
    ["[{'a': 1}] | subelements('a.b')", 'the key b should point to a dictionary'],
    ['1 | dict2items', 'dict2items requires a dictionary'],
    ['1 | items2dict', 'items2dict requires a list'],
    ['[1] | items2dict', 'items2dict requires a list of dictionaries'],
    ["[{'key': 1}] | items2dict", "to contain the keys 'key' and 'value'"],
    ['1 | path_join', 'expects string or sequence'],
    ["lookup('dict', 1)", 'with_dict expects a dict'],
    ["lookup('sequence', 'start=1')", 'must specify count or end in with_sequence'],
    ["lookup('sequence', 'end=x')", "can't parse end=x as integer"],
    ["lookup('sequence', 'end=1 x=1')", 'unrecognized arguments to with_sequence'],
    ["lookup('ini', 'a file=x.ini section=gone')", "No section 'gone' in x.ini"],
    ["lookup('csvfile', '[here] file=x.ini col=two')", 'count columns'],
    ["lookup('csvfile', 'a file=x.ini row=2')", 'row is not a valid option'],
    ["lookup('csvfile', 'file=x.ini')", 'Search key is required'],
    ["'' is version('1', '>')", 'the version value cannot be empty'],
    ["lookup('sequence', 'end=3 format=d')", 'bad formatting string: d'],
    ["lookup('sequence', 'x-4/2')", "can't parse start=x as integer"],
    ["lookup('subelements', [1], 2)", 'the second a string'],
    ["'x' is failed", 'expects a dictionary'],
    ["lookup('nested')", 'with_nested requires at least one element in the nested list'],
    ["lookup('together')", 'with_together requires at least one element in each list'],
    ["lookup('subelements', [1])", 'subelements lookup expects a list of two or three items'],
    ["lookup('vars', 'nope')", 'No variable found with this name: nope'],
    ["lookup('varnames', '(')", 'Unable to use "(" as a search parameter'],
    ["lookup('file', 'nope')", 'could not locate file in lookup: nope'],
    ["lookup('first_found', 'nope')", 'No file was found when using first_found.'],
  ])('%s', (expression, part) => {
    const error = failure(() =>
      templarWith({ '/play/files/x.ini': '[here]\na = 1\n' }).render(`{{ ${expression} }}`, scopeOf({}), AT),
    );
    expect(describeError(error)).toContain(part);
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
