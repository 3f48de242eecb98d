import type { HostStatus, RunEvent, TaskRef } from '../journal/index.ts';
import { adHocReporter } from './ad-hoc.ts';
import { collectedLine } from './collected.ts';
import { customStatsLines } from './custom-stats.ts';
import { shownDiffs } from './diff.ts';
import { inLine } from './in-line.ts';
import type { PlainOptions } from './plain.ts';
import { recapLines } from './recap.ts';
import type { Reporter, Write } from './types.ts';

const WIDTH = 79;

/** Prints a run line by line as ansible-playbook does, a single module as `ansible` does: for eyes and scripts that know that output. */
export function ansibleReporter(write: Write, options: PlainOptions): Reporter {
  let reporter: Reporter | undefined;
  return (event) => {
    const single = event.type === 'run-started' && event.command === 'exec';
    reporter ??= (single ? adHocReporter : playbookReporter)(write, options);
    reporter(event);
  };
}

function playbookReporter(write: Write, options: PlainOptions): Reporter {
  const { verbosity, customStats } = options;
  const line = (text = '') => write(`${text}\n`);
  const banner = (text: string) => {
    line();
    line(`${text} ${'*'.repeat(Math.max(3, WIDTH - text.length))}`);
  };
  const tasks = new Map<string, TaskRef>();
  let dry = false;
  let play = '';
  let headed = '';
  let batches = 0;
  return (event: RunEvent) => {
    switch (event.type) {
      case 'run-started':
        dry = event.check;
        return;
      case 'play-started':
        play = event.name;
        batches = 0;
        return banner(`PLAY [${play}]`);
      case 'batch-started':
        // Each batch is a play of its own to Ansible.
        if (batches++ > 0) banner(`PLAY [${play}]`);
        return;
      case 'no-hosts':
        banner(`PLAY [${event.name}]`);
        return line('skipping: no hosts matched');
      case 'task-started':
        tasks.set(event.task.id, event.task);
        headed = event.task.id;
        return banner(`${event.kind === 'handler' ? 'RUNNING HANDLER' : 'TASK'} [${event.task.name}]`);
      case 'item-result':
        shownDiffs(event.diffs, options).forEach(line);
        return line(itemLine(event, tasks.get(event.task)?.module ?? '', verbosity));
      case 'host-result':
        // An include that is skipped, or fails, was not begun as a task.
        if (!tasks.has(event.task.id) && headed !== event.task.id) {
          headed = event.task.id;
          banner(`TASK [${event.task.name}]`);
        }
        if (!event.loop) shownDiffs(event.diffs, options).forEach(line);
        return hostLines(event, verbosity).forEach(line);
      case 'retry':
        return line(
          `FAILED - RETRYING: [${event.host}]: ${tasks.get(event.task)?.name ?? event.task} (${event.left} retries left).`,
        );
      case 'warning':
        return line(`[WARNING]: ${event.message}`);
      case 'undo-result':
        return line(
          `${event.outcome}: [${event.host}] ${inLine(event.summary)}${event.detail ? ` (${event.detail})` : ''}`,
        );
      case 'host-rolled-back':
        return line(`${dry ? 'would be ' : ''}rolled back: [${event.host}] ${event.status}`);
      case 'collected':
        return line(collectedLine(event, false).trim());
      case 'run-ended':
        // Where Ansible stops with an error it prints no recap.
        if (event.status !== 'error' || !event.message) {
          banner('PLAY RECAP');
          recapLines(event.stats).forEach(line);
          line();
          if (event.custom && customStats) {
            banner('CUSTOM STATS:');
            customStatsLines(event.custom).forEach(line);
          }
        }
        if (event.message) line(`ERROR! ${event.message}`);
        return;
      default:
        return;
    }
  };
}

function hostLines(event: RunEvent & { type: 'host-result' }, verbosity: number): string[] {
  const where =
    event.delegatedTo && event.delegatedTo !== event.host
      ? `${event.host} -> ${event.delegatedTo}`
      : event.host;
  const json = () => JSON.stringify(event.result);
  const ignoring = event.ignored ? ['...ignoring'] : [];
  switch (event.status) {
    case 'unreachable':
      return [`fatal: [${where}]: UNREACHABLE! => ${json()}`, ...ignoring];
    case 'failed': {
      // What failed of a loop was told with its items.
      return [...(toldByItems(event) ? [] : [`fatal: [${where}]: FAILED! => ${json()}`]), ...ignoring];
    }
    case 'skipped':
      return [`skipping: [${where}]`];
    default:
      if (toldByItems(event)) return [];
      return [`${word(event.status)}: [${where}]${detail(event.task.module, event.result, verbosity)}`];
  }
}

/** A loop whose items there were: each had its line. */
const toldByItems = ({ loop, result }: RunEvent & { type: 'host-result' }) =>
  loop && Array.isArray(result.results);

/** Results are shown where they are the point (debug, assert), or when asked for. */
function detail(module: string, result: Readonly<Record<string, unknown>>, verbosity: number): string {
  if (module === 'debug' || module === 'assert') {
    const { changed, failed: _, ...shown } = result;
    const body = module === 'assert' ? { changed, ...shown } : shown;
    return ` => ${JSON.stringify(body, null, 4)}`;
  }
  return verbosity > 0 ? ` => ${JSON.stringify(result)}` : '';
}

function itemLine(event: RunEvent & { type: 'item-result' }, module: string, verbosity: number): string {
  const item = `(item=${event.label})`;
  if (event.status === 'failed') return `failed: [${event.host}] ${item} => ${JSON.stringify(event.result)}`;
  if (event.status === 'skipped') return `skipping: [${event.host}] => ${item} `;
  return `${word(event.status)}: [${event.host}] => ${item}${detail(module, event.result, verbosity)}`;
}

function word(status: HostStatus): string {
  return status;
}
