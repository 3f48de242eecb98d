/** Options of rsync: those that say what is copied, those that say nothing here, and those that are refused. */
import { splitWords } from '../../resources/index.ts';
import type { WrittenRule } from './filter.ts';

/** What is to be done, as parameters and options of rsync say it together. */
export interface Options {
  readonly recursive: boolean;
  readonly dirs: boolean;
  readonly links: boolean;
  readonly copyLinks: boolean;
  readonly perms: boolean;
  readonly times: boolean;
  readonly owner: boolean;
  readonly group: boolean;
  readonly numericIds: boolean;
  readonly delete: boolean;
  readonly deleteExcluded: boolean;
  /** Folders may give way to files. */
  readonly force: boolean;
  readonly existingOnly: boolean;
  readonly ignoreExisting: boolean;
  /** Leave files alone that are newer where they go. */
  readonly update: boolean;
  /** Make missing folders above the destination. */
  readonly mkpath: boolean;
  readonly checksum: boolean;
  readonly chown: { readonly owner?: string; readonly group?: string };
  /** Changes of modes, one after the other. */
  readonly chmod: readonly { readonly for: 'files' | 'folders' | 'both'; readonly mode: string }[];
  readonly rules: readonly WrittenRule[];
}

type Saying = Partial<Options>;

const ARCHIVE: Saying = {
  recursive: true,
  links: true,
  perms: true,
  times: true,
  owner: true,
  group: true,
};

/** Options without a value. */
const FLAGS: Readonly<Record<string, Saying>> = {
  archive: ARCHIVE,
  recursive: { recursive: true },
  'no-recursive': { recursive: false },
  dirs: { dirs: true },
  links: { links: true },
  'no-links': { links: false },
  'copy-links': { copyLinks: true },
  perms: { perms: true },
  'no-perms': { perms: false },
  times: { times: true },
  'no-times': { times: false },
  owner: { owner: true },
  'no-owner': { owner: false },
  group: { group: true },
  'no-group': { group: false },
  'numeric-ids': { numericIds: true },
  force: { force: true },
  existing: { existingOnly: true },
  'ignore-non-existing': { existingOnly: true },
  'ignore-existing': { ignoreExisting: true },
  update: { update: true },
  mkpath: { mkpath: true },
  checksum: { checksum: true },
  'delete-excluded': { delete: true, deleteExcluded: true },
  ...Object.fromEntries(
    ['', '-before', '-during', '-delay', '-after'].map((when) => [`delete${when}`, { delete: true }]),
  ),
};

/** Options that say how rsync works or what it prints; nothing here depends on them. */
const NOTHING = new Set(
  `compress no-compress verbose quiet no-motd stats progress human-readable itemize-changes partial
  inplace append whole-file no-whole-file sparse blocking-io no-blocking-io omit-dir-times omit-link-times
  no-inc-recursive ignore-times size-only delay-updates fsync 8-bit-output no-devices no-specials no-D protect-args
  secluded-args old-args preallocate open-noatime`.split(/\s+/),
);

const NOTHING_WITH_VALUE = new Set(
  `bwlimit timeout contimeout rsh rsync-path info debug out-format log-file log-file-format compress-level
  compress-choice zc zl skip-compress partial-dir temp-dir modify-window block-size port sockopts outbuf
  checksum-choice cc checksum-seed address`.split(/\s+/),
);

const SHORT: Readonly<Record<string, string>> = {
  a: 'archive',
  r: 'recursive',
  d: 'dirs',
  l: 'links',
  L: 'copy-links',
  p: 'perms',
  t: 'times',
  o: 'owner',
  g: 'group',
  u: 'update',
  c: 'checksum',
  z: 'compress',
  v: 'verbose',
  q: 'quiet',
  h: 'human-readable',
  i: 'itemize-changes',
  P: 'partial',
  W: 'whole-file',
  S: 'sparse',
  O: 'omit-dir-times',
  J: 'omit-link-times',
  I: 'ignore-times',
  s: 'secluded-args',
  e: 'rsh',
  T: 'temp-dir',
  f: 'filter',
  B: 'block-size',
};

const RULES: Readonly<Record<string, (value: string) => WrittenRule>> = {
  exclude: (pattern) => ({ rule: `- ${pattern}` }),
  include: (pattern) => ({ rule: `+ ${pattern}` }),
  filter: (rule) => ({ rule }),
  'exclude-from': (file) => ({ file, sign: '-' }),
  'include-from': (file) => ({ file, sign: '+' }),
};

