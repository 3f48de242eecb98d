import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { CutoverError } from '../errors/index.ts';
import { isWild, nameTest, type PatternPart, parsePart, splitPattern, takeSlice } from './pattern.ts';
import type { PatternMatch } from './types.ts';

/** Names that mean the controller itself when the inventory does not name them. */
export const LOCALHOST_NAMES: readonly string[] = ['localhost', '127.0.0.1', '::1'];

/** What matching needs to know about an inventory. */
export interface Matchable {
  readonly hosts: ReadonlyMap<string, unknown>;
  readonly groups: ReadonlyMap<string, unknown>;
  members(group: string): readonly string[];
  /** Folder of relative `@file` parts. */
  readonly cwd: string;
}

/**
 * Gives the hosts of a pattern. As in Ansible, plain parts come first, then every `&`, then every `!`, wherever they
 * stand; a pattern of only those starts from `all`
 * (https://docs.ansible.com/ansible/latest/inventory_guide/intro_patterns.html). Throws CutoverError('inventory').
 */
export function matchHosts(
  inventory: Matchable,
  pattern: string | readonly string[],
  limit?: string | readonly string[],
): PatternMatch {
  const unmatched = new Set<string>();
  const hosts = evaluate(inventory, pattern, unmatched);
  if (limit === undefined || limit.length === 0) return { hosts: [...hosts], unmatched: [...unmatched] };
  const allowed = evaluate(inventory, limit, unmatched);
  return { hosts: [...hosts].filter((host) => allowed.has(host)), unmatched: [...unmatched] };
}

function evaluate(
  inventory: Matchable,
  pattern: string | readonly string[],
  unmatched: Set<string>,
): Set<string> {
  const texts =
    typeof pattern === 'string' ? splitPattern(pattern) : pattern.flatMap((each) => splitPattern(each));
  const parts = texts
    .flatMap((text) => (text.startsWith('@') ? listFile(text, inventory.cwd) : [text]))
    .map(parsePart);
  const result = new Set<string>();
  if (!parts.some((part) => part.role === 'add'))
    for (const host of inventory.members('all')) result.add(host);
  for (const part of byRole(parts, 'add'))
    for (const host of select(inventory, part, unmatched)) result.add(host);
  for (const part of byRole(parts, 'keep')) {
    const kept = new Set(select(inventory, part, unmatched));
    for (const host of result) if (!kept.has(host)) result.delete(host);
  }
  for (const part of byRole(parts, 'drop'))
    for (const host of select(inventory, part, unmatched)) result.delete(host);
  return result;
}

function byRole(parts: readonly PatternPart[], role: PatternPart['role']): PatternPart[] {
  return parts.filter((part) => part.role === role);
}

/** Groups come before hosts; hosts are looked at when no group has the name, or when the name is a wildcard. */
function select(inventory: Matchable, part: PatternPart, unmatched: Set<string>): readonly string[] {
  const found = isWild(part.name) ? selectWild(inventory, part.name) : selectNamed(inventory, part.name);
  if (found) return takeSlice(found, part.slice);
  if (LOCALHOST_NAMES.includes(part.name)) return [part.name];
  unmatched.add(part.name);
  return [];
}

function selectNamed(inventory: Matchable, name: string): readonly string[] | undefined {
  if (inventory.groups.has(name)) return inventory.members(name);
  return inventory.hosts.has(name) ? [name] : undefined;
}

function selectWild(inventory: Matchable, name: string): readonly string[] | undefined {
  if (name === '*') return inventory.members('all');
  const test = nameTest(name);
  const found = new Set<string>();
  let any = false;
  for (const group of inventory.groups.keys()) {
    if (!test(group)) continue;
    any = true;
    for (const host of inventory.members(group)) found.add(host);
  }
  for (const host of inventory.members('all')) if (test(host)) found.add(host);
  return any || found.size > 0 ? [...found] : undefined;
}

/** One pattern a line, such as the `.retry` files that Ansible wrote. */
function listFile(text: string, cwd: string): string[] {
  const path = resolve(cwd, text.slice(1));
  try {
    return readFileSync(path, 'utf8')
      .split(/\r?\n/)
      .map((line) => line.trim())
      .filter((line) => line !== '' && !line.startsWith('#'));
  } catch (thrown) {
    throw new CutoverError('inventory', `the list of hosts "${text}" cannot be read`, {
      cause: thrown,
      hint: 'the file after "@" holds one pattern a line',
    });
  }
}
