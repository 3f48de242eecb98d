import { readFileSync } from 'node:fs';
import { CutoverError } from '../errors/index.ts';
import { parseYaml } from '../source/index.ts';
import { isMapping } from '../values/index.ts';
import type { Vault } from '../vault/index.ts';

/** Reads `-e` in its three forms: `key=value ...`, a JSON or YAML mapping, `@file`. Throws CutoverError('usage'). */
export function parseExtraVars(
  texts: readonly string[],
  vault: Vault | undefined,
  secrets: { add(value: unknown): void },
): readonly Readonly<Record<string, unknown>>[] {
  return texts.map((text) =>
    text.startsWith('@')
      ? fromFile(text.slice(1), vault, secrets)
      : /^\s*[{[]/.test(text)
        ? mapping(text, '-e')
        : keyValues(text),
  );
}

function fromFile(
  path: string,
  vault: Vault | undefined,
  secrets: { add(value: unknown): void },
): Record<string, unknown> {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    throw new CutoverError('usage', `-e @${path}: ${(cause as Error).message}`, { cause });
  }
  if (text.startsWith('$ANSIBLE_VAULT')) {
    if (!vault)
      throw new CutoverError('vault', `${path} is encrypted and no vault password was given`, {
        hint: 'use --vault-password-file',
      });
    const values = mapping(vault.decryptText(text, { file: path, line: 1, column: 1 }), path);
    secrets.add(values);
    return values;
  }
  return mapping(text, path);
}

function mapping(text: string, file: string): Record<string, unknown> {
  const value = parseYaml({ text, file, kind: 'usage' });
  if (value === undefined || value === null) return {};
  if (!isMapping(value)) throw new CutoverError('usage', `${file}: extra variables must be a mapping`);
  return value;
}

/** `a=1 b="two words" c='x'`: values are text, as in Ansible. */
function keyValues(text: string): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  const pattern = /([A-Za-z_]\w*)=("(?:[^"\\]|\\.)*"|'[^']*'|(?:\{\{.*?\}\}|[^\s])*)(?:\s+|$)/gy;
  let end = 0;
  const trimmed = text.trim();
  for (const match of trimmed.matchAll(pattern)) {
    const [whole, key, raw] = match;
    values[key!] = /^(['"]).*\1$/s.test(raw!) ? raw!.slice(1, -1).replace(/\\(["\\])/g, '$1') : raw!;
    end = match.index + whole.length;
  }
  if (end !== trimmed.length)
    throw new CutoverError('usage', `-e: "${trimmed.slice(end)}" is not key=value`, {
      hint: 'quote values with blanks, or write JSON',
    });
  return values;
}
