import fc from 'fast-check';
import { parse } from 'smol-toml';
import { describe, expect, test } from 'vitest';
import { editToml } from '../../src/modules/toml/edit.ts';
import toml from '../../src/modules/toml/index.ts';
import { parseKeyPath } from '../../src/modules/toml/key-path.ts';
import { scanToml } from '../../src/modules/toml/scan.ts';
import { sameToml } from '../../src/modules/toml/value.ts';
import { valueAt } from '../../src/modules/toml/wishes.ts';
import { seed } from '../fuzz.ts';
import { run } from './paper-host.ts';

const MI = `# deployment
[server]
hostname = "localhost" # host
# offset = 10

# user store section
[user_store]
type = "read_only_ldap"

[keystore.primary]
file_name = "wso2carbon.jks"
password = "[old]"

[transport.http]
listener.port = 8290
listener.secured_port = 8253

# [[transport.phase_order]]

[[datasource]]
id = "A"
pool_options.maxActive = 10

# the second
[[datasource]]
id = "B"
big = 9007199254740993
when = 1979-05-27T07:32:00Z

# database section
[mediation]
x = [
  1, # one
  2,
]
inline = { a = 1, b = "c" }
`;

/** Lines that went, with -, and lines that came, with +. */
function lineDiff(before: string, after: string): string[] {
  const a = before.split('\n');
  const b = after.split('\n');
  let head = 0;
  while (head < Math.min(a.length, b.length) && a[head] === b[head]) head++;
  let tail = 0;
  while (tail < Math.min(a.length, b.length) - head && a.at(-1 - tail) === b.at(-1 - tail)) tail++;
  return [
    ...a.slice(head, a.length - tail).map((line) => `-${line}`),
    ...b.slice(head, b.length - tail).map((line) => `+${line}`),
  ];
}

describe('every edit touches its own lines only', () => {
  test.each<[string, Record<string, unknown>, string[], string?]>([
    [
      'a value, its comment stays',
      { set: { 'server.hostname': 'mi1' } },
      ['-hostname = "localhost" # host', '+hostname = "mi1" # host'],
    ],
    [
      'a dotted key',
      { set: { 'transport.http.listener.port': 8300 } },
      ['-listener.port = 8290', '+listener.port = 8300'],
    ],
    [
      'a new key after the last of its section',
      { set: { 'server.offset': 20 } },
      ['+offset = 20'],
      'hostname = "localhost" # host\noffset = 20\n# offset = 10',
    ],
    [
      'a new key before the comment of the next section',
      { set: { 'transport.http.socket_timeout': 180000 } },
      ['+socket_timeout = 180000'],
      'listener.secured_port = 8253\nsocket_timeout = 180000\n',
    ],
    [
      'a new dotted key beside its like',
      { set: { 'transport.http.listener.x': true } },
      ['+listener.x = true'],
      'listener.secured_port = 8253\nlistener.x = true\n',
    ],
    [
      'a new table beside its relative',
      { set: { 'keystore.internal': { file_name: 'b.jks' } } },
      ['+[keystore.internal]', '+file_name = "b.jks"', '+'],
      'password = "[old]"\n\n[keystore.internal]\nfile_name = "b.jks"\n\n[transport.http]',
    ],
    [
      'a new table at the end',
      { set: { 'monitoring.jmx.port': 1 } },
      ['+[monitoring.jmx]', '+port = 1', '+'],
    ],
    ['a key of the root', { set: { title: 'x' } }, ['+title = "x"', '+'], '# deployment\n'],
    ['an element by name', { set: { 'datasource[id=B].big': 5 } }, ['-big = 9007199254740993', '+big = 5']],
    [
      'an element by index',
      { set: { 'datasource[0].pool_options.maxWait': 6 } },
      ['+pool_options.maxWait = 6'],
      'pool_options.maxActive = 10\npool_options.maxWait = 6\n\n# the second',
    ],
    ['a list, its comments stay', { set: { 'mediation.x': [1, 2, 3] } }, ['+  3,']],
    [
      'inside an inline table',
      { set: { 'mediation.inline.d': [1] } },
      ['-inline = { a = 1, b = "c" }', '+inline = { a = 1, b = "c", d = [ 1 ] }'],
    ],
    ['a key gone', { remove: ['keystore.primary.password'] }, ['-password = "[old]"']],
    [
      'a table gone, with its comment',
      { remove: 'user_store' },
      ['-# user store section', '-[user_store]', '-type = "read_only_ldap"'],
    ],
    [
      'an element gone, with its comment',
      { remove: ['datasource[id=B]'] },
      [
        '-# the second',
        '-[[datasource]]',
        '-id = "B"',
        '-big = 9007199254740993',
        '-when = 1979-05-27T07:32:00Z',
        '-',
      ],
    ],
    ['what is not there need not go', { remove: ['a.b', 'datasource[id=Z]'] }, []],
    ['the same value', { set: { 'server.hostname': 'localhost', 'mediation.x': [1, 2] } }, []],
    [
      'an appended element after the last of its array',
      { append: { datasource: { id: 'C', opt: { a: 1 } } } },
      ['+[[datasource]]', '+id = "C"', '+', '+[datasource.opt]', '+a = 1', '+'],
      'when = 1979-05-27T07:32:00Z\n\n[[datasource]]\nid = "C"\n\n[datasource.opt]\na = 1\n\n# database section',
    ],
    [
      'an element that is there',
      { append: { datasource: { id: 'A', pool_options: { maxActive: 10 } } } },
      [],
    ],
    [
      'a first element',
      { append: { 'internal_apis.users': [{ 'user.name': 'x', 'user.is_admin': true }] } },
      ['+[[internal_apis.users]]', '+"user.name" = "x"', '+"user.is_admin" = true', '+'],
    ],
    [
      'a merge keeps what it does not name',
      { merge: { server: { offset: 3 }, user_store: { type: 'database' } } },
      expect.arrayContaining([
        '+offset = 3',
        '-type = "read_only_ldap"',
        '+type = "database"',
      ]) as unknown as string[],
    ],
  ])('%s', async (_, args, diff, around) => {
    const ran = await run(toml, { path: '/d.toml', ...args }, { files: { '/d.toml': MI } });
    expect(ran.plan.failed).toBeUndefined();
    const text = ran.text('/d.toml')!;
    expect(lineDiff(MI, text)).toEqual(diff);
    if (around) expect(text).toContain(around);
    expect((await ran.again()).changes).toEqual([]);
  });
});

