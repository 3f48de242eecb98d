import type { z } from 'zod';
import { anything, boolean, choice, list, mapping, path, text, withAliases } from '../params.ts';

/** What a task may do with an XPath, at most one at once. */
const ACTS = ['add_children', 'content', 'count', 'print_match', 'set_children', 'value'] as const;

/** Parameters of `xml`. */
export const params = withAliases(
  { dest: 'path', file: 'path', ensure: 'state' },
  {
    path: path.optional().describe('The XML file. It must exist.'),
    xmlstring: text
      .optional()
      .describe('XML to work on instead of a file; what comes of it is in the result.'),
    xpath: text.optional().describe('XPath 1.0 of the nodes that are meant.'),
    namespaces: mapping
      .default({})
      .describe('Prefixes in the XPath, and the namespaces that they stand for.'),
    state: choice('absent', 'present')
      .default('present')
      .describe('Whether the nodes shall be there. `present` makes what a simple XPath names.'),
    attribute: text.optional().describe('Attribute of the nodes that gets the value, without `@`.'),
    value: anything
      .optional()
      .describe('Text of the nodes, or value of their attribute. Numbers must be quoted.'),
    add_children: list
      .optional()
      .describe(
        'Children to add: a name, or one name with its text or with attributes and, under `_`, children.',
      ),
    set_children: list.optional().describe('The children that the nodes shall have, and no others.'),
    input_type: choice('xml', 'yaml')
      .default('yaml')
      .describe('How children are written: as YAML, or as texts of XML.'),
    insertbefore: boolean
      .default(false)
      .describe('Put children of add_children before the first of the nodes, not into them.'),
    insertafter: boolean
      .default(false)
      .describe('Put children of add_children behind the last of the nodes, not into them.'),
    count: boolean.default(false).describe('Count the nodes.'),
    print_match: boolean.default(false).describe('Tell the places of the nodes.'),
    content: choice('attribute', 'text')
      .optional()
      .describe('Give the attributes or the texts of the nodes.'),
    pretty_print: boolean
      .default(false)
      .describe('Write it anew with a line and an indentation for each element.'),
    strip_cdata_tags: boolean.default(false).describe('CDATA becomes plain text.'),
    backup: boolean
      .default(false)
      .describe('Keep the file as it was in the run store; its place is in backup_file.'),
  },
).superRefine((given, refine) => {
  const fault = (message: string) => refine.addIssue({ code: 'custom', message });
  const acts = ACTS.filter(
    (name) => given[name] !== undefined && given[name] !== null && given[name] !== false,
  );
  const { path: file, xmlstring, value } = given;
  if (file === undefined && xmlstring === undefined) fault('needs path or xmlstring');
  if (file !== undefined && xmlstring !== undefined) fault('takes path or xmlstring, not both');
  if (acts.length > 1) fault(`takes one of ${ACTS.join(', ')}, not ${acts.join(' and ')}`);
  if (given.insertbefore && given.insertafter) fault('takes insertbefore or insertafter, not both');
  if (given.xpath === undefined && acts.length > 0) fault(`needs xpath with ${acts[0]}`);
  if (given.attribute !== undefined && !acts.includes('value'))
    fault('needs value with attribute (an attribute is removed by xpath: .../@name and state: absent)');
  if (value !== undefined && value !== null && typeof value !== 'string')
    fault('value must be a text: put it into quotes');
  for (const [prefix, uri] of Object.entries(given.namespaces))
    if (typeof uri !== 'string') fault(`the namespace of ${prefix} must be a text`);
});

/** What a task asks of a document. */
export type Wish = z.output<typeof params>;
