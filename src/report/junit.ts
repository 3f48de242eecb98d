import type { RunEvent } from '../journal/index.ts';
import type { Reporter, Write } from './types.ts';

interface Case {
  readonly suite: string;
  readonly host: string;
  readonly event: RunEvent & { type: 'host-result' };
}

/** Prints JUnit XML when the run ends: a suite per play, a case per task and host. */
export function junitReporter(write: Write): Reporter {
  const cases: Case[] = [];
  let suite = 'run';
  let name = 'cutover';
  return (event) => {
    if (event.type === 'run-started') name = `${event.playbook} ${event.run}`;
    if (event.type === 'play-started') suite = event.name;
    if (event.type === 'host-result') cases.push({ suite, host: event.host, event });
    if (event.type === 'run-ended') write(document(name, cases, event));
  };
}

function document(name: string, cases: readonly Case[], end: RunEvent & { type: 'run-ended' }): string {
  const suites = Map.groupBy(cases, (one) => one.suite);
  const failures = cases.filter(isFailure).length;
  const lines = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="${xml(name)}" tests="${cases.length}" failures="${failures}">`,
  ];
  for (const [suite, members] of suites) {
    lines.push(
      `  <testsuite name="${xml(suite)}" tests="${members.length}" failures="${members.filter(isFailure).length}" skipped="${members.filter(({ event }) => event.status === 'skipped').length}">`,
    );
    for (const member of members) lines.push(...testCase(member));
    lines.push('  </testsuite>');
  }
  if (end.message) lines.push(`  <system-err>${xml(end.message)}</system-err>`);
  lines.push('</testsuites>');
  return `${lines.join('\n')}\n`;
}

function testCase({ host, event }: Case): string[] {
  const open = `    <testcase classname="${xml(host)}" name="${xml(event.task.name)}" file="${xml(event.task.position.file)}" time="${(event.durationMs / 1000).toFixed(3)}"`;
  if (event.status === 'skipped' || event.status === 'unknown')
    return [
      `${open}><skipped message="${xml(event.status === 'unknown' ? 'cannot be known before it is carried out' : 'condition is false')}"/></testcase>`,
    ];
  if (!isFailure({ event })) return [`${open}/>`];
  const message = event.error?.message ?? String(event.result.msg ?? event.status);
  return [
    `${open}><failure type="${event.error?.kind ?? event.status}" message="${xml(message)}">${xml(JSON.stringify(event.result, null, 2))}</failure></testcase>`,
  ];
}

function isFailure({ event }: Pick<Case, 'event'>): boolean {
  return (event.status === 'failed' || event.status === 'unreachable') && !event.ignored;
}

/** Escapes text for XML 1.0, which has no way to write most control characters. */
function xml(text: string): string {
  return text
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, '?')
    .replace(/[<>&"]/g, (letter) => ({ '<': '&lt;', '>': '&gt;', '&': '&amp;', '"': '&quot;' })[letter]!);
}
