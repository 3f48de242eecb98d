import { expect, it } from 'vitest';
import { commandSummary } from '../../src/resources/command/summary.ts';

it.each([
  ['uptime', 'run uptime'],
  [['ls', '-l', '/srv'], 'run ls -l /srv'],
  ['# stops it\nset -eu\ncd /srv/app\nexport A=1\nB="x y"\n./stop --now\nrm -f pid', 'run ./stop --now ...'],
  ['cd /srv/app && ./stop', 'run cd /srv/app && ./stop'],
  ['cd /srv/app', 'run cd /srv/app'],
  ['A=1 make', 'run A=1 make'],
  ['', 'run '],
  [`echo ${'x'.repeat(200)}`, `run echo ${'x'.repeat(94)}…`],
] as const)('%j is told as %j', (command, told) => {
  expect(commandSummary(command)).toBe(told);
});
