/** One line of fstab(5), blanks in names as written by people. */
export interface MountEntry {
  readonly src: string;
  readonly path: string;
  readonly fstype: string;
  readonly opts: string;
  readonly dump: string;
  readonly passno: string;
}

/**
 * Gives the text with the entry of its mount point replaced, added or (undefined) taken out.
 * Swap areas share their mount point: of them only the one with the source counts; without one, all are taken out.
 */
export function withMount(
  fstab: string,
  path: string,
  entry: MountEntry | undefined,
  src = entry?.src,
): string {
  const lines = fstab === '' ? [] : fstab.replace(/\n$/, '').split('\n');
  const kept: string[] = [];
  let found = false;
  for (const line of lines) {
    const known = readEntry(line);
    if (known?.path !== path || (src !== undefined && isSwap(known) && known.src !== src)) {
      kept.push(line);
      continue;
    }
    if (entry && !found) kept.push(same(known, entry) ? line : writeEntry(entry));
    found = true;
  }
  if (entry && !found) kept.push(writeEntry(entry));
  return kept.length === 0 ? '' : `${kept.join('\n')}\n`;
}

/** Reads `/proc/self/mounts`: device and type of what is mounted at a path; the last one covers the others. */
export function mountedAt(mounts: string, path: string): MountEntry | undefined {
  return mounts
    .split('\n')
    .map(readEntry)
    .findLast((entry) => entry?.path === path);
}

function readEntry(line: string): MountEntry | undefined {
  if (/^\s*(#|$)/.test(line)) return undefined;
  const [src, path, fstype, opts = 'defaults', dump = '0', passno = '0'] = line.trim().split(/\s+/);
  if (src === undefined || path === undefined || fstype === undefined) return undefined;
  return { src: unescaped(src), path: unescaped(path), fstype, opts: unescaped(opts), dump, passno };
}

function writeEntry({ src, path, fstype, opts, dump, passno }: MountEntry): string {
  return [escaped(src), escaped(path), fstype, escaped(opts), dump, passno].join(' ');
}

function same(a: MountEntry, b: MountEntry): boolean {
  return (Object.keys(b) as (keyof MountEntry)[]).every((key) => a[key] === b[key]);
}

/** Swap areas all have `none` as their mount point. */
function isSwap(entry: MountEntry): boolean {
  return entry.fstype === 'swap' || entry.path === 'none';
}

function escaped(text: string): string {
  return text.replaceAll('\\', '\\134').replaceAll(' ', '\\040').replaceAll('\t', '\\011');
}

function unescaped(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
}
