import { selectTags, type TagSelection, tagWords } from './tags.ts';
import type { Include, LoadOptions, Play, Task, TaskNode, VarsLayer } from './types.ts';

const EVERYTHING: TagSelection = { only: [], skip: [] };

/** What is listed of a play. */
export interface Listed {
  /** Names of its hosts, for `--list-hosts`. */
  readonly hosts?: readonly string[] | undefined;
  /** Every selected task with its tags, for `--list-tasks`. Includes are listed, not opened. */
  readonly tasks?: boolean | undefined;
  /** All tags of the play and its selected tasks, for `--list-tags`. */
  readonly tags?: boolean | undefined;
}

/**
 * Lines about one play, as Ansible lists them: an empty one, its heading, and what is asked for. Tags of tasks
 * that are templates are rendered, with what is known without a host. Throws CutoverError when that is not enough.
 */
export function listPlay(
  play: Play,
  listed: Listed,
  renderStatic: LoadOptions['renderStatic'],
  selection: TagSelection = EVERYTHING,
): string {
  const patterns = [play.hosts.value].flat().map(String);
  const title = `play #${play.index + 1} (${patterns.join(',')}): ${play.name?.value ?? patterns.join(',')}`;
  const rendered = (tags: readonly string[], node?: Task | Include) =>
    tags.flatMap((tag) => tagWords(renderStatic(tag, visibleVars(play, node), node?.position)));
  const nodes = [...play.preTasks, ...play.roleTasks, ...play.tasks, ...play.postTasks]
    .flatMap(leaves)
    .map((node) => ({ label: labelOf(node), tags: rendered(node.tags, node) }))
    .filter((node) => selectTags(node, selection.only, selection.skip));
  return [
    '',
    `  ${title}\tTAGS: [${play.tags.join(',')}]`,
    ...(listed.hosts ? hostLines(patterns, listed.hosts) : []),
    ...(listed.tasks ? ['    tasks:'] : []),
    ...(listed.tasks ? nodes.map((node) => `      ${node.label}\t${tagText(node.tags)}`) : []),
    ...(listed.tags
      ? [`      TASK ${tagText([...rendered(play.tags), ...nodes.flatMap((node) => node.tags)])}`]
      : []),
    '',
  ].join('\n');
}

function hostLines(patterns: readonly string[], hosts: readonly string[]): string[] {
  const quoted = patterns.map((pattern) => `'${pattern}'`).join(', ');
  return [
    `    pattern: [${quoted}]`,
    `    hosts (${hosts.length}):`,
    ...hosts.map((host) => `      ${host}`),
  ];
}

/** In the order of code points, as Ansible sorts them. */
function tagText(tags: readonly string[]): string {
  const sorted = [...new Set(tags)].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  return `TAGS: [${sorted.join(', ')}]`;
}

/** Weakest first. */
function visibleVars(play: Play, node: Task | Include | undefined): readonly VarsLayer[] {
  const role = node?.role;
  const roles = role ? [...role.parents, role] : [];
  return [
    ...roles.map((one) => one.defaults),
    play.vars,
    ...roles.map((one) => one.vars),
    ...(node?.vars ?? []),
    ...roles.map((one) => one.params),
  ];
}

/** Only what runs when all goes well: `rescue` and `always` are not listed, as in Ansible. */
function leaves(node: TaskNode): readonly (Task | Include)[] {
  return node.kind === 'block' ? node.block.flatMap(leaves) : [node];
}

/** A named task of a role carries the role's name, unless it takes in another role; a nameless one shows its module. */
function labelOf(node: Task | Include): string {
  if (node.name === undefined) return node.writtenModule;
  if (node.writtenModule.endsWith('_role')) return node.name.value;
  return node.role ? `${node.role.name} : ${node.name.value}` : node.name.value;
}
