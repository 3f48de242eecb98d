/** How long the compiled command line takes before it does anything: `--version`, and reading the whole upgrade. Medians of many. */
import { fileURLToPath } from 'node:url';
import { machineLine, median, printTable, type Subject, timeInTurns } from './measure.ts';

const ROUNDS = 15;
const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const cutover = here('../bin/cutover.js');
const upgrade = here('../playbooks/wso2-mi-upgrade/upgrade.yml');

/** What is started, and the aim in milliseconds. The bare runtime is the floor under the others. */
const cases: readonly (readonly [Subject, number | undefined])[] = [
  [{ name: 'node -e 0', command: process.execPath, args: ['-e', '0'] }, undefined],
  [{ name: 'cutover --version', command: process.execPath, args: [cutover, '--version'] }, 100],
  [
    {
      name: 'cutover run upgrade.yml --syntax-check',
      command: process.execPath,
      args: [cutover, 'run', upgrade, '-i', here('../inventory.example'), '--syntax-check'],
    },
    400,
  ],
];

const subjects = cases.map(([subject]) => subject);
// The first start writes Node's compile cache.
await timeInTurns(subjects, 1);
const runs = await timeInTurns(subjects, ROUNDS);

console.log(`Start-up, median and best of ${ROUNDS} (${machineLine()})\n`);
printTable([
  ['', 'median', 'best', 'aim'],
  ...cases.map(([subject, aim], index) => {
    const times = runs[index]!.map((run) => run.seconds * 1000);
    const [middle, best] = [median(times), Math.min(...times)].map((ms) => `${ms.toFixed(0)} ms`);
    return [subject.name, middle!, best!, aim === undefined ? '' : `${aim} ms`];
  }),
]);
