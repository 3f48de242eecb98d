/** What `stat` tells beside the state of a path: how it is stored, what kind of content it has, its flags and checksums. */
import { type CommandResult, commandOutput, type Probe, quote } from '../../resources/index.ts';
import { type Algorithm, digestIn, digestScript } from '../digests.ts';

/** What is wanted of a path. */
export interface ExtrasWish {
  readonly path: string;
  readonly follow: boolean;
  readonly get_mime: boolean;
  readonly get_attributes: boolean;
  /** Which checksums beside the one that comes with the state. */
  readonly digests: readonly Algorithm[];
}

/** What a host says of a path: keys of the result and the checksums in the order of the wish, or why it cannot be looked at. */
export type Extras =
  | {
      readonly keys: Readonly<Record<string, unknown>>;
      readonly digests: readonly (string | undefined)[];
    }
  | { readonly failed: string };

/** Asks, all in one: a line each of `stat`, `file` and `lsattr`, then of each checksum. Of a link `file` and `lsattr` tell about itself, as in Ansible. */
export function extrasProbe(wish: ExtrasWish): Probe<CommandResult> {
  const path = quote(wish.path.startsWith('-') ? `./${wish.path}` : wish.path);
  const follow = wish.follow ? 'L' : '';
  const script = [
    // Blocks, bytes of a block for reading and writing, major and minor number of a device in hex; BSD's stat has one number.
    `told=$(stat -${follow}c '%b %o %t %T' ${path} 2>&1) || stat -c %a / >/dev/null 2>&1 || told=$(stat -${follow}f '%b %k %r' ${path} 2>&1)`,
    'echo "$told"',
    wish.get_mime
      ? `[ -e ${path} ] && file -b --mime-type --mime-encoding ${path} 2>/dev/null || echo unknown`
      : 'echo unknown',
    wish.get_attributes ? `lsattr -vd ${path} 2>/dev/null || echo` : 'echo',
    ...wish.digests.map((algorithm) => digestScript([wish.path], algorithm)),
  ];
  return commandOutput({ script: `${script.join('\n')}\n`, env: { LC_ALL: 'C' } });
}

/** Reads the answer. A path below a file, or in a folder that is closed to the task's user, is a failure and not "absent". */
export function extrasOf(wish: ExtrasWish, told: CommandResult): Extras {
  const [stored = '', ...rest] = told.stdout.split('\n');
  const refused = /: (Not a directory|Permission denied|Too many levels of symbolic links)$/.exec(stored);
  if (refused) return { failed: refused[1]! };
  const [mime = '', attributes = ''] = rest;
  const end = rest.length - 1;
  return {
    keys: {
      ...storage(stored),
      ...(wish.get_mime ? content(mime) : {}),
      ...(wish.get_attributes ? flags(attributes) : {}),
    },
    digests: rest.slice(end - wish.digests.length, end).map(digestIn),
  };
}

function storage(line: string): Record<string, unknown> {
  const [, blocks, size, major, minor] = /^(\d+) (\d+) ([0-9a-f]+)(?: ([0-9a-f]+))?$/.exec(line) ?? [];
  if (blocks === undefined) return {};
  const device = minor === undefined ? Number(major) : deviceNumber(hex(major!), hex(minor));
  return { blocks: Number(blocks), block_size: Number(size), device_type: device };
}

/** One number of major and minor, as Linux packs them (makedev(3)). */
function deviceNumber(major: number, minor: number): number {
  const low = (minor & 0xff) | ((major & 0xfff) << 8);
  const high = ((minor & 0xfff00) << 12) >>> 0;
  return low + high + (major >>> 12) * 2 ** 44;
}

const hex = (digits: string) => Number.parseInt(digits, 16);

function content(line: string): Record<string, string> {
  const [mimetype = '', charset = 'unknown'] = line.split(/;\s*charset=/);
  return { mimetype: mimetype.trim() || 'unknown', charset: charset.trim() };
}

/** Names of the flags, as the manual page chattr(1) explains them. */
const FLAGS: Readonly<Record<string, string>> = {
  a: 'append',
  A: 'noatime',
  c: 'compressed',
  C: 'nocow',
  d: 'nodump',
  D: 'dirsync',
  e: 'extents',
  E: 'encrypted',
  i: 'immutable',
  I: 'indexed',
  j: 'journalled',
  N: 'inline',
  s: 'zero',
  S: 'synchronous',
  t: 'notail',
  T: 'blockroot',
  u: 'undelete',
  X: 'compressedraw',
  Z: 'compresseddirty',
};

function flags(line: string): Record<string, unknown> {
  const [version, word = ''] = line.trim().split(/\s+/);
  const letters = word.replaceAll('-', '');
  return {
    version: version || null,
    attr_flags: letters,
    attributes: [...letters].flatMap((letter) => FLAGS[letter] ?? []),
  };
}
