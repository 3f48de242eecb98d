/** What of a result stands in the template itself: only that may turn into something else than text, never what a variable says. */
import type { Expression, Statement } from './ast.ts';

/** Filters that give one of their texts as it is. */
const CHOOSING = new Set(['default', 'd', 'ternary']);
/** Filters and methods whose text begins as the value before them does. */
const SHAPING = new Set([
  'format',
  'trim',
  'replace',
  'upper',
  'lower',
  'pprint',
  'strip',
  'rstrip',
  'indent',
]);

/**
 * Whether the text that an expression gave is one that the template spells, or begins with a bracket that stands there. `tojson`
 * is for HTML: elsewhere Ansible reads its text, which has the kinds of value that it was made of.
 */
export function isSpelled(node: Expression, text: string): boolean {
  switch (node.kind) {
    case 'constant':
      return node.value === text;
    case 'condition':
      return isSpelled(node.value, text) || (node.otherwise !== undefined && isSpelled(node.otherwise, text));
    case 'and':
    case 'or':
      return isSpelled(node.left, text) || isSpelled(node.right, text);
    case 'filter':
      if (CHOOSING.has(node.name)) {
        const { positional, named } = node.args;
        const choices = [node.target, ...positional, ...named.map(({ value }) => value)];
        return choices.some((choice) => isSpelled(choice, text));
      }
      return node.name === 'tojson' || opening(node) === text[0];
    case 'call':
      return readsController(node) || opening(node) === text[0];
    default:
      return opening(node) === text[0];
  }
}

/** Lookups that read something of the controller: playbooks use what they find there without `from_json`. */
const READING = new Set(['file', 'template', 'pipe', 'url', 'unvault', 'ini', 'csvfile']);

function readsController({ target, args }: Expression & { kind: 'call' }): boolean {
  const [which] = args.positional;
  if (target.kind !== 'name' || target.name !== 'lookup' || which?.kind !== 'constant') return false;
  const leftAsText = args.named.some(
    ({ name, value }) => name === 'convert_data' && value.kind === 'constant' && value.value === false,
  );
  return !leftAsText && READING.has(String(which.value).replace(/^ansible\.builtin\./, ''));
}

/** Gives the bracket with which every text of an expression begins, when it stands there. */
function opening(node: Expression): string | undefined {
  switch (node.kind) {
    case 'constant':
      return typeof node.value === 'string' ? bracket(node.value) : undefined;
    case 'list':
      return '[';
    case 'dict':
      return '{';
    case 'concat':
      return node.parts[0] && opening(node.parts[0]);
    case 'binary':
      return opening(node.left);
    case 'filter':
      return SHAPING.has(node.name) ? opening(node.target) : undefined;
    case 'call':
      return node.target.kind === 'attribute' && SHAPING.has(node.target.name)
        ? opening(node.target.target)
        : undefined;
    default:
      return undefined;
  }
}

const bracket = (text: string): string | undefined => (/^[[{]/.test(text) ? text[0] : undefined);

/** Whether a template's own text may begin with this bracket. */
export function beginsWith(statements: readonly Statement[], wanted: string): boolean {
  for (const statement of statements) {
    switch (statement.kind) {
      case 'text':
        if (statement.text.trim() === '') continue;
        return statement.text.trimStart()[0] === wanted;
      case 'print':
        return opening(statement.value) === wanted;
      case 'if':
        return [...statement.branches.map(({ body }) => body), statement.otherwise].some((body) =>
          beginsWith(body, wanted),
        );
      case 'for':
      case 'with':
      case 'filterblock':
      case 'block':
        return beginsWith(statement.body, wanted);
      case 'set':
      case 'capture':
      case 'macro':
      case 'import':
      case 'from':
      case 'do':
        continue;
      default:
        return false;
    }
  }
  return false;
}

/** Whether a part of a result is a text that the template itself prints. */
export function printsText(statements: readonly Statement[], part: string): boolean {
  return part === '' || statements.some((statement) => printsIt(statement, part));
}

function printsIt(statement: Statement, part: string): boolean {
  switch (statement.kind) {
    case 'text':
      return statement.text === part;
    case 'print':
      return isSpelled(statement.value, part);
    case 'if':
      return [...statement.branches.map(({ body }) => body), statement.otherwise].some((body) =>
        printsText(body, part),
      );
    case 'for':
    case 'with':
      return printsText(statement.body, part);
    default:
      return false;
  }
}
