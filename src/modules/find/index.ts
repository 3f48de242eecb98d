import { posix } from 'node:path';
import {
  type FileState,
  fileContent,
  type Observed,
  type Probe,
  type TreeState,
  treeState,
} from '../../resources/index.ts';
import { isUnknown, type Unknown } from '../../values/index.ts';
import { answer, unknownPlan } from '../answer.ts';
import { digestProbe, digestsFrom } from '../digests.ts';
import { statFacts } from '../stat-facts.ts';
import { defineModule, type PlanContext } from '../types.ts';
import { inOrder } from './order.ts';
import { type FindParams, findParams } from './params.ts';
import { contentTest, selector } from './select.ts';

export default defineModule<FindParams>({
  name: 'find',
  sideBySide: true,
  summary: 'Lists files, folders or links by name, age, size, mode or content.',
  params: findParams,
  needs: (params, seen, context) => {
    const trees = params.paths.flatMap((path) => treeProbes(params, path, seen));
    const candidates = candidatesIn(params, seen, context);
    if (candidates === undefined || isUnknown(candidates)) return trees;
    const contents = params.contains === undefined ? [] : candidates.map(contentProbe);
    const found = chosen(params, candidates, seen);
    const sums = found && params.get_checksum && found.length > 0 ? [sumProbe(params, found)] : [];
    return [...trees, ...contents, ...sums];
  },
  plan: (params, seen, context) => {
    const candidates = candidatesIn(params, seen, context);
    const found =
      candidates === undefined || isUnknown(candidates) ? candidates : chosen(params, candidates, seen);
    if (found === undefined || isUnknown(found)) {
      return found
        ? unknownPlan(found, { files: found, matched: found })
        : { changes: [], failed: 'the folders were not looked at' };
    }
    const sums = checksums(params, found, seen);
    const files = found.map((state, index) => ({
      ...statFacts(state),
      ...(sums[index] ? { checksum: sums[index] } : {}),
    }));
    const { examined, skipped } = survey(params, seen);
    const whole = Object.keys(skipped).length === 0;
    return {
      changes: [],
      warnings: Object.values(skipped),
      result: () => ({
        files,
        matched: files.length,
        examined,
        skipped_paths: skipped,
        msg: whole ? 'All paths examined' : 'Not all paths examined, check warnings for details',
      }),
    };
  },
});

/** What to ask about a path; where a link stands, what is behind it counts. */
function treeProbes(params: FindParams, path: string, seen: Observed): Probe<TreeState>[] {
  const probe = treeProbe(params, path.replace(/(.)\/+$/, '$1'));
  const tree = seen.get(probe);
  if (tree === undefined || isUnknown(tree) || tree.root.type !== 'link') return [probe];
  return [probe, treeProbe(params, posix.join(path, '.').replace(/\/*$/, '/.'))];
}

function treeAt(params: FindParams, path: string, seen: Observed): TreeState | Unknown | undefined {
  return seen.get(treeProbes(params, path, seen).at(-1)!);
}

/** What lies one step below `depth` is counted as examined, as Ansible does. */
function treeProbe(params: FindParams, folder: string): Probe<TreeState> {
  const depth = params.recurse ? params.depth && params.depth + 1 : 1;
  return treeState(folder, {
    checksum: false,
    follow: params.follow,
    ...(depth === undefined || depth < 1 ? {} : { maxDepth: depth }),
  });
}

/** Everything that fits but for its content; undefined until all folders are known. */
function candidatesIn(
  params: FindParams,
  seen: Observed,
  context: PlanContext,
): FileState[] | Unknown | undefined {
  const fits = selector(params, context.startedAt / 1000);
  const found: FileState[] = [];
  for (const path of params.paths) {
    const tree = treeAt(params, path, seen);
    if (tree === undefined || isUnknown(tree)) return tree;
    if (tree.root.type !== 'directory') continue;
    for (const [name, state] of inOrder(tree.entries)) {
      if (isTooDeep(params, name)) continue;
      const full = { ...state, path: posix.join(tree.root.path, name) };
      if (fits(full)) found.push(full);
    }
  }
  const limit = params.contains === undefined ? params.limit : undefined;
  return limit === undefined || limit <= 0 ? found : found.slice(0, limit);
}

function isTooDeep({ recurse, depth }: FindParams, name: string): boolean {
  return recurse && depth !== undefined && depth > 0 && name.split('/').length > depth;
}

function contentProbe(state: FileState) {
  return fileContent(state.path, { follow: true });
}

/** The candidates whose content fits too; undefined until it is known. */
function chosen(
  params: FindParams,
  candidates: readonly FileState[],
  seen: Observed,
): FileState[] | undefined {
  if (params.contains === undefined) return [...candidates];
  const holds = contentTest(params);
  const found: FileState[] = [];
  for (const state of candidates) {
    const content = seen.get(contentProbe(state));
    if (content === undefined) return undefined;
    if (!isUnknown(content) && content.bytes && holds(content.bytes.toString('utf8'))) found.push(state);
  }
  return params.limit === undefined || params.limit <= 0 ? found : found.slice(0, params.limit);
}

function sumProbe(params: FindParams, found: readonly FileState[]) {
  const paths = found.filter((state) => state.type === 'file').map((state) => state.path);
  return digestProbe(paths, params.checksum_algorithm);
}

function checksums(params: FindParams, found: readonly FileState[], seen: Observed): (string | undefined)[] {
  if (!params.get_checksum || found.length === 0) return [];
  const answered = answer(seen, sumProbe(params, found));
  if (isUnknown(answered)) return [];
  const sums = digestsFrom(answered);
  return found.map((state) => (state.type === 'file' ? sums.shift() : undefined));
}

function survey(params: FindParams, seen: Observed): { examined: number; skipped: Record<string, string> } {
  let examined = 0;
  const skipped: Record<string, string> = {};
  for (const path of params.paths) {
    const tree = treeAt(params, path, seen);
    if (tree === undefined || isUnknown(tree)) continue;
    examined += tree.entries.size;
    if (tree.root.type !== 'directory') skipped[path] = `'${path}' is not a directory`;
  }
  return { examined, skipped };
}
