import { selectTags, type TagSelection } from './tags.ts';
import type { Include, Play, Playbook, Task, TaskNode } from './types.ts';

const EVERYTHING: TagSelection = { only: [], skip: [] };

/** Lines of `--list-tasks` for one play: its heading, then every selected task with its tags. Includes are listed, not opened. */
export function listTasks(play: Play, selection: TagSelection = EVERYTHING): string {
  const lines = selected(play, selection).map((node) => `      ${labelOf(node)}\t${tagText(node.tags)}\n`);
  return `${heading(play)}    tasks:\n${lines.join('')}`;
}

/** Text of `--list-tags` for a whole playbook, or its part for one play. */
export function listTags(playbook: Playbook, selection: TagSelection = EVERYTHING): string {
  return playbook.plays.map((play) => listPlayTags(play, selection)).join('\n');
}

function listPlayTags(play: Play, selection: TagSelection): string {
  const tags = new Set([...play.tags, ...selected(play, selection).flatMap((node) => node.tags)]);
  return `${heading(play)}      TASK ${tagText([...tags])}\n`;
}

function heading(play: Play): string {
  const hosts = Array.isArray(play.hosts.value) ? play.hosts.value.join(',') : String(play.hosts.value);
  return `  play #${play.index + 1} (${hosts}): ${play.name?.value ?? hosts}\tTAGS: [${play.tags.join(',')}]\n`;
}

/** In the order of code points, as Ansible sorts them. */
function tagText(tags: readonly string[]): string {
  const sorted = [...tags].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
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
