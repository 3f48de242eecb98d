/** Rules of rsync that say what is left out, and what a deletion leaves alone. The first that fits counts. */

/** A rule as it is written, or a file of the controller that has them, one a line. */
export type WrittenRule = { readonly rule: string } | { readonly file: string; readonly sign: '+' | '-' };

/** A rule. It is about what is sent, what a deletion may take, or both. */
export interface Rule {
  readonly includes: boolean;
  readonly sends: boolean;
  readonly deletes: boolean;
  readonly foldersOnly: boolean;
  /** Of the whole path, without slashes at its ends. */
  readonly pattern: RegExp;
}

const KINDS: Readonly<Record<string, Pick<Rule, 'includes' | 'sends' | 'deletes'>>> = {
  '+': { includes: true, sends: true, deletes: true },
  '-': { includes: false, sends: true, deletes: true },
  S: { includes: true, sends: true, deletes: false },
  H: { includes: false, sends: true, deletes: false },
  R: { includes: true, sends: false, deletes: true },
  P: { includes: false, sends: false, deletes: true },
};
const WORDS: Readonly<Record<string, string>> = {
  include: '+',
  exclude: '-',
  show: 'S',
  hide: 'H',
  risk: 'R',
  protect: 'P',
};

/**
 * Reads one rule. `base`: the folder in which its file was found; patterns with a slash in front begin there.
 * Gives a text that says why not when it is none that can be followed here.
 */
export function readRule(written: string, base = ''): Rule | string {
  const [, sign = '', pattern = ''] = /^([-+SHRP]|[a-z]+)[ _](.+)$/.exec(written) ?? [];
  const kind = KINDS[WORDS[sign] ?? sign];
  if (kind === undefined) return `the rule "${written}" is not supported here`;
  return { ...kind, ...compiled(pattern, base) };
}

/** Reads a file of rules; `sign`: what lines are that are nothing but a pattern. */
export function readRules(text: string, sign: '+' | '-' | undefined, base = ''): (Rule | string)[] {
  return text
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '' && !/^[#;]/.test(line))
    .map((line) => readRule(sign === undefined || /^[-+] /.test(line) ? line : `${sign} ${line}`, base));
}

/** Whether the rules leave a path out of what is sent, or of what may be deleted. */
export function isLeftOut(
  rules: readonly Rule[],
  path: string,
  isFolder: boolean,
  about: 'sends' | 'deletes',
): boolean {
  const first = rules.find(
    (rule) => rule[about] && (isFolder || !rule.foldersOnly) && rule.pattern.test(path),
  );
  return first !== undefined && !first.includes;
}

function compiled(written: string, base: string): Pick<Rule, 'pattern' | 'foldersOnly'> {
  const foldersOnly = written.endsWith('/') && written !== '/';
  const plain = foldersOnly ? written.slice(0, -1) : written;
  const anchored = plain.startsWith('/');
  const whole = plain.endsWith('/***');
  const body = (anchored ? plain.slice(1) : plain).slice(0, whole ? -4 : undefined);
  const below = base === '' ? '' : `${escaped(base)}/`;
  const start = anchored ? below : `${below}(?:.*/)?`;
  return {
    foldersOnly,
    pattern: new RegExp(
      `^${start}${/[*?[]/.test(body) ? wild(body) : escaped(body)}${whole ? '(?:/.*)?' : ''}$`,
      's',
    ),
  };
}

function wild(body: string): string {
  return body.replace(
    /\\(.)|\*\*|\*|\?|\[(!|\^)?(\]?[^\]]*)\]|[\s\S]/g,
    (part, literal?: string, not?: string, set?: string) => {
      if (literal !== undefined) return escaped(literal);
      if (part === '**') return '.*';
      if (part === '*') return '[^/]*';
      if (part === '?') return '[^/]';
      if (set !== undefined) return `[${not ? '^' : ''}${set.replace(/[\\\]]/g, '\\$&')}]`;
      return escaped(part);
    },
  );
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}
