import { beforeAll, describe, expect, test } from 'vitest';
import { type Inventory, loadInventory } from '../../src/inventory/index.ts';
import { folderWith } from '../inventory/folder.ts';

const HOSTS = `
lonely
[web]
web[1:5]
[db]
db1
db2
web5
[site:children]
web
db
[app-servers]
web2
[v6]
2001:db8::7
`;

let inventory: Inventory;

beforeAll(async () => {
  const folder = folderWith({ hosts: HOSTS, list: 'web1\n# a comment\n\ndb\n' });
  inventory = await loadInventory(['hosts'], { cwd: folder });
});

/** Checked by hand against `ansible PATTERN --list-hosts` of ansible-core 2.14. */
const PATTERNS: readonly (readonly [pattern: string, hosts: string, unmatched?: string])[] = [
  ['all', 'lonely web2 2001:db8::7 web1 web3 web4 web5 db1 db2'],
  ['*', 'lonely web2 2001:db8::7 web1 web3 web4 web5 db1 db2'],
  ['', 'lonely web2 2001:db8::7 web1 web3 web4 web5 db1 db2'],
  ['web', 'web1 web2 web3 web4 web5'],
  ['web1', 'web1'],
  ['web1:db1', 'web1 db1'],
  ['db1,web1', 'db1 web1'],
  ['db1:web1:db1', 'db1 web1'],
  ['web:&db', 'web5'],
  ['&db:web', 'web5'],
  ['web:!web3', 'web1 web2 web4 web5'],
  ['!web3:web', 'web1 web2 web4 web5'],
  ['web:db:&site:!web5', 'web1 web2 web3 web4 db1 db2'],
  ['!site', 'lonely 2001:db8::7'],
  ['&db', 'web5 db1 db2'],
  ['web*', 'web1 web2 web3 web4 web5'],
  ['?b1', 'db1'],
  ['web[13]', ''],
  ['web[!13]x', '', 'web[!13]x'],
  ['*[0]', 'lonely'],
  ['web[0]', 'web1'],
  ['web[-1]', 'web5'],
  ['web[1:2]', 'web2 web3'],
  ['web[3:]', 'web4 web5'],
  ['web[9]', ''],
  ['web[3:1]', ''],
  ['web[0]:db[0]', 'web1 db1'],
  ['all:!web[0:2]', 'lonely 2001:db8::7 web4 web5 db1 db2'],
  ['~web[3-4]', 'web3 web4'],
  ['~(web|db)1$', 'web1 db1'],
  ['~eb', '', '~eb'],
  ['app-servers', 'web2'],
  ['ungrouped', 'lonely'],
  ['2001:db8::7', '2001:db8::7'],
  ['2001:db8::7,web1', '2001:db8::7 web1'],
  ['@list', 'web1 db1 db2 web5'],
  ['nothing', '', 'nothing'],
  ['nothing:web1', 'web1', 'nothing'],
  ['web1:db,lonely', 'lonely', 'web1:db'],
  ['localhost', 'localhost'],
  ['127.0.0.1', '127.0.0.1'],
  ['WEB', '', 'WEB'],
];

describe('patterns', () => {
  test.each(PATTERNS.map(([pattern, hosts, unmatched = '']) => ({ pattern, hosts, unmatched })))(
    '$pattern',
    ({ pattern, hosts, unmatched }) => {
      const found = inventory.match(pattern);
      expect(found.hosts.join(' ')).toBe(hosts);
      expect(found.unmatched.join(' ')).toBe(unmatched);
    },
  );
});

describe('limits', () => {
  test.each([
    ['web', 'web2', 'web2', ''],
    ['web', '!web2', 'web1 web3 web4 web5', ''],
    ['db:web', 'web[0:1],db1', 'db1 web1 web2', ''],
    ['web', 'web1,nobody', 'web1', 'nobody'],
    ['web', '@list', 'web1 web5', ''],
    ['web', '', 'web1 web2 web3 web4 web5', ''],
  ])('%s limited to %s', (pattern, limit, hosts, unmatched) => {
    const found = inventory.match(pattern, { limit });
    expect(found.hosts.join(' ')).toBe(hosts);
    expect(found.unmatched.join(' ')).toBe(unmatched);
  });
});

describe('malformed patterns say what to write', () => {
  test.each([
    ['web:&', 'in the pattern "&": "&" has nothing behind it'],
    ['~[', '"[" is no usable regular expression: unterminated character set'],
    ['web[0', 'a "[" is opened and never closed'],
    ['web[1-3]', '"[1-3]" is not a slice'],
    ['web[:2]', 'a slice needs a start'],
    ['@missing', 'the list of hosts "@missing" cannot be read'],
  ])('%s', (pattern, message) => {
    expect(() => inventory.match(pattern)).toThrow(message);
  });
});
