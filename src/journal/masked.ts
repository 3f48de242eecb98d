import type { Secrets } from '../secrets/index.ts';
import type { RunEvent } from './types.ts';

/**
 * Fields that say what, where and which: words of this program, names of the inventory, places in files, digests. They stay as they
 * are even where a secret happens to read like one of them (a vault that holds `root`, `changed` or the name of a host): a rollback goes
 * by them. All other fields are content.
 */
const STRUCTURE: ReadonlySet<string> = new Set([
  ...['type', 'run', 'command', 'playbook', 'inventory', 'user', 'version', 'of', 'folder', 'since', 'runs'],
  ...[
    'hosts',
    'host',
    'forHost',
    'delegatedTo',
    'failed',
    'stats',
    'identity',
    'become',
    'stateDir',
    'journal',
  ],
  ...[
    'id',
    'module',
    'position',
    'kind',
    'status',
    'outcome',
    'scope',
    'undo',
    'mark',
    'coverage',
    'prediction',
  ],
]);

/** Fields with data of any shape: what modules answer, items of loops. */
const DATA: ReadonlySet<string> = new Set(['result', 'item', 'message', 'custom']);

/** Gives an event as it may be shown and kept: no secret in anything that it tells, everything that it refers to intact. */
export function maskedEvent<T extends RunEvent>(event: T, secrets: Secrets): T {
  return secrets.size === 0 ? event : (maskedRecord(event, secrets) as T);
}

function maskedRecord(record: object, secrets: Secrets): unknown {
  return Object.fromEntries(
    Object.entries(record).map(([name, value]) => [name, maskedField(name, value, secrets)]),
  );
}

function maskedField(name: string, value: unknown, secrets: Secrets): unknown {
  if (STRUCTURE.has(name)) return value;
  if (DATA.has(name)) return maskedData(value, secrets);
  if (typeof value === 'string') return maskedText(name, value, secrets);
  if (Array.isArray(value)) return value.map((part) => maskedField(name, part, secrets));
  return typeof value === 'object' && value !== null ? maskedRecord(value, secrets) : value;
}

/** The names of what a module answers are its own; deeper down a name may be data too. */
function maskedData(value: unknown, secrets: Secrets): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return secrets.maskDeep(value);
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, secrets.maskDeep(part)]));
}

function maskedText(name: string, text: string, secrets: Secrets): string {
  if (name === 'task') return text;
  if (name !== 'key') return secrets.mask(text);
  // `file:/etc/hosts`: the kind of a resource is no content.
  const [kind] = /^[a-z_-]+:/.exec(text) ?? [''];
  return kind + secrets.mask(text.slice(kind.length));
}
