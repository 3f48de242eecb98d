import { CutoverError, type SourcePosition } from '../../errors/index.ts';
import { ALGORITHMS, type Algorithm } from '../digests.ts';

/** A checksum as a task asks for it: with its digest, or with the address of a list that holds it. */
export interface WantedChecksum {
  readonly algorithm: Algorithm;
  readonly digest?: string;
  readonly list?: string;
}

/** Reads `sha256:DIGEST` or `sha256:https://.../SHA256SUMS`. Throws CutoverError('playbook'). */
export function wantedChecksum(text: string, at?: SourcePosition): WantedChecksum {
  const [, word, rest] = /^(\w+):\s*(.+)$/s.exec(text.trim()) ?? [];
  const algorithm = ALGORITHMS.find((known) => known === word?.toLowerCase());
  if (algorithm === undefined || rest === undefined) {
    throw new CutoverError('playbook', `get_url: "${text}" is no checksum`, {
      position: at,
      hint: `write algorithm:digest or algorithm:URL, with one of ${ALGORITHMS.join(', ')}`,
    });
  }
  if (/^(?:https?|file):\/\//.test(rest)) return { algorithm, list: rest.trim() };
  return { algorithm, digest: rest.replace(/\W/g, '').toLowerCase() };
}

/**
 * Finds the digest of a file in a list as sha256sum(1) writes it (`DIGEST  NAME`, `DIGEST *NAME`, `SHA256 (NAME) = DIGEST`),
 * or takes a lone digest; what stands behind a digest, such as a full stop, is no part of it. Undefined when the file is not in it.
 */
export function digestInList(list: string, name: string): string | undefined {
  const lines = list
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  if (lines.length === 1 && /^[0-9a-fA-F]+\W*$/.test(lines[0]!))
    return lines[0]!.replace(/\W/g, '').toLowerCase();
  for (const line of lines) {
    const plain = /^([0-9a-fA-F]{8,})\W*?\s+\*?(.+)$/.exec(line);
    const tagged = /^\w+ \((.+)\) = ([0-9a-fA-F]+)\W*$/.exec(line);
    const [path, digest] = plain ? [plain[2]!, plain[1]!] : tagged ? [tagged[1]!, tagged[2]!] : ['', ''];
    if (path !== '' && path.split('/').at(-1) === name) return digest.toLowerCase();
  }
  return undefined;
}
