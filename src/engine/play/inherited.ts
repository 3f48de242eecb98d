import type { Include, Play, Task } from '../../playbook/index.ts';

const inherited = new WeakMap<object, Task | Include>();

/** Gives a task with what its play sets for all its tasks, where nothing nearer says otherwise. */
export function withPlayKeywords<Node extends Task | Include>(node: Node, play: Play): Node {
  const known = inherited.get(node);
  if (known) return known as Node;
  const full = {
    ...node,
    ignoreErrors: node.ignoreErrors ?? play.ignoreErrors,
    ignoreUnreachable: node.ignoreUnreachable ?? play.ignoreUnreachable,
    checkMode: node.checkMode ?? play.checkMode,
    diff: node.diff ?? play.diff,
    noLog: node.noLog ?? play.noLog,
    runOnce: node.runOnce ?? play.runOnce,
    timeout: node.timeout ?? play.timeout,
    moduleDefaults: play.moduleDefaults ? [play.moduleDefaults, ...node.moduleDefaults] : node.moduleDefaults,
  };
  inherited.set(node, full);
  return full;
}
