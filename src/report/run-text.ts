import type { RunEvent, RunInfo } from '../journal/index.ts';
import { collectedLine } from './collected.ts';
import { inLine } from './in-line.ts';

/** Tells a past run in a few lines: what changed where, what failed and why, how it ended. */
export function runText(info: RunInfo, events: readonly RunEvent[]): string {
  const lines = [
    `run ${info.id}: ${info.status}`,
    `  ${info.command} ${info.playbook}, by ${info.user}, ${info.startedAt}${info.endedAt ? ` to ${info.endedAt}` : ''}${info.check ? ', dry run' : ''}`,
  ];
  if (info.rolledBackBy) lines.push(`  rolled back by ${info.rolledBackBy}`);
  for (const event of events) lines.push(...linesOf(event));
  return `${lines.join('\n')}\n`;
}

function linesOf(event: RunEvent): string[] {
  switch (event.type) {
    case 'play-started':
      return [`play ${event.name} (${event.hosts.length} host${event.hosts.length === 1 ? '' : 's'})`];
    case 'host-result': {
      if (event.status === 'ok' || event.status === 'skipped') return [];
      const changes = event.changes.map(
        (change) =>
          `      ${change.seq === undefined ? '' : `#${change.seq} `}${inLine(change.summary)} [${change.undo}]`,
      );
      const why =
        event.status === 'changed' ? '' : `: ${event.error?.message ?? String(event.result.msg ?? '')}`;
      return [`  ${event.status.padEnd(11)} ${event.host}  ${event.task.name}${why}`, ...changes];
    }
    case 'undo-result':
      return [
        `  ${event.outcome.padEnd(11)} ${event.host}  ${event.seq > 0 ? `#${event.seq} ` : ''}${inLine(event.summary)}${event.detail ? `: ${event.detail.replaceAll('\n', '; ')}` : ''}`,
      ];
    case 'host-rolled-back':
      return [`  ${event.host} is ${event.status}`];
    case 'collected':
      return [collectedLine(event, false)];
    case 'warning':
      return [`  warning: ${event.message}`];
    case 'run-ended':
      return [
        `ended: ${event.status}, exit code ${event.exitCode}${event.message ? `: ${event.message}` : ''}`,
      ];
    default:
      return [];
  }
}
