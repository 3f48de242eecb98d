/** What people and programs see of a run: readers of its events. */
export { chooseReporter } from './choose.ts';
export { diffText } from './diff.ts';
export { runText } from './run-text.ts';
export { treeReporter } from './tree.ts';
