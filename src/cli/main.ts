import { Command, CommanderError } from 'commander';
import { describeProblem, exitCodeOf } from './problems.ts';
import { describeHistory } from './program/history.ts';
import { describeLab } from './program/lab.ts';
import { describeReads } from './program/reads.ts';
import { describeRuns } from './program/runs.ts';
import { describeVault } from './program/vault.ts';
import { commandSecrets, forgetSecrets } from './secrets.ts';
import { VERSION } from './version.ts';

/** Runs the command line. Sets the exit code of the process; never throws. */
export async function main(args: readonly string[]): Promise<void> {
  const program = new Command('cutover')
    .description('Runs Ansible-style playbooks over SSH, fast, and puts everything back when asked.')
    .version(VERSION, '--version', 'print the version')
    .helpCommand(false)
    .showSuggestionAfterError(true)
    .showHelpAfterError('(add --help to see what it takes)')
    .exitOverride();
  // A reader that leaves (`| head`), or a full disk behind `>`, must not end a run in the middle of its work.
  for (const stream of [process.stdout, process.stderr]) {
    if (!stream.listeners('error').includes(goOn)) stream.on('error', goOn);
  }
  for (const describe of [describeRuns, describeHistory, describeLab, describeReads, describeVault])
    describe(program);
  forgetSecrets();
  try {
    await program.parseAsync(args.map(likeAnsible), { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) {
      process.exitCode = error.exitCode === 0 ? 0 : 1;
      return;
    }
    process.stderr.write(`${describeProblem(error, commandSecrets())}\n`);
    process.exitCode = exitCodeOf(error);
  }
}

const goOn = () => {};

/** Other spellings that hands know from Ansible. */
const SPELLINGS: Readonly<Record<string, string>> = {
  '--inventory-file': '--inventory',
  '--ask-vault-password': '--ask-vault-pass',
  '--become-pass-file': '--become-password-file',
  '--conn-pass-file': '--connection-password-file',
};

function likeAnsible(argument: string): string {
  const [flag = '', ...value] = argument.split('=');
  return Object.hasOwn(SPELLINGS, flag) ? [SPELLINGS[flag], ...value].join('=') : argument;
}
