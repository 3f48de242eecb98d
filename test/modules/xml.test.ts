import { describe, expect, it, test } from 'vitest';
import xml from '../../src/modules/xml/index.ts';
import { params } from '../../src/modules/xml/params.ts';
import { run } from './paper-host.ts';

const FILE = '/etc/server.xml';
const HEAD = "<?xml version='1.0' encoding='UTF-8'?>\n";
const SERVER = `<?xml version="1.0"?>
<!-- kept -->
<Server  port='8005'>
  <!-- a <b/> & c -->
  <Service name="main">
    <Port   n="1" /><Port n="2"/>
    <text>one &lt; two<![CDATA[ < three]]></text>
  </Service>
</Server>
`;
const PRINTED = `${HEAD}<!-- kept --><Server port="8005">
  <!-- a <b/> & c -->
  <Service name="main">
    <Port n="1"/><Port n="2"/>
    <text>one &lt; two<![CDATA[ < three]]></text>
  </Service>
</Server>`;

const edit = (args: Record<string, unknown>, text = SERVER) =>
  run(xml, { path: FILE, ...args }, { files: { [FILE]: text } });

/** The file as it is printed, with one text in the place of another. */
const withEdit = (from: string, to: string) => PRINTED.replace(from, to);

describe('xml changes', () => {
  test.each<[string, Record<string, unknown>, string]>([
    [
      'a text',
      { xpath: '//text', value: 'a & b' },
      withEdit('one &lt; two<![CDATA[ < three]]>', 'a &amp; b'),
    ],
    ['an attribute', { xpath: '/Server', attribute: 'port', value: '-1' }, withEdit('8005', '-1')],
    [
      'a new attribute',
      { xpath: '//Port[2]', attribute: 'z', value: '"' },
      withEdit('n="2"', 'n="2" z="&quot;"'),
    ],
    [
      'elements of a simple path',
      { xpath: "/Server/A[@x='1' and @y='2'][text()='t']/b", value: 'v' },
      withEdit('</Server>', '<A x="1" y="2">t<b>v</b></A></Server>'),
    ],
    ['an empty attribute', { xpath: '/Server/Service/@new' }, withEdit('"main"', '"main" new=""')],
    [
      'away with elements and the text behind',
      { xpath: '//Port', state: 'absent' },
      withEdit('<Port n="1"/><Port n="2"/>\n    ', ''),
    ],
    [
      'away with attributes',
      { xpath: '//Port/@n', state: 'absent' },
      withEdit('<Port n="1"/><Port n="2"/>', '<Port/><Port/>'),
    ],
    [
      'children',
      { xpath: '//text', set_children: ['a', { b: { k: 'v', _: [{ c: 'd' }] } }] },
      withEdit('three]]>', 'three]]><a/><b k="v"><c>d</c></b>'),
    ],
    [
      'children as XML',
      { xpath: '//Service', set_children: ['<a x="1">t<!--c--><![CDATA[<]]><b/></a>'], input_type: 'xml' },
      withEdit(
        PRINTED.slice(PRINTED.indexOf('<Port'), PRINTED.indexOf('</Service>')),
        '<a x="1">t<!--c--><![CDATA[<]]><b/></a>',
      ),
    ],
    [
      'its CDATA',
      { xpath: '/Server', attribute: 'port', value: '1', strip_cdata_tags: true },
      withEdit('8005', '1').replace('<![CDATA[ < three]]>', ' &lt; three'),
    ],
  ])('%s', async (_name, args, after) => {
    const ran = await edit(args);
    expect(ran.text(FILE)).toBe(after);
    expect(ran.result).toMatchObject({ actions: { xpath: args.xpath } });
    expect((await ran.again()).plan.changes).toEqual([]);
  });

  test.each<[string, Record<string, unknown>, string]>([
    ['into the last of them', {}, withEdit('<Port n="2"/>', '<Port n="2"><q/></Port>')],
    ['before the first', { insertbefore: true }, withEdit('<Port n="1"/>', '<q/><Port n="1"/>')],
    ['behind the last and its text', { insertafter: true }, withEdit('<text>', '<q/><text>')],
  ])('children added %s', async (_name, args, after) => {
    const ran = await edit({ xpath: '//Port', add_children: ['q'], ...args });
    expect(ran.text(FILE)).toBe(after);
  });

  it('what has a namespace', async () => {
    const text = '<s xmlns="urn:s"><a k="1"/></s>';
    const namespaces = { s: 'urn:s', n: 'urn:n' };
    const set = await edit({ xpath: '/s:s/s:a', namespaces, attribute: 'k', value: '2' }, text);
    expect(set.text(FILE)).toBe(`${HEAD}<s xmlns="urn:s"><a k="2"/></s>`);
    const made = await edit({ xpath: '/s:s/n:b/@n:c', namespaces }, text);
    expect(made.text(FILE)).toBe(`${HEAD}<s xmlns="urn:s"><a k="1"/><ns0:b xmlns:ns0="urn:n" ns0:c=""/></s>`);
    const added = await edit(
      { xpath: '/s:s', namespaces, add_children: ['{urn:s}b', '<c xmlns="urn:s"/>'.slice(1, 2)] },
      text,
    );
    expect(added.text(FILE)).toBe(`${HEAD}<s xmlns="urn:s"><a k="1"/><b/><c/></s>`);
  });

  it('lines and indentation, but no text', async () => {
    const ran = await edit({ pretty_print: true }, '<r><a>x<b/></a><c><d/></c></r>');
    expect(ran.text(FILE)).toBe(`${HEAD}<r>\n  <a>x<b/></a>\n  <c>\n    <d/>\n  </c>\n</r>\n`);
    expect((await ran.again()).plan.changes).toEqual([]);
  });

  it('other encodings into UTF-8, with the DOCTYPE where it is', async () => {
    const { amend } = await import('../../src/modules/xml/amend.ts');
    const text =
      '<?xml version="1.0" encoding="ISO-8859-1"?><?p q?><!DOCTYPE r [<!ENTITY e "ü">]><r>é&e;</r>';
    expect(amend(Buffer.from(text, 'latin1'), params.parse({ path: FILE, xpath: '/r/a' }))).toMatchObject({
      changed: true,
      text: `${HEAD}<?p q?><!DOCTYPE r [\n<!ENTITY e "ü">\n]>\n<r>éü<a/></r>`,
    });
  });

  it('a text instead of a file', async () => {
    const ran = await run(xml, { xmlstring: '<r><a/></r>', xpath: '/r/a', value: 'ü' });
    expect(ran.plan.changed).toBe(true);
    expect(ran.result).toMatchObject({ xmlstring: `${HEAD}<r><a>ü</a></r>` });
  });
});