/** Gives what the parameters and the options of rsync behind them come to. The options are known by now. */
export function optionsOf(given: {
  readonly archive: boolean;
  readonly recursive?: boolean | undefined;
  readonly links?: boolean | undefined;
  readonly perms?: boolean | undefined;
  readonly times?: boolean | undefined;
  readonly owner?: boolean | undefined;
  readonly group?: boolean | undefined;
  readonly copy_links: boolean;
  readonly dirs: boolean;
  readonly delete: boolean;
  readonly existing_only: boolean;
  readonly checksum: boolean;
  readonly rsync_opts: readonly string[];
}): Options {
  const { archive } = given;
  const all: Options = {
    recursive: given.recursive ?? archive,
    links: given.links ?? archive,
    perms: given.perms ?? archive,
    times: given.times ?? archive,
    owner: given.owner ?? archive,
    group: given.group ?? archive,
    copyLinks: given.copy_links,
    dirs: given.dirs,
    delete: given.delete,
    existingOnly: given.existing_only,
    checksum: given.checksum,
    numericIds: false,
    deleteExcluded: false,
    force: false,
    ignoreExisting: false,
    update: false,
    mkpath: false,
    chown: {},
    chmod: [],
    rules: [],
  };
  return readOptions(given.rsync_opts).reduce<Options>((sum, one) => added(sum, one), all);
}

/** Why the options of rsync cannot be had here; undefined when they can. */
export function unknownOption(written: readonly string[]): string | undefined {
  const refused = readOptions(written).find((one) => 'refused' in one);
  return refused && 'refused' in refused ? refused.refused : undefined;
}

type Read = Saying | { readonly refused: string };

function added(sum: Options, saying: Read): Options {
  if ('refused' in saying) return sum;
  return {
    ...sum,
    ...saying,
    rules: [...sum.rules, ...(saying.rules ?? [])],
    chmod: [...sum.chmod, ...(saying.chmod ?? [])],
  };
}

/** A shell would split them: quotes in them are quotes. */
function readOptions(written: readonly string[]): Read[] {
  const rest = written.flatMap((one) => splitWords(one));
  const read: Read[] = [];
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    const next = () => rest.shift() ?? '';
    if (word.startsWith('--')) read.push(long(word, next));
    else if (/^-[A-Za-z]/.test(word)) read.push(...short(word.slice(1), next));
    else read.push({ refused: `"${word}" is no option of rsync` });
  }
  return read;
}

function long(word: string, next: () => string): Read {
  const [, name = '', value] = /^--([^=]+)(?:=([\s\S]*))?$/.exec(word) ?? [];
  const plain = name.replace(/^no-([a-zA-Z])$/, (_, letter: string) => `no-${SHORT[letter] ?? letter}`);
  const flag = FLAGS[plain];
  if (flag) return flag;
  if (NOTHING.has(plain)) return {};
  const given = () => value ?? next();
  if (NOTHING_WITH_VALUE.has(plain)) {
    given();
    return {};
  }
  const rule = RULES[plain];
  if (rule) return { rules: [rule(given())] };
  if (plain === 'chown') return ownersOf(given());
  if (plain === 'chmod') return { chmod: modesOf(given()) };
  return { refused: `the option "--${name}" of rsync is not supported here` };
}

function short(letters: string, next: () => string): Read[] {
  const read: Read[] = [];
  for (let at = 0; at < letters.length; at++) {
    const name = SHORT[letters[at]!];
    if (name === undefined) {
      // Devices and special files never travel.
      if (letters[at] === 'D') continue;
      return [...read, { refused: `the option "-${letters[at]}" of rsync is not supported here` }];
    }
    if (name in RULES || NOTHING_WITH_VALUE.has(name)) {
      const rest = letters.slice(at + 1);
      return [...read, long(`--${name}=${rest === '' ? next() : rest}`, next)];
    }
    read.push(long(`--${name}`, next));
  }
  return read;
}

function ownersOf(value: string): Saying {
  const [owner = '', group = ''] = value.split(':');
  return {
    ...(owner === '' ? {} : { owner: true }),
    ...(group === '' ? {} : { group: true }),
    chown: { ...(owner === '' ? {} : { owner }), ...(group === '' ? {} : { group }) },
  };
}

function modesOf(value: string): Options['chmod'] {
  return value.split(',').map((part) => {
    const [, kind = '', mode = ''] = /^([DF]?)(.*)$/.exec(part) ?? [];
    const whom = ({ D: 'folders', F: 'files' } as const)[kind] ?? 'both';
    return { for: whom, mode: /^[0-7]+$/.test(mode) ? mode.padStart(4, '0') : mode };
  });
}
