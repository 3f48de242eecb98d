import { execFile } from 'node:child_process';
import { CutoverError } from '../errors/index.ts';
import { isMapping, parseJson } from '../values/index.ts';
import type { InventoryGraph } from './graph.ts';
import type { InventoryOptions } from './types.ts';

const SHAPE = ['hosts', 'vars', 'children'];
const HOST_CALLS_AT_ONCE = 8;
const MOST_OUTPUT = 512 * 1024 * 1024;

/**
 * Runs an inventory script with `--list`, and with `--host NAME` for each host when its answer has no `_meta`
 * (https://docs.ansible.com/ansible/latest/dev_guide/developing_inventory.html). Throws CutoverError with what the script said.
 */
export async function readScript(
  path: string,
  file: string,
  graph: InventoryGraph,
  options: InventoryOptions,
): Promise<void> {
  const ask = async (...args: string[]): Promise<Record<string, unknown>> => {
    const text = await run(path, args, file, options);
    return parseAnswer(text, args, file);
  };
  const list = await ask('--list');
  const position = { file, line: 1, column: 1 };
  const bad = (message: string): CutoverError => new CutoverError('inventory', message, { position });
  const named: string[] = [];
  for (const [group, body] of Object.entries(list)) {
    if (group === '_meta') continue;
    graph.addGroup(group, position);
    const data = normalize(group, body);
    if (!data) throw bad(`the script gave the group "${group}" as neither a list nor a mapping`);
    const { hosts = [], vars = {}, children = [] } = data;
    if (!Array.isArray(hosts)) throw bad(`the script gave hosts of the group "${group}" that are not a list`);
    if (!isMapping(vars)) throw bad(`the script gave vars of the group "${group}" that are not a mapping`);
    if (!Array.isArray(children))
      throw bad(`the script gave children of the group "${group}" that are not a list`);
    for (const host of hosts) {
      graph.addHost(String(host), group, position);
      named.push(String(host));
    }
    if (Object.keys(vars).length > 0) graph.setGroupVars(group, file, { values: vars });
    for (const child of children) graph.link(group, String(child), position);
  }
  await hostVars([...new Set(named)], list, ask, file, graph);
}

async function hostVars(
  names: readonly string[],
  list: Record<string, unknown>,
  ask: (...args: string[]) => Promise<Record<string, unknown>>,
  file: string,
  graph: InventoryGraph,
): Promise<void> {
  const keep = (name: string, values: unknown): void => {
    const host = graph.hosts.get(name);
    if (host && isMapping(values) && Object.keys(values).length > 0)
      graph.setHostVars(host, file, { values });
  };
  const known = isMapping(list._meta) ? list._meta.hostvars : undefined;
  if (isMapping(known)) {
    for (const name of names) keep(name, Object.hasOwn(known, name) ? known[name] : undefined);
    return;
  }
  const answers = new Map<string, Record<string, unknown>>();
  const waiting = [...names];
  const worker = async (): Promise<void> => {
    for (let name = waiting.shift(); name !== undefined; name = waiting.shift())
      answers.set(name, await ask('--host', name));
  };
  await Promise.all(Array.from({ length: HOST_CALLS_AT_ONCE }, worker));
  for (const name of names) keep(name, answers.get(name));
}

/** A group is a mapping, a bare list of hosts, or, when no key is known, the variables of a host with the group's name. */
function normalize(group: string, body: unknown): Record<string, unknown> | undefined {
  if (Array.isArray(body)) return { hosts: body };
  if (!isMapping(body)) return undefined;
  const keys = Object.keys(body);
  if (keys.length > 0 && !keys.some((key) => SHAPE.includes(key))) return { hosts: [group], vars: body };
  return body;
}

function parseAnswer(text: string, args: readonly string[], file: string): Record<string, unknown> {
  const position = { file, line: 1, column: 1 };
  if (text.trim() === '' && args[0] === '--host') return {};
  let data: unknown;
  try {
    data = parseJson(text);
  } catch (thrown) {
    throw new CutoverError(
      'inventory',
      `the script answered ${args.join(' ')} with something that is not JSON`,
      {
        position,
        cause: thrown,
        hint: (thrown as Error).message,
      },
    );
  }
  if (!isMapping(data))
    throw new CutoverError('inventory', `the script must answer ${args.join(' ')} with a JSON object`, {
      position,
    });
  return data;
}

function run(
  path: string,
  args: readonly string[],
  file: string,
  options: InventoryOptions,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const settings = {
      cwd: options.cwd ?? process.cwd(),
      env: { ...(options.env ?? process.env) },
      timeout: options.scriptTimeoutMs ?? 120_000,
      maxBuffer: MOST_OUTPUT,
      encoding: 'utf8' as const,
    };
    execFile(path, args, settings, (error, stdout, stderr) => {
      if (!error) return resolve(stdout);
      const said = stderr.trim().split('\n').at(-1);
      const reason = error.killed
        ? `took longer than ${settings.timeout / 1000} s`
        : typeof error.code === 'number'
          ? `ended with exit code ${error.code}`
          : 'could not be run';
      reject(
        new CutoverError(
          'inventory',
          `the inventory script ${reason} (${args.join(' ')})${said ? `: ${said}` : ''}`,
          {
            position: { file, line: 1, column: 1 },
            cause: error,
          },
        ),
      );
    });
  });
}
