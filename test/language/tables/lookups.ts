/** Lookups and what they print, as ansible-core 2.14 prints it. */
import type { Table } from './table.ts';

/** Lookups by topic: the expression, and the text of `{{ expression }}`. */
export const LOOKUPS: Table = {
  data: [
    ["lookup('items', [1, 2])", '[1, 2]'],
    ["lookup('items', ['a', 'b'])", 'a,b'],
    ["query('items', [1, [2]], 3)", '[1, [2], 3]'],
    ["lookup('list', [1, 2], 3)", '[[1, 2], 3]'],
    ["lookup('dict', {'a': 1})", "{'key': 'a', 'value': 1}"],
    ["query('dict', {'a': 1, 'b': 2})", "[{'key': 'a', 'value': 1}, {'key': 'b', 'value': 2}]"],
    ["lookup('flattened', [1, [2]], 3)", '[1, 2, 3]'],
    ["query('flattened', [1, [2, [none]]])", '[1, 2, None]'],
    ["query('nested', [1, 2], ['a', 'b'])", "[[1, 'a'], [1, 'b'], [2, 'a'], [2, 'b']]"],
    ["query('together', [1, 2], ['a'])", "[[1, 'a'], [2, None]]"],
    ["query('indexed_items', ['a', 'b'])", "[(0, 'a'), (1, 'b')]"],
    ["query('subelements', hosts, 'tags') | map('last') | list", "['x', 'y', 'x']"],
    ["lookup('sequence', 'start=1 end=3')", '1,2,3'],
    ["query('sequence', 'start=0 end=8 stride=4 format=x%02x')", "['x00', 'x04', 'x08']"],
    ["query('sequence', '5')", "['1', '2', '3', '4', '5']"],
    ["query('sequence', '2-6/2:h%02d')", "['h02', 'h04', 'h06']"],
    ["query('sequence', 'count=4')", "['1', '2', '3', '4']"],
    ["query('sequence', 'count=0')", '[]'],
    ["lookup('random_choice', ['a'])", "['a']"],
  ],
  variables: [
    ["lookup('vars', 'text')", 'abc'],
    ["lookup('vars', 'list')", '[1, 2, 3]'],
    ["lookup('vars', 'list', 'text')", "[[1, 2, 3], 'abc']"],
    ["lookup('vars', 'nope', default=5)", '5'],
    ["query('varnames', '^m')", "['mapping', 'multiline']"],
    ["lookup('env', 'NO_SUCH_VARIABLE')", ''],
    ["lookup('env', 'NO_SUCH_VARIABLE', default='z')", 'z'],
  ],
  files: [
    ["lookup('file', '/no/such', errors='ignore')", ''],
    ["query('file', '/no/such', errors='ignore')", '[]'],
    ["query('fileglob', '/no/such*')", '[]'],
    ["lookup('first_found', ['/no/such', '/etc/passwd'])", '/etc/passwd'],
    ["query('first_found', {'files': ['nope', 'passwd'], 'paths': ['/etc']})", "['/etc/passwd']"],
    ["query('first_found', {'files': ['nope'], 'skip': true})", '[]'],
  ],
  programs: [
    ["lookup('pipe', 'printf \"a b\"')", 'a b'],
    ["query('lines', 'printf \"a\\\\nb\\\\n\"')", "['a', 'b']"],
  ],
};
