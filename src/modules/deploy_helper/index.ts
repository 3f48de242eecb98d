import { posix } from 'node:path';
import type { z } from 'zod';
import {
  type Change,
  type FileState,
  fileState,
  type Observed,
  type Probe,
  removeTree,
  setFile,
  type TreeState,
  treeState,
} from '../../resources/index.ts';
import { isUnknown, Unknown } from '../../values/index.ts';
import { factsPlan, unknownPlan } from '../answer.ts';
import {
  attributeWarnings,
  boolean,
  choice,
  fileAttributes,
  integer,
  path,
  text,
  withAliases,
} from '../params.ts';
import { attributes } from '../text-file.ts';
import { defineModule, type Plan } from '../types.ts';
import { leftOvers, type Project, projectOf } from './project.ts';

const params = withAliases(
  { dest: 'path' },
  {
    path: path.describe('The folder of the project.'),
    state: choice('present', 'finalize', 'absent', 'clean', 'query')
      .default('present')
      .describe(
        '`present` makes the folders, `finalize` lets `current_path` lead to the release, `clean` removes old releases, `query` only tells.',
      ),
    release: text.optional().describe('The release. Default: the time of the run, as `20261123181500`.'),
    releases_path: text.default('releases').describe('Folder of the releases, from `path` or absolute.'),
    shared_path: text
      .default('shared')
      .describe('Folder of what releases share, from `path` or absolute; empty: none.'),
    current_path: text
      .default('current')
      .describe('The link to the present release, from `path` or absolute.'),
    unfinished_filename: text
      .default('DEPLOY_UNFINISHED')
      .describe('Name of the file that marks a release as unfinished.'),
    clean: boolean.default(true).describe('Whether `finalize` removes old releases.'),
    keep_releases: integer.default(5).describe('How many old releases stay, beside the present one.'),
    ...fileAttributes,
  },
).superRefine((given, refine) => {
  if (given.state === 'finalize' && given.release === undefined)
    refine.addIssue({
      code: 'custom',
      message: 'state is finalize but all of the following are missing: release',
    });
});

type Params = z.output<typeof params>;

/** Releases in folders of their own, and a link to the present one. */
export default defineModule({
  name: 'deploy_helper',
  summary: 'Keeps the folders of releases, and lets a link lead to the present one.',
  params,
  needs: (given, seen, context) => {
    const project = projectOf(given, context);
    const first = [project.root, project.releases, project.shared, project.current, project.release]
      .filter((one) => one !== undefined)
      .map(place);
    const mark = fileState(markOf(project));
    if (given.state === 'absent') return [...first, treeState(project.root)];
    if (given.state === 'query' || given.state === 'present') return first;
    const shallow = overview(project);
    const found = seen.get(shallow);
    const rest = found === undefined || isUnknown(found) ? [] : old(given, project, found, seen);
    return [...first, mark, shallow, ...(rest ?? [])];
  },
  plan(given, seen, context): Plan {
    const project = projectOf(given, context);
    const states = new Map<string, FileState>();
    for (const one of [project.root, project.releases, project.shared, project.current, project.release]) {
      if (one === undefined) continue;
      const state = seen.get(place(one));
      if (state === undefined || isUnknown(state))
        return unknownPlan(state ?? new Unknown(`${one} was not looked at`));
      states.set(one, state);
    }
    const { state } = given;
    if (state === 'absent') return absent(project, seen);
    const facts = { deploy_helper: factsOf(given, project, states) };
    if (state === 'query') return factsPlan(facts, { state });
    if (state === 'clean') return cleaned(given, project, seen, []);
    const there = states.get(project.current)!;
    if (there.type !== 'absent' && there.type !== 'link')
      return { changes: [], failed: `${project.current} exists but is not a symbolic link` };
    return state === 'present'
      ? { ...factsPlan(facts, { state }), ...made(given, project, states) }
      : finalized(given, project, states, seen);
  },
});

