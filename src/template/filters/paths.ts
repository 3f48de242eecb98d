/** Filters over paths and URLs. */
import { globSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join, normalize, relative, resolve } from 'node:path';
import { tuple } from '../python/kinds.ts';
import { str } from '../python/text.ts';
import { type Args, type Routines, routine } from '../routine.ts';
import { expandHome } from '../tests/files.ts';

/** Python's `posixpath.split`. */
function splitPath(path: string): [string, string] {
  const cut = path.lastIndexOf('/') + 1;
  const head = path.slice(0, cut);
  return [/[^/]/.test(head) ? head.replace(/\/+$/, '') : head, path.slice(cut)];
}

function joinPath(parts: readonly string[]): string {
  return parts.reduce((path, part) => {
    if (part.startsWith('/')) return part;
    return path === '' || path.endsWith('/') ? path + part : `${path}/${part}`;
  });
}

function splitExtension(path: string): unknown {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const [, stem = '', extension = ''] = /^(\.*[^.][\s\S]*?)?(\.[^.]*)?$/.exec(name) ?? [];
  return extension === '' || stem === ''
    ? tuple(path, '')
    : tuple(path.slice(0, path.length - extension.length), extension);
}

/** Reading the file system needs the engine's leave. */
function allowed(args: Args): void {
  if (!args.run.lookupContext().allowEffects)
    args.fail('looks at files of the controller, which is not allowed here');
}

/** Resolves links as far as the path exists, as Python's `realpath` does. */
function realPath(path: string): string {
  const full = resolve(path);
  try {
    return realpathSync(full);
  } catch {
    return full === '/' ? full : join(realPath(dirname(full)), basename(full));
  }
}

function expandVariables(text: string, args: Args): string {
  const { environment } = args.run.lookupContext();
  return text.replace(/\$(?:(\w+)|\{([^}]*)\})/g, (whole, plain, braced) => {
    const name = plain ?? braced;
    return Object.hasOwn(environment, name) ? (environment[name] ?? whole) : whole;
  });
}

function normalPath(path: string): string {
  if (path === '') return '.';
  const made = normalize(path).replace(/(?<=.)\/+$/, '');
  return /^\/\/(?!\/)/.test(path) ? `/${made}` : made;
}

function commonPath(paths: string[], args: Args): string {
  const isAbsolute = paths[0]?.startsWith('/') ?? false;
  if (paths.some((path) => path.startsWith('/') !== isAbsolute))
    return args.fail("can't mix absolute and relative paths");
  const split = paths.map((path) => path.split('/').filter((part) => part !== '' && part !== '.'));
  const shared: string[] = [];
  for (let i = 0; split.every((parts) => i < parts.length && parts[i] === split[0]![i]); i++)
    shared.push(split[0]![i]!);
  return (isAbsolute ? '/' : '') + shared.join('/');
}

const windowsDrive = (path: string): [string, string] => {
  const [, drive = '', rest = ''] = /^([A-Za-z]:|[\\/]{2}[^\\/]+[\\/][^\\/]+)?([\s\S]*)$/.exec(path) ?? [];
  return [drive, rest];
};

function windowsSplit(path: string): [string, string] {
  const [drive, rest] = windowsDrive(path);
  const cut = Math.max(rest.lastIndexOf('\\'), rest.lastIndexOf('/')) + 1;
  const head = rest.slice(0, cut);
  return [drive + (head.replace(/[\\/]+$/, '') || head), rest.slice(cut)];
}

function urlSplit(value: unknown, args: Args): unknown {
  const [, scheme = '', authority, path = '', query, fragment] =
    /^(?:([A-Za-z][A-Za-z0-9+.-]*):)?(?:\/\/([^/?#]*))?([^?#]*)(?:\?([^#]*))?(?:#([\s\S]*))?$/.exec(
      str(value),
    ) ?? [];
  const netloc = authority ?? '';
  const at = netloc.lastIndexOf('@');
  const [user, ...password] = at === -1 ? [] : netloc.slice(0, at).split(':');
  if (netloc.includes('[') !== netloc.includes(']')) args.fail('Invalid IPv6 URL');
  const [, bracketed, plain, port = ''] =
    /^(?:\[([^\]]*)\]|([^:]*))(?::(.*))?$/s.exec(netloc.slice(at + 1)) ?? [];
  if (!/^\d*$/.test(port)) args.fail(`Port could not be cast to integer value as '${port}'`);
  if (Number(port) > 65_535) args.fail('Port out of range 0-65535');
  const host = (bracketed ?? plain ?? '').toLowerCase();
  const parts: Record<string, unknown> = {
    fragment: fragment ?? '',
    hostname: host === '' ? null : host,
    netloc,
    password: password.length > 0 ? password.join(':') : null,
    path,
    port: port ? Number(port) : null,
    query: query ?? '',
    scheme: scheme.toLowerCase(),
    username: user ?? null,
  };
  const wanted = args.text('query');
  if (wanted === '') return parts;
  return Object.hasOwn(parts, wanted)
    ? parts[wanted]
    : args.fail(`unknown URL component: ${wanted}`, `parts are ${Object.keys(parts).join(', ')}`);
}

function glob(value: unknown, args: Args): unknown[] {
  allowed(args);
  return globSync(str(value))
    .filter((path) => statSync(path, { throwIfNoEntry: false })?.isFile())
    .sort();
}

/** Filters by name. */
export const PATH_FILTERS: Routines = {
  basename: routine('', (value) => splitPath(str(value))[1]),
  commonpath: routine('', (value, args) =>
    Array.isArray(value) && value.length > 0
      ? commonPath(value.map(str), args)
      : args.fail('|commonpath expects a sequence'),
  ),
  dirname: routine('', (value) => splitPath(str(value))[0]),
  expanduser: routine('', (value, args) => {
    allowed(args);
    return expandHome(str(value));
  }),
  expandvars: routine('', (value, args) => expandVariables(str(value), args)),
  fileglob: routine('', glob),
  normpath: routine('', (value) => normalPath(str(value))),
  path_join: routine('', (value, args) => {
    if (typeof value === 'string') return value;
    const parts = Array.isArray(value) ? value.map(str) : [];
    return parts.length === 0 ? args.fail('expects string or sequence') : joinPath(parts);
  }),
  realpath: routine('', (value, args) => {
    allowed(args);
    return realPath(str(value));
  }),
  relpath: routine('start="."', (value, args) => {
    if (!str(value).startsWith('/') || !args.text('start').startsWith('/')) allowed(args);
    return relative(resolve(args.text('start')), resolve(str(value))) || '.';
  }),
  splitext: routine('', (value) => splitExtension(str(value))),
  urlsplit: routine('query="" alias="urlsplit"', urlSplit),
  win_basename: routine('', (value) => windowsSplit(str(value))[1]),
  win_dirname: routine('', (value) => windowsSplit(str(value))[0]),
  win_splitdrive: routine('', (value) => tuple(...windowsDrive(str(value)))),
};
