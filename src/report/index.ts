/** What people and programs see of a run: readers of its events. */
export { chooseReporter } from './choose.ts';
export { runText } from './run-text.ts';
