import { moduleCatalog, moduleJsonSchema } from '../../src/modules/index.ts';
import {
  APPLY_KEYWORDS,
  BLOCK_KEYWORDS,
  HANDLER_KEYWORDS,
  IMPORT_PLAYBOOK_KEYWORDS,
  type Keywords,
  LOOP_FORMS,
  PLAY_KEYWORDS,
  ROLE_KEYWORDS,
  type Shape,
} from '../../src/playbook/keywords.ts';
import { KEYWORDS_REFUSED, keywordSentence } from './keywords.ts';

type JsonSchema = Record<string, unknown>;

/** Names that may stand before a module's; those that the catalog does not take are dropped. */
const PREFIXES = [
  'ansible.builtin',
  'ansible.legacy',
  'ansible.posix',
  'community.general',
  'community.crypto',
  'cutover.builtin',
];

/** Any value may come from a template; said once, because thousands of places say it. */
const TEMPLATE = { $ref: '#/$defs/template' };
const list = (items: JsonSchema) => ({ type: 'array', items });
const nullable = (...schemas: JsonSchema[]) => ({ anyOf: [...schemas, { type: 'null' }] });
const oneOf = (...words: string[]) => nullable({ enum: words }, TEMPLATE);
const ref = (name: string) => ({ $ref: `#/$defs/${name}` });

/** What a keyword may hold, as src/playbook/shapes.ts checks it. */
const SHAPES: Readonly<Record<Shape, JsonSchema>> = {
  boolean: nullable(
    { type: ['boolean', 'integer'] },
    { enum: ['yes', 'no', 'on', 'off', 'true', 'false', 'y', 'n', 't', 'f', '1', '0'] },
    TEMPLATE,
  ),
  number: nullable({ type: 'number' }, { type: 'string', pattern: '^\\s*-?\\d+(\\.\\d+)?%?\\s*$' }, TEMPLATE),
  text: { type: ['string', 'number', 'boolean', 'null'] },
  names: { type: ['string', 'number', 'boolean', 'array', 'null'] },
  condition: { type: ['string', 'number', 'boolean', 'array', 'null'] },
  vars: { type: ['object', 'array', 'null'] },
  mapping: { type: ['object', 'null'] },
  environment: nullable({ type: ['object', 'array'] }, TEMPLATE),
  tasks: ref('tasks'),
  backup: nullable({ type: 'boolean' }, { enum: ['yes', 'no', 'fetch'] }, TEMPLATE),
  'module defaults': nullable({ type: ['object', 'array'] }, TEMPLATE),
  any: {},
};

/** Where the shape alone says too little. */
const CLOSER: Readonly<Record<string, JsonSchema>> = {
  hosts: { anyOf: [{ type: ['string', 'number'] }, list({ type: ['string', 'number'] })] },
  roles: nullable(list(ref('role'))),
  handlers: nullable(list(ref('handlerOrBlock'))),
  strategy: oneOf(
    'linear',
    'free',
    'host_pinned',
    'debug',
    'ansible.builtin.linear',
    'ansible.builtin.free',
    'ansible.builtin.host_pinned',
  ),
  order: oneOf('inventory', 'sorted', 'reverse_sorted', 'reverse_inventory', 'shuffle'),
  on_failure: oneOf('stop', 'rollback', 'continue'),
  rollback_scope: oneOf('host', 'batch', 'run'),
  rollback: oneOf('best_effort', 'required'),
  become_method: oneOf('sudo', 'su', 'doas'),
  loop: { anyOf: [{ type: 'array' }, TEMPLATE] },
  loop_control: nullable({
    type: 'object',
    additionalProperties: false,
    properties: {
      loop_var: { type: 'string' },
      index_var: { type: 'string' },
      label: {},
      pause: SHAPES.number,
      extended: SHAPES.boolean,
      extended_allitems: SHAPES.boolean,
      break_when: SHAPES.condition,
    },
  }),
  undo: nullable(list(ref('taskOrBlock')), {
    type: 'object',
    properties: { none: { type: 'string', description: 'Why it cannot be undone.' } },
    required: ['none'],
    additionalProperties: false,
  }),
};

/** Gives JSON Schema (draft 2020-12) of playbooks: plays, blocks and tasks with the parameters of every module that ships. */
export async function playbookSchema(): Promise<JsonSchema> {
  const modules = { ...(await moduleParameters()), ...reuse() };
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Cutover playbook',
    description: 'A list of plays. Modules of your own, beside the playbook, are not known here.',
    type: 'array',
    items: { anyOf: [ref('play'), ref('importPlaybook')] },
    $defs: {
      template: { type: 'string', pattern: '\\{[{%]' },
      play: object(PLAY_KEYWORDS, { required: ['hosts'] }),
      importPlaybook: {
        ...object(IMPORT_PLAYBOOK_KEYWORDS),
        minProperties: 1,
        patternProperties: { '^(ansible\\.(builtin|legacy)\\.)?import_playbook$': { type: 'string' } },
      },
      role: { anyOf: [{ type: 'string' }, object(ROLE_KEYWORDS, { additionalProperties: true })] },
      tasks: nullable(list(ref('taskOrBlock'))),
      taskOrBlock: { anyOf: [ref('task'), ref('block')] },
      handlerOrBlock: { anyOf: [ref('handler'), ref('block')] },
      block: object(BLOCK_KEYWORDS, { required: ['block'] }),
      // A task is a handler that listens to nothing.
      task: taskSchema(without(HANDLER_KEYWORDS, 'listen'), Object.keys(modules)),
      handler: taskSchema(HANDLER_KEYWORDS, Object.keys(modules)),
      ...Object.fromEntries(Object.entries(modules).map(([name, schema]) => [`module.${name}`, schema])),
    },
  };
}