describe('xml tells', () => {
  test.each<[Record<string, unknown>, Record<string, unknown>]>([
    [
      { xpath: '//Port', count: true },
      { count: 2, msg: 'found 2 nodes' },
    ],
    [{ xpath: '//Port/@n', count: true }, { count: 2 }],
    [
      { xpath: '//Port', content: 'attribute' },
      { matches: [{ Port: { n: '1' } }, { Port: { n: '2' } }], msg: 2 },
    ],
    [{ xpath: '//text', content: 'text' }, { matches: [{ text: 'one < two < three' }] }],
    [
      { xpath: '//Port', print_match: true },
      { msg: `selector '//Port' match: ["/Server/Service/Port[1]", "/Server/Service/Port[2]"]` },
    ],
    [{ xpath: '/Server', value: '\n  ' }, {}],
  ])('%j', async (args, told) => {
    const ran = await edit(args);
    expect(ran.plan.changes).toEqual([]);
    expect(ran.result).toMatchObject(told);
  });

  test.each<[Record<string, unknown>, string, string?]>([
    [
      { xpath: '/r/a' },
      `Error while parsing document: ${FILE} (Opening and ending tag mismatch: a line 1 and r, line 1, column 11`,
      '<r><a></r>',
    ],
    [{ xpath: '/r[' }, 'Syntax error in xpath expression: /r[ (Invalid expression)'],
    [{ xpath: '/u:r' }, 'Xpath /u:r causes a failure: Undefined namespace prefix'],
    [{ xpath: '/other/b' }, "Can't process Xpath /other in order to spawn nodes!"],
    [{ xpath: '/Server/b[2]' }, "Can't process Xpath ./2 in order to spawn nodes!"],
    [{ xpath: '/Server/@port', value: '1' }, 'Xpath /Server/@port does not reference a node!'],
    [{ xpath: '/Server/no', content: 'text' }, 'Xpath /Server/no does not reference a node!'],
    [
      { xpath: '/Server', state: 'absent' },
      "Couldn't delete xpath target: /Server (it is the outermost element)",
    ],
    [{ xpath: '/Server', value: '\u0001' }, 'XML cannot hold control characters'],
    [
      { xpath: '/Server', add_children: [{ a: 'b', c: 'd' }] },
      'Can only create children from hashes with one key',
    ],
    [
      { xpath: '/Server', add_children: [{ a: 1 }] },
      'the value of a must be a text, not a number: put it into quotes',
    ],
    [
      { xpath: '/Server', add_children: ['<a>'], input_type: 'xml' },
      'Error while parsing child element: Premature end of data',
    ],
    [
      { xpath: '/r/a' },
      'it names entities that lie outside of it',
      '<!DOCTYPE r [<!ENTITY e SYSTEM "file:///etc/passwd">]><r>&e;</r>',
    ],
    [{}, "Don't know what to do"],
  ])('why not: %j', async (args, why, text) => {
    const ran = await edit(args, text);
    expect(ran.plan).toMatchObject({ changes: [], failed: expect.stringContaining(why) });
  });

  it('that there is no file', async () => {
    const ran = await run(xml, { path: '/no', xpath: '/a' });
    expect(ran.plan.failed).toBe("The target XML source '/no' does not exist.");
  });

  test.each([
    [{ xpath: '/a', value: 1 }, /put it into quotes/],
    [{ xpath: '/a', count: true, print_match: true }, /takes one of .* not count and print_match/],
    [{ count: true }, /needs xpath with count/],
    [{ xpath: '/a', attribute: 'b' }, /needs value with attribute/],
    [{ xmlstring: '<a/>', xpath: '/a' }, /path or xmlstring, not both/],
  ])('mistakes in its parameters: %j', async (args, message) => {
    await expect(edit(args)).rejects.toThrow(message);
  });
});