const place = (path: string): Probe<FileState> => fileState(path, { checksum: false });
const markOf = ({ release, unfinished }: Project) => posix.join(release, unfinished);
const overview = ({ releases }: Project) => treeState(releases, { checksum: false, maxDepth: 2 });

function factsOf(given: Params, project: Project, states: ReadonlyMap<string, FileState>) {
  const { target } = states.get(project.current)!;
  return {
    project_path: project.root,
    current_path: project.current,
    releases_path: project.releases,
    shared_path: project.shared ?? null,
    previous_release: target === undefined ? null : posix.basename(target),
    previous_release_path: target === undefined ? null : posix.join(project.releases, posix.basename(target)),
    new_release: posix.relative(project.releases, project.release),
    new_release_path: project.release,
    unfinished_filename: given.unfinished_filename,
  };
}

function made(given: Params, project: Project, states: ReadonlyMap<string, FileState>) {
  const changes: Change[] = [];
  for (const folder of [project.root, project.releases, project.shared]) {
    if (folder === undefined) continue;
    const state = states.get(folder)!;
    changes.push(...setFile(state, { type: 'directory', ...attributes(given) }));
  }
  return { changes, changed: changes.length > 0, warnings: attributeWarnings(given) };
}

function absent(project: Project, seen: Observed): Plan {
  const tree = seen.get(treeState(project.root));
  if (tree === undefined || isUnknown(tree)) return unknownPlan(tree ?? new Unknown('nothing was looked at'));
  // Ansible has an empty list there.
  const result = () => ({ state: 'absent', ansible_facts: { deploy_helper: [] } });
  return { changes: removeTree(tree), result };
}

function finalized(
  given: Params,
  project: Project,
  states: ReadonlyMap<string, FileState>,
  seen: Observed,
): Plan {
  const current = states.get(project.current)!;
  const mark = seen.get(fileState(markOf(project)));
  if (mark === undefined || isUnknown(mark)) return unknownPlan(mark ?? new Unknown('nothing was looked at'));
  if (states.get(project.release)!.type === 'absent')
    return { changes: [], failed: `the symlink target ${project.release} doesn't exists` };
  const isRight =
    current.target !== undefined &&
    posix.resolve(posix.dirname(project.current), current.target) === project.release;
  const changes = [
    ...setFile(mark, { type: 'absent' }),
    ...(isRight ? [] : setFile(current, { type: 'link', target: project.release })),
  ];
  if (given.clean) return cleaned(given, project, seen, changes);
  return { changes, result: () => ({ state: given.state }) };
}

function cleaned(given: Params, project: Project, seen: Observed, before: readonly Change[]): Plan {
  const shallow = seen.get(overview(project));
  if (shallow === undefined || isUnknown(shallow))
    return unknownPlan(shallow ?? new Unknown(`${project.releases} was not looked at`));
  if (shallow.root.type !== 'directory')
    return { changes: [], failed: `the folder ${project.releases} does not exist` };
  const probes = old(given, project, shallow, seen);
  const trees = probes?.map((probe) => seen.get(probe)) ?? [];
  const missing = trees.find((tree) => tree === undefined || isUnknown(tree));
  if (probes === undefined || missing !== undefined)
    return unknownPlan(isUnknown(missing) ? missing : new Unknown('old releases were not looked at'));
  const gone = trees.flatMap((tree) => removeTree(tree as TreeState));
  return { changes: [...before, ...gone], result: () => ({ state: given.state }) };
}

/** The releases that go; undefined when nobody knows which is the present one. */
function old(
  given: Params,
  project: Project,
  releases: TreeState,
  seen: Observed,
): Probe<TreeState>[] | undefined {
  const current = seen.get(place(project.current));
  if (current === undefined || isUnknown(current)) return undefined;
  const present =
    given.state === 'finalize'
      ? posix.basename(project.release)
      : current.target && posix.basename(current.target);
  return leftOvers(releases, {
    present,
    finishes: given.state === 'finalize' ? present : undefined,
    unfinished: project.unfinished,
    keep: given.keep_releases,
  }).map((name) => treeState(posix.join(project.releases, name)));
}