function without({ ...keywords }: Record<string, Shape>, name: string): Keywords {
  delete keywords[name];
  return keywords;
}

function taskSchema(keywords: Keywords, modules: readonly string[]): JsonSchema {
  const loops = LOOP_FORMS.map(
    (form) => [`with_${form}`, { description: 'An older form of a loop.' }] as const,
  );
  const named = modules.map((name) => [name, moduleRef(name)] as const);
  const schema = object(keywords);
  return {
    ...schema,
    minProperties: 1,
    properties: { ...(schema.properties as object), ...Object.fromEntries([...loops, ...named]) },
    patternProperties: Object.fromEntries(modules.map((name) => [qualified(name), moduleRef(name)])),
  };
}

const moduleRef = (name: string) => ref(`module.${name}`);

/** The names of a module with its collection, as a pattern. */
function qualified(name: string): string {
  const catalog = moduleCatalog();
  const known = REUSED.includes(name)
    ? ['ansible.builtin', 'ansible.legacy']
    : PREFIXES.filter((prefix) => catalog.resolve(`${prefix}.${name}`) !== undefined);
  return `^(${known.map((prefix) => prefix.replaceAll('.', '\\.')).join('|')})\\.${name}$`;
}

function object(keywords: Keywords, more: JsonSchema = {}): JsonSchema {
  const properties = Object.entries(keywords)
    .filter(([name]) => !KEYWORDS_REFUSED.has(name))
    .map(([name, shape]) => [
      name,
      { description: keywordSentence(name).replaceAll('`', ''), ...(CLOSER[name] ?? SHAPES[shape]) },
    ]);
  return { type: 'object', additionalProperties: false, properties: Object.fromEntries(properties), ...more };
}

/** Parameters of every module: a mapping, or text as `key=value`, or a lone template, or nothing. */
async function moduleParameters(): Promise<Record<string, JsonSchema>> {
  const schemas = await moduleJsonSchema();
  return Object.fromEntries(
    Object.entries(schemas)
      .map(([name, written]) => [name, shortened(written)] as const)
      .map(([name, schema]) => [
        name,
        {
          description: schema.description,
          anyOf: [schema, { type: 'string', description: 'key=value ...' }, { type: 'null' }],
        },
      ]),
  );
}

const REUSED = ['import_tasks', 'include_tasks', 'include', 'import_role', 'include_role'];

function reuse(): Record<string, JsonSchema> {
  const apply = object(APPLY_KEYWORDS, { description: 'Keywords for what is included.' });
  const tasks = (description: string, more: Record<string, JsonSchema> = {}, open = false) => ({
    description,
    anyOf: [
      { type: 'string' },
      { type: 'object', additionalProperties: open, properties: { file: { type: 'string' }, ...more } },
    ],
  });
  const role = (description: string, more: Record<string, JsonSchema> = {}) => ({
    description,
    anyOf: [
      { type: 'string' },
      {
        type: 'object',
        additionalProperties: false,
        properties: {
          name: { type: 'string' },
          role: { type: 'string' },
          tasks_from: { type: 'string' },
          vars_from: { type: 'string' },
          defaults_from: { type: 'string' },
          handlers_from: { type: 'string' },
          allow_duplicates: SHAPES.boolean,
          public: SHAPES.boolean,
          rolespec_validate: SHAPES.boolean,
          ...more,
        },
      },
    ],
  });
  return {
    import_tasks: tasks('Puts the tasks of a file here, before the run.'),
    include_tasks: tasks('Reads a file of tasks when the run gets here.', { apply }),
    include: tasks('Old form of import_tasks and include_tasks.', { apply }, true),
    import_role: role('Puts the tasks of a role here, before the run.'),
    include_role: role('Reads a role when the run gets here.', { apply }),
  };
}

/** The schema with its inlined templates replaced by the shared one. */
function shortened(schema: JsonSchema): JsonSchema {
  return JSON.parse(
    JSON.stringify(schema, (_, value: unknown) => (isInlineTemplate(value) ? TEMPLATE : value)),
  ) as JsonSchema;
}

function isInlineTemplate(value: unknown): boolean {
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.keys(value).length === 2 &&
    (value as JsonSchema).pattern === '\\{\\{'
  );
}