test('the keys are told, their values not', async () => {
  const ran = await run(
    toml,
    {
      path: '/d.toml',
      set: { 'keystore.primary.password': 'secret', 'server.offset': 1 },
      remove: ['user_store'],
    },
    { files: { '/d.toml': MI } },
  );
  expect(ran.result).toMatchObject({
    changed: ['keystore.primary.password'],
    added: ['server.offset'],
    removed: ['user_store'],
    msg: '3 keys edited',
  });
});

test('CRLF stays', () => {
  const none = { merge: [], remove: [], set: {}, append: {} };
  expect(editToml('[a]\r\nb = 1\r\n', { ...none, set: { 'a.c': 2, d: { e: 3 } } }, 'f').text).toBe(
    '[a]\r\nb = 1\r\nc = 2\r\n\r\n[d]\r\ne = 3\r\n',
  );
});

describe('another text to start from', () => {
  const files = { '/old.toml': MI, '/new.toml': '[server]\nhostname = "x"\n' };

  test('base takes the whole text over', async () => {
    const ran = await run(
      toml,
      { path: '/new.toml', base: '/old.toml', set: { 'server.offset': 5 } },
      { files },
    );
    expect(lineDiff(MI, ran.text('/new.toml')!)).toEqual(['+offset = 5']);
    expect((await ran.again()).changes).toEqual([]);
  });

  test('base may make the file', async () => {
    const ran = await run(
      toml,
      { path: '/etc/n.toml', base: '/old.toml' },
      { files: { ...files, '/etc': { dir: true } } },
    );
    expect(ran.text('/etc/n.toml')).toBe(MI);
  });

  test('merge_from takes the values of another file', async () => {
    const ran = await run(toml, { path: '/new.toml', merge_from: '/old.toml' }, { files });
    expect(
      sameToml(
        parse(ran.text('/new.toml')!, { integersAsBigInt: 'asNeeded' }),
        parse(MI, { integersAsBigInt: 'asNeeded' }),
      ),
    ).toBe(true);
  });

  test('a file of the controller', async () => {
    const ran = await run(
      toml,
      { path: '/new.toml', merge: 'm.toml' },
      { files, local: { 'm.toml': 'a.b = 1\n' } },
    );
    expect(ran.text('/new.toml')).toBe('[server]\nhostname = "x"\n\n[a]\nb = 1\n');
  });

  test.each([
    [{ path: '/new.toml', base: '/no' }, '/no does not exist'],
    [{ path: '/no.toml', set: { a: 1 } }, 'Path /no.toml does not exist !'],
  ])('%j', async (args, failed) => {
    expect((await run(toml, args, { files })).plan.failed).toBe(failed);
  });
});

