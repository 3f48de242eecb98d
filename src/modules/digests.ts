/** Checksums that results and checks need beside the SHA-256 that everything else works with. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { type CommandResult, commandOutput, type Probe, quote } from '../resources/index.ts';
import type { ControllerFile } from './types.ts';

/** Algorithms that `stat` and `find` offer. */
export const ALGORITHMS = ['md5', 'sha1', 'sha224', 'sha256', 'sha384', 'sha512'] as const;
export type Algorithm = (typeof ALGORITHMS)[number];

const known = new Map<string, Promise<string>>();

/** Gives a checksum of a controller file in hex, worked out once per content. */
export function digestOfFile(file: ControllerFile, algorithm: Algorithm): Promise<string> {
  if (algorithm === 'sha256') return Promise.resolve(file.sha256);
  if (file.bytes) return Promise.resolve(digestOfBytes(file.bytes, algorithm));
  const key = `${algorithm}:${file.sha256}`;
  const earlier = known.get(key);
  if (earlier) return earlier;
  const digest = digestOfStream(file.path, algorithm);
  known.set(key, digest);
  return digest;
}

async function digestOfStream(path: string, algorithm: Algorithm): Promise<string> {
  const hash = createHash(algorithm);
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

/** Gives a checksum in hex. */
export function digestOfBytes(bytes: Uint8Array | string, algorithm: Algorithm): string {
  return createHash(algorithm).update(bytes).digest('hex');
}

/**
 * Asks a host for another checksum of files: with the coreutils or busybox command, BSD's, or openssl. One line per path, in
 * their order: the checksum, or `-` when there is none to be had.
 */
export function digestProbe(paths: readonly string[], algorithm: Algorithm): Probe<CommandResult> {
  return commandOutput({ script: digestScript(paths, algorithm) });
}

/** The commands of `digestProbe`, for a question that asks more than that. */
export function digestScript(paths: readonly string[], algorithm: Algorithm): string {
  const bits = algorithm.replace('sha', '');
  const shasum = algorithm === 'md5' ? 'md5 -q "$1"' : `shasum -a ${bits} < "$1"`;
  return `digest() {
  if [ ! -f "$1" ] || [ ! -r "$1" ]; then echo -; return; fi
  { ${algorithm}sum < "$1" || ${shasum} || openssl dgst -${algorithm} -r < "$1"; } 2>/dev/null | {
    read -r sum rest || sum=-
    echo "$sum"
  }
}
for path in ${paths.map(quote).join(' ')}; do digest "$path"; done
`;
}

/** Reads what `digestProbe` answered. */
export function digestsFrom(result: CommandResult): (string | undefined)[] {
  return result.stdout.split('\n').slice(0, -1).map(digestIn);
}

/** Reads one line of `digestScript`: the checksum, or undefined when there was none to be had. */
export function digestIn(line: string): string | undefined {
  return /^[0-9a-f]{32,}$/.test(line) ? line : undefined;
}
