import { selectTags, type TagSelection } from './tags.ts';
import type { Include, Play, Task, TaskNode } from './types.ts';

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

/** Lines about one play, as Ansible lists them: an empty one, its heading, and what is asked for. */
export function listPlay(play: Play, listed: Listed, selection: TagSelection = EVERYTHING): string {
  const patterns = [play.hosts.value].flat().map(String);
  const title = `play #${play.index + 1} (${patterns.join(',')}): ${play.name?.value ?? patterns.join(',')}`;
  const nodes = selected(play, selection);
  return [
    '',
    `  ${title}\tTAGS: [${play.tags.join(',')}]`,
    ...(listed.hosts ? hostLines(patterns, listed.hosts) : []),
    ...(listed.tasks ? ['    tasks:'] : []),
    ...(listed.tasks ? nodes.map((node) => `      ${labelOf(node)}\t${tagText(node.tags)}`) : []),
    ...(listed.tags ? [`      TASK ${tagText([...play.tags, ...nodes.flatMap((node) => node.tags)])}`] : []),
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

function selected(play: Play, selection: TagSelection): (Task | Include)[] {
  return [...play.preTasks, ...play.roleTasks, ...play.tasks, ...play.postTasks]
    .flatMap(leaves)
    .filter((node) => selectTags(node, selection.only, selection.skip));
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