describe('what cannot be', () => {
  test.each<[string, Record<string, unknown>, string, RegExp]>([
    ['a broken file', { set: { a: 1 } }, 'a = 1\nb = = 2\n', /^\/d\.toml is no valid TOML: line 2, column 5/],
    ['a table twice', { set: { a: 1 } }, '[a]\n[a]\n', /is no valid TOML: line 2/],
    ['a way through a value', { set: { 'a.b': 1 } }, 'a = 1\n', /"a\.b" cannot be set: a is no table/],
    [
      'an element that is not there',
      { set: { 'd[id=X].a': 1 } },
      '[[d]]\nid = "A"\n',
      /no element for "d\[id=X\]\.a"/,
    ],
    ['no value', { set: { a: null } }, 'a = 1\n', /"a" has no value/],
    ['no array', { append: { a: { b: 1 } } }, 'a = 1\n', /"a" is no array/],
    ['no key', { set: { 'a..b': 1 } }, '', /"a\.\.b" is no key/],
  ])('%s', async (_, args, text, message) => {
    await expect(run(toml, { path: '/d.toml', ...args }, { files: { '/d.toml': text } })).rejects.toThrow(
      message,
    );
  });
});

test.each([
  ['a.b', ['a', 'b']],
  ['a."b.c".\'d e\'', ['a', 'b.c', 'd e']],
  ['a[0].b', ['a', 0, 'b']],
  ['a[id=MAIN].b', ['a', { key: 'id', value: 'MAIN' }, 'b']],
  ['a[name="x y"]', ['a', { key: 'name', value: 'x y' }]],
])('key %s', (text, steps) => {
  expect(parseKeyPath(text)).toEqual(steps);
});

test('the scanner finds the same keys as the parser, and every character once', () => {
  const text = `${MI}[[a.b]]\n"q.r" = '''x\n]#'''\n[a.b.c]\ns = "\\"#"\n[[a.b]]\nt = """a""\\""""\n`;
  const statements = scanToml(text);
  expect(statements.map(({ start, end }) => text.slice(start, end)).join('')).toBe(text);
  const keys = statements.filter(({ kind }) => kind === 'pair').map(({ path }) => path.join('.'));
  const leaves = (value: unknown, path: string): string[] =>
    typeof value === 'object' && value !== null && !(value instanceof Date) && !/mediation\./.test(path)
      ? Object.entries(value).flatMap(([key, inner]) => leaves(inner, path === '' ? key : `${path}.${key}`))
      : [path];
  expect(keys.sort()).toEqual(leaves(parse(text, { integersAsBigInt: 'asNeeded' }), '').sort());
});

test('whatever is set reads back, and comments stay', () => {
  const name = fc.constantFrom(
    'server',
    'transport',
    'http',
    'listener',
    'port',
    'datasource',
    'new',
    'a b',
    'mediation',
    'inline',
    'x',
  );
  const value = fc.oneof(
    fc.integer(),
    fc.string(),
    fc.boolean(),
    fc.array(fc.integer(), { maxLength: 3 }),
    fc.dictionary(name, fc.integer(), { maxKeys: 2 }),
  );
  const key = fc
    .array(name, { minLength: 1, maxLength: 3 })
    .map((parts) => parts.map((part) => JSON.stringify(part)).join('.'));
  const comments = MI.match(/^#.*$/gm)!;
  fc.assert(
    fc.property(fc.dictionary(key, value, { minKeys: 1, maxKeys: 3 }), (set) => {
      let text: string;
      try {
        text = editToml(MI, { merge: [], remove: [], set, append: {} }, 'f').text;
      } catch (error) {
        expect((error as Error).message).toMatch(/cannot be set|names no place|without losing/);
        return;
      }
      // editToml has compared it already: here it is the parser's turn that products use, TOML 1.0 without late commas.
      expect(() => parse(text, { integersAsBigInt: 'asNeeded' })).not.toThrow();
      expect(text.replace(/"(?:\\.|[^"\\])*"/g, '""')).not.toMatch(/,\s*\}/);
      // A table that is replaced by a value goes with its comments.
      const replaced = Object.keys(set).some(
        (one) =>
          typeof valueAt(parse(MI, { integersAsBigInt: 'asNeeded' }), parseKeyPath(one) as string[]) ===
          'object',
      );
      if (!replaced) for (const comment of comments) expect(text).toContain(comment);
    }),
    { numRuns: 300, seed },
  );
});
