import { posix } from 'node:path';
import type { z } from 'zod';
import {
  type Change,
  type ChangeOutcome,
  contentOfBytes,
  type FileContent,
  fileContent,
  type Observed,
  type Probe,
  setFile,
  treeState,
} from '../../resources/index.ts';
import { isUnknown, type Unknown } from '../../values/index.ts';
import { answer, unknownPlan } from '../answer.ts';
import { makeParents, parentNeeds, withParent } from '../parents.ts';
import { defineModule, type Plan } from '../types.ts';
import { aptRepositoryParams, isPpa } from './params.ts';
import { readSources, updateFailure } from './reread.ts';
import { addEntry, enableEntry, entryOf, fileNameOf, findEntry, removeEntry } from './sources.ts';

type Params = z.infer<typeof aptRepositoryParams>;

const MAIN = '/etc/apt/sources.list';
const PARTS = '/etc/apt/sources.list.d';
const partsProbe = treeState(PARTS, { checksum: false, maxDepth: 1 });

/** A file of sources, and what it shall say. */
interface Edit {
  readonly file: FileContent;
  readonly text: string;
  readonly mode?: string | undefined;
}

/** Lines of apt's sources, wherever they stand. */
export default defineModule({
  name: 'apt_repository',
  summary: "Adds a repository to apt's sources, or takes it out.",
  params: aptRepositoryParams,
  needs(given, seen) {
    if (given.repo === '' || isPpa(given.repo)) return [];
    const paths = pathsOf(given, seen);
    if (paths === undefined || isUnknown(paths)) return [partsProbe];
    const probes: Probe[] = paths.map((path) => fileContent(path, { follow: true }));
    return [partsProbe, ...probes, ...parentNeeds(seen.get(targetProbe(given)))];
  },
  plan(given, seen, context): Plan {
    if (given.repo === '') return { changes: [], failed: "Please set argument 'repo' to a non-empty value" };
    if (isPpa(given.repo)) return { changes: [], failed: aboutPpa(given) };
    const files = filesOf(given, seen);
    if (isUnknown(files)) return unknownPlan(files);
    const entry = entryOf(given.repo)!;
    const target = withParent(answer(seen, targetProbe(given)) as FileContent, seen);
    const edits = given.state === 'absent' ? removed(files, entry) : added(given, files, entry, target);
    const parents = edits.some(({ file }) => file === target) ? makeParents(target, seen, true) : [];
    if (typeof parents === 'string') return { changes: [], failed: parents };
    const changes = [...parents, ...edits.flatMap(change)];
    const fresh = given.update_cache && changes.length > 0 ? [readSources(given, edits)] : [];
    const diff = context.diffMode && edits.length > 0 ? edits.map(difference) : {};
    return {
      changes: [...changes, ...fresh],
      result: (outcomes) => ({ diff, ...resultOf(given, edits, outcomes) }),
    };
  },
});

function resultOf(
  given: Params,
  edits: readonly Edit[],
  outcomes: readonly ChangeOutcome[],
): Record<string, unknown> {
  const paths = (which: (edit: Edit) => boolean) => edits.filter(which).map(({ file }) => file.path);
  return {
    repo: given.repo,
    state: given.state,
    sources_added: paths(({ file }) => file.type === 'absent'),
    sources_removed: paths(({ text }) => text === ''),
    ...updateFailure(outcomes),
  };
}

/** What `diff` says of a file. */
function difference({ file, text }: Edit): Record<string, string> {
  const header = (is: boolean): string => (is ? file.path : '/dev/null');
  return {
    before: textOf(file),
    after: text,
    before_header: header(file.type !== 'absent'),
    after_header: header(text !== ''),
  };
}

function added(given: Params, files: readonly FileContent[], entry: string, target: FileContent): Edit[] {
  const standing = files.filter((file) => findEntry(textOf(file), entry) !== undefined);
  if (standing.length > 0) {
    return standing
      .filter((file) => findEntry(textOf(file), entry) === 'disabled')
      .map((file) => ({ file, text: enableEntry(textOf(file), entry) }));
  }
  const mode = given.mode ?? (target.type === 'absent' ? '0644' : undefined);
  return [{ file: target, text: addEntry(textOf(target), entry), mode }];
}

function removed(files: readonly FileContent[], entry: string): Edit[] {
  return files
    .filter((file) => findEntry(textOf(file), entry) === 'enabled')
    .map((file) => ({ file, text: removeEntry(textOf(file), entry) }));
}

/** A file with nothing in it goes. */
function change({ file, text, mode }: Edit): Change[] {
  if (text === '') return setFile(file, { type: 'absent' });
  return setFile(file, {
    type: 'file',
    content: contentOfBytes(text),
    ...(mode === undefined ? {} : { mode }),
  });
}

function targetProbe(given: Params): Probe<FileContent> {
  const name = `${given.filename ?? fileNameOf(entryOf(given.repo)!)}.list`;
  return fileContent(posix.resolve(PARTS, name), { follow: true });
}

/** The files that apt reads, and the one that a new line would go to. Undefined when nobody has looked yet. */
function pathsOf(given: Params, seen: Observed): string[] | Unknown | undefined {
  const parts = seen.get(partsProbe);
  if (parts === undefined || isUnknown(parts)) return parts;
  const names = [...parts.entries]
    .filter(([name, { type }]) => /^[\w.-]+\.list$/.test(name) && (type === 'file' || type === 'link'))
    .map(([name]) => posix.join(PARTS, name));
  const target = (targetProbe(given).query as { path: string }).path;
  return [...new Set([MAIN, ...names.sort(), target])];
}

function filesOf(given: Params, seen: Observed): readonly FileContent[] | Unknown {
  const paths = pathsOf(given, seen);
  if (paths === undefined || isUnknown(paths)) return paths ?? (answer(seen, partsProbe) as Unknown);
  const files = paths.map((path) => answer(seen, fileContent(path, { follow: true })));
  return files.find(isUnknown) ?? (files as FileContent[]);
}

function textOf(file: FileContent): string {
  return file.bytes?.toString('utf8') ?? '';
}

function aboutPpa(given: Params): string {
  const [owner, archive = 'ppa'] = given.repo.slice('ppa:'.length).split('/');
  const line = `deb https://ppa.launchpadcontent.net/${owner}/${archive}/ubuntu ${given.codename ?? 'CODENAME'} main`;
  return `${given.repo} is short for what only Launchpad knows; write repo: "${line}", and put its key in place with get_url`;
}
