/** Filters over text. */
import { isMapping, namesOf } from '../../values/index.ts';
import { tuple } from '../python/kinds.ts';
import { iterate } from '../python/logic.ts';
import { percentFormat } from '../python/percent.ts';
import { capitalize, replaceText, split, splitLines, strip } from '../python/strings.ts';
import { capText, str, WIDEST_FILL } from '../python/text.ts';
import { type Args, type Routines, routine } from '../routine.ts';

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  "'": '&#39;',
  '"': '&#34;',
};

/** Escapes a text for HTML as markupsafe does. */
const escapeHtml = (text: string): string => text.replace(/[&<>'"]/g, (character) => ENTITIES[character]!);

/** Jinja's `title`: a capital behind white space, dashes, brackets and quotes only. */
function title(text: string): string {
  return text
    .split(/([-\s({[<]+)/)
    .map((part) => (part === '' ? '' : capitalizeFirst(part)))
    .join('');
}

function capitalizeFirst(word: string): string {
  const [first = '', ...rest] = Array.from(word);
  return first.toUpperCase() + rest.join('').toLowerCase();
}

function indent(value: unknown, args: Args): string {
  const width = args.get('width');
  const blanks =
    typeof width === 'string' ? width : ' '.repeat(Math.min(Math.max(0, args.int('width')), 10_000));
  const lines = splitLines(`${str(value)}\n`);
  const made = lines
    .map((line, index) => (index === 0 || (line === '' && !args.flag('blank')) ? line : blanks + line))
    .join('\n');
  return capText(args.flag('first') ? blanks + made : made);
}

function truncate(value: unknown, args: Args): string {
  const text = Array.from(str(value));
  const length = args.int('length');
  const end = args.text('end');
  const leeway = args.optionalInt('leeway') ?? 0;
  if (text.length <= length + leeway) return str(value);
  const kept = text.slice(0, Math.max(0, length - Array.from(end).length)).join('');
  if (args.flag('killwords')) return kept + end;
  const space = kept.lastIndexOf(' ');
  return (space === -1 ? kept : kept.slice(0, space)) + end;
}

/** Wraps as Python's textwrap does with `expand_tabs` and `replace_whitespace` off. */
function wordwrap(value: unknown, args: Args): string {
  const width = args.int('width');
  if (width <= 0) return args.refuse('width', 'must be larger than 0');
  const separator = args.optionalText('wrapstring') ?? '\n';
  return splitLines(str(value))
    .map((line) =>
      wrapLine(line, width, args.flag('break_long_words'), args.flag('break_on_hyphens')).join(separator),
    )
    .join(separator);
}

function wrapLine(line: string, width: number, breakLong: boolean, onHyphens: boolean): string[] {
  const pieces = line.match(onHyphens ? /\s+|[^\s-]*\w-(?=\w)|[^\s-]+-*|-+/g : /\s+|\S+/g) ?? [];
  const lines: string[] = [];
  let current: string[] = [];
  let size = 0;
  const flush = (): void => {
    while (current.length > 0 && current.at(-1)!.trim() === '') current.pop();
    if (current.length > 0) lines.push(current.join(''));
    current = [];
    size = 0;
  };
  const queue = [...pieces];
  while (queue.length > 0) {
    const piece = queue.shift()!;
    if (piece.trim() === '' && current.length === 0 && lines.length > 0) continue;
    if (size + piece.length <= width) {
      current.push(piece);
      size += piece.length;
    } else if (piece.length > width && breakLong) {
      const room = Math.max(1, width - size);
      current.push(piece.slice(0, room));
      flush();
      queue.unshift(piece.slice(room));
    } else if (piece.length > width && current.length === 0) {
      current.push(piece);
      flush();
    } else {
      flush();
      queue.unshift(piece);
    }
  }
  flush();
  return lines;
}

function replace(value: unknown, args: Args): string {
  return replaceText(str(value), args.text('old'), args.text('new'), args.optionalInt('count') ?? -1);
}

function center(value: unknown, args: Args): string {
  const text = str(value);
  const width = args.int('width');
  const missing = width - Array.from(text).length;
  if (missing <= 0) return text;
  if (missing > WIDEST_FILL) return args.refuse('width', 'is too large');
  const left = Math.floor(missing / 2) + (missing & width & 1);
  return ' '.repeat(left) + text + ' '.repeat(missing - left);
}

/** Takes out what stands between two marks, with them. A begin without its end stays. */
function without(text: string, begin: string, end: string): string {
  let kept = '';
  for (let at = 0; ; ) {
    const from = text.indexOf(begin, at);
    const to = from === -1 ? -1 : text.indexOf(end, from + begin.length);
    if (to === -1) return kept + text.slice(at);
    kept += text.slice(at, from);
    at = to + end.length;
  }
}

function xmlattr(value: unknown, args: Args): string {
  if (!isMapping(value)) return args.fail('needs a mapping');
  const parts = namesOf(value)
    .filter((key) => value[key] !== null && value[key] !== undefined)
    .map((key) => {
      if (/[\s/>=]/.test(key)) return args.fail(`"${key}" cannot be the name of an attribute`);
      return `${escapeHtml(key)}="${escapeHtml(str(value[key]))}"`;
    });
  return (args.flag('autospace') && parts.length > 0 ? ' ' : '') + parts.join(' ');
}

function urlize(value: unknown, args: Args): string {
  const limit = args.optionalInt('trim_url_limit');
  const rel = new Set(
    ['noopener', ...(args.optionalText('rel') ?? '').split(/\s+/)].filter((word) => word !== ''),
  );
  if (args.flag('nofollow')) rel.add('nofollow');
  const target = args.optionalText('target');
  const attributes = ` rel="${[...rel].sort().join(' ')}"${target ? ` target="${escapeHtml(target)}"` : ''}`;
  const shorten = (text: string): string =>
    limit !== undefined && text.length > limit ? `${text.slice(0, limit)}...` : text;
  return str(value)
    .split(/(\s+)/)
    .map((word) => {
      const [, head = '', middle = '', tail = ''] =
        /^([(<]*|&lt;)([\s\S]*?)([).,>\n]*|&gt;)$/.exec(escapeHtml(word)) ?? [];
      if (/^(?:https?:\/\/|www\.)\S+$/.test(middle)) {
        const link = middle.startsWith('www.') ? `https://${middle}` : middle;
        return `${head}<a href="${link}"${attributes}>${shorten(middle)}</a>${tail}`;
      }
      return head + middle + tail;
    })
    .join('');
}

/** Comment styles: what begins and ends the comment and each of its lines. */
const COMMENTS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  plain: { decoration: '# ' },
  erlang: { decoration: '% ' },
  c: { decoration: '// ' },
  cblock: { beginning: '/*', decoration: ' * ', end: ' */' },
  xml: { beginning: '<!--', decoration: ' - ', end: '-->' },
};

function comment(value: unknown, args: Args): string {
  const style =
    COMMENTS[args.text('style')] ??
    args.refuse('style', `must be one of ${Object.keys(COMMENTS).join(', ')}`);
  const named = args.named;
  const option = (name: string, initial: string): string =>
    Object.hasOwn(named, name) ? str(named[name]) : initial;
  const count = (name: string): number =>
    Object.hasOwn(named, name) ? Math.min(Number(str(named[name])), 1000) : 1;
  const decoration = option('decoration', style.decoration ?? '');
  const newline = option('newline', '\n');
  const prefix = option('prefix', decoration.replace(/\s+$/, ''));
  const postfix = option('postfix', decoration.replace(/\s+$/, ''));
  const beginning = option('beginning', style.beginning ?? '');
  const end = option('end', style.end ?? '');
  const body = `${decoration}${str(value).replaceAll('\n', `${newline}${decoration}`)}`.replaceAll(
    `${decoration}${newline}`,
    `${decoration.replace(/\s+$/, '')}${newline}`,
  );
  return [
    beginning === '' ? '' : beginning + newline,
    prefix === '' ? '' : (prefix + newline).repeat(count('prefix_count')),
    body,
    (newline + postfix).repeat(count('postfix_count')),
    end === '' ? '' : newline + end,
  ].join('');
}

/** Quotes a text for a POSIX shell, only when it needs it. */
function shellQuote(text: string): string {
  if (text === '') return "''";
  return /^[\w@%+=:,./-]+$/.test(text) && !/[^\x00-\x7f]/.test(text)
    ? text
    : `'${text.replaceAll("'", `'"'"'`)}'`;
}

function formatFilter(value: unknown, args: Args): string {
  const named = Object.keys(args.named).length > 0;
  if (named && args.rest.length > 0)
    return args.fail("can't handle positional and keyword arguments at the same time");
  return percentFormat(str(value), named ? args.named : tuple(...args.rest));
}

/** Filters by name. */
export const TEXT_FILTERS: Routines = {
  capitalize: routine('', (value) => capitalize(str(value))),
  center: routine('width=80', center),
  comment: routine('style="plain" **', comment),
  e: routine('', (value) => escapeHtml(str(value))),
  escape: routine('', (value) => escapeHtml(str(value))),
  forceescape: routine('', (value) => escapeHtml(str(value))),
  format: routine('* **', formatFilter),
  indent: routine('width=4 first=false blank=false', indent),
  lower: routine('', (value) => str(value).toLowerCase()),
  quote: routine('', (value) => (value === null ? "''" : shellQuote(str(value)))),
  replace: routine('old new count=null', replace),
  safe: routine('', (value) => value),
  split: routine('sep=null maxsplit=-1', (value, args) => {
    if (typeof value !== 'string') return args.fail('needs a text');
    return split(value, args.optionalText('sep'), args.int('maxsplit'));
  }),
  splitlines: routine('', (value) => splitLines(str(value))),
  string: routine('', (value) => str(value)),
  striptags: routine('', (value) =>
    without(without(str(value), '<!--', '-->'), '<', '>')
      .split(/\s+/)
      .filter((word) => word !== '')
      .join(' ')
      .replaceAll('&lt;', '<')
      .replaceAll('&gt;', '>')
      .replaceAll('&#39;', "'")
      .replaceAll('&#34;', '"')
      .replaceAll('&quot;', '"')
      .replaceAll('&amp;', '&'),
  ),
  title: routine('', (value) => title(str(value))),
  trim: routine('chars=null', (value, args) => strip(str(value), args.optionalText('chars'), 'both')),
  truncate: routine('length=255 killwords=false end="..." leeway=5', truncate),
  upper: routine('', (value) => str(value).toUpperCase()),
  urlize: routine('trim_url_limit=null nofollow=false target=null rel=null extra_schemes=null', urlize),
  wordcount: routine('', (value) => (str(value).match(/[\p{L}\p{N}_]+/gu) ?? []).length),
  wordwrap: routine('width=79 break_long_words=true wrapstring=null break_on_hyphens=true', wordwrap),
  xmlattr: routine('autospace=true', xmlattr),
  join: routine('d="" attribute=null', (value, args) => {
    const items = args.run.items(value);
    const attribute = args.get('attribute');
    const picked = attribute === null ? items : iterate(args.run.filter('map', items, [], { attribute }));
    return capText(picked.map(str).join(args.text('d')));
  }),
};
