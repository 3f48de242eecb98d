import { type Include, type Play, type Task, within } from '../../playbook/index.ts';

const inherited = new WeakMap<object, Task | Include>();

/** Gives a task with what its play sets for all its tasks, where nothing nearer says otherwise. */
export function withPlayKeywords<Node extends Task | Include>(node: Node, play: Play): Node {
  const known = inherited.get(node);
  if (known) return known as Node;
  const full = {
    ...node,
    ignoreErrors: within(node.ignoreErrors, play.ignoreErrors),
    ignoreUnreachable: within(node.ignoreUnreachable, play.ignoreUnreachable),
    checkMode: within(node.checkMode, play.checkMode),
    diff: within(node.diff, play.diff),
    noLog: within(node.noLog, play.noLog),
    runOnce: within(node.runOnce, play.runOnce),
    timeout: within(node.timeout, play.timeout),
    moduleDefaults: play.moduleDefaults ? [play.moduleDefaults, ...node.moduleDefaults] : node.moduleDefaults,
  };
  inherited.set(node, full);
  return full;
}
