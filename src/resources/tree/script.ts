import { ownerWord } from '../file/script.ts';
import type { FrameBuilder } from '../frame.ts';
import { formatMode } from '../mode.ts';
import { escapeField, quote } from '../shell.ts';
import { type Archive, buildArchive } from './archive.ts';
import type { TreeDetail, TreeItem } from './change.ts';
import { linesDigest } from './digest.ts';

/** Gives the lines of a frame that make one tree change (see runtime/apply-tree.sh), and the archive that they read. */
export async function treeScript(
  detail: TreeDetail,
  parts: FrameBuilder,
): Promise<{ lines: string[]; archive?: Archive }> {
  const lines = [
    `co_r=tree co_p=${quote(detail.root)} co_q=${escapeField(detail.root)} co_e=${quote(detail.expect)}`,
  ];
  if (detail.action === 'remove') {
    lines.push(`co_a=absent co_digest=${quote(detail.digest ?? '*')}`, 'co_remove_tree');
    return { lines };
  }
  const lists = new Map(baseLists(detail));
  const written = detail.items.filter((item) => item.write);
  const kept = detail.items.filter((item) => !item.write);
  const stage = [
    ...copies(written),
    ...owners(written, lists, 'own', 'co_stage'),
    ...modes(
      written.filter((item) => item.type === 'directory' || isCopied(item) || losesBits(item)),
      lists,
      'dir',
      'co_stage',
    ),
  ];
  const adjust = [...owners(kept, lists, 'chown', 'co_root'), ...modes(kept, lists, 'chmod', 'co_root')];
  const archive = await buildArchive(detail, lists);
  const data =
    'file' in archive.source ? parts.file(archive.source.file, archive.size) : parts.bytes(archive.source);
  lines.push(
    `co_c=${quote(data)} co_a='tree,*' co_digest=${quote(detail.listDigest ?? '*')} co_hashes_want=${quote(hashesWanted(written))}`,
  );
  if (detail.owned) lines.push('co_owned=1');
  lines.push(
    ...shellFunction('co_tree_stage', 'co_stage', stage),
    ...shellFunction('co_tree_adjust', 'co_root', adjust),
  );
  lines.push('co_tree');
  return { lines, archive };
}

const listName = (path: string) => (path === '.' ? '.' : `./${path}`);

function baseLists(detail: TreeDetail): [string, string[]][] {
  const all = [...detail.expected.keys()];
  const pictures = detail.expected;
  const made = all
    .filter((path) => pictures.get(path) === 'absent' && path !== '.')
    .sort((a, b) => (a < b ? 1 : -1));
  const save = all.filter((path) => /^(file|link),/.test(pictures.get(path)!));
  return [
    ['all', all.sort().map(listName)],
    ['made', made.map(listName)],
    ['save', save.map(listName)],
    ['gone', detail.remove.map(listName)],
  ];
}

const isCopied = (item: TreeItem) => item.content !== undefined && 'target' in item.content.from;

/** A new owner takes the set-user and set-group bits away. */
const losesBits = (item: TreeItem) => ((item.mode ?? 0) & 0o6000) !== 0 && ownerWord(item) !== '';

/** Contents that are on the host already are copied there, with their times; the copies belong to who makes them. */
function copies(written: readonly TreeItem[]): string[] {
  const copied = written.filter(isCopied);
  const lines = copied.flatMap((item) => {
    const source = (item.content!.from as { target: string }).target;
    const target = `"$co_stage"/${quote(item.path)}`;
    const folder = item.path.includes('/')
      ? [`mkdir -p "$co_stage"/${quote(item.path.replace(/\/[^/]*$/, ''))}`]
      : [];
    const owned = ownerWord(item) === '' ? [`chown "$co_self" ${target}`] : [];
    return [...folder, `cp -p ${quote(source)} ${target}`, ...owned];
  });
  return lines.length > 0 ? ['co_self=$(id -u):$(id -g)', ...lines] : [];
}

function owners(
  items: readonly TreeItem[],
  lists: Map<string, string[]>,
  prefix: string,
  root: string,
): string[] {
  return grouped(items, ownerWord).map(([word, paths], index) => {
    lists.set(`${prefix}${index}`, paths);
    return `co_each "$${root}" "$co_lists/${prefix}${index}" chown -h ${quote(word)}`;
  });
}

/** Deepest first, so that a folder that shuts us out does so last. */
function modes(
  items: readonly TreeItem[],
  lists: Map<string, string[]>,
  prefix: string,
  root: string,
): string[] {
  const deepest = [...items].sort((a, b) => (a.path < b.path ? 1 : -1));
  const word = (item: TreeItem) =>
    item.mode === undefined || item.type === 'link' ? '' : formatMode(item.mode);
  return grouped(deepest, word).map(([mode, paths], index) => {
    lists.set(`${prefix}${index}`, paths);
    return `co_each "$${root}" "$co_lists/${prefix}${index}" chmod 0${mode}`;
  });
}

function grouped(items: readonly TreeItem[], word: (item: TreeItem) => string): [string, string[]][] {
  const groups = new Map<string, string[]>();
  for (const item of items) {
    const key = word(item);
    if (key === '') continue;
    const paths = groups.get(key) ?? [];
    groups.set(key, paths);
    paths.push(listName(item.path));
  }
  return [...groups];
}

/** What the hash lines of everything staged must come to. Odd names are written differently by different hosts: then anything goes. */
function hashesWanted(written: readonly TreeItem[]): string {
  const files = written.filter((item) => item.type === 'file');
  if (files.some((item) => /[\\\n]/.test(item.path))) return '*';
  const empty = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
  return linesDigest(files.map((item) => `${item.content?.sha256 ?? empty}  ./${item.path}`));
}

function shellFunction(name: string, variable: string, steps: readonly string[]): string[] {
  if (steps.length === 0) return [];
  return [`${name}() {`, `${variable}=$1`, steps.join(' &&\n'), '}'];
}
