import { describeProblem, type LintProblem, lintPlaybook } from '../../engine/index.ts';
import { type HostFlags, hostOptions } from '../host-flags.ts';

/** Flags of `cutover lint`. */
export interface LintFlags extends Omit<HostFlags, 'output' | 'verbose'> {
  readonly json?: boolean;
  readonly strict?: boolean;
}

/** `cutover lint`. Exit code 5 with errors, 1 with warnings under --strict, else 0. */
export async function lint(playbook: string, flags: LintFlags): Promise<void> {
  const options = await hostOptions({ ...flags, output: 'plain', verbose: 0 }, [], undefined);
  const problems = await lintPlaybook({ ...options, playbook });
  const errors = problems.filter(({ severity }) => severity === 'error').length;
  const warnings = problems.length - errors;
  process.stdout.write(
    flags.json ? `${JSON.stringify({ playbook, errors, warnings, problems }, null, 2)}\n` : asText(problems),
  );
  if (errors > 0) process.exitCode = 5;
  else if (warnings > 0 && flags.strict) process.exitCode = 1;
}

function asText(problems: readonly LintProblem[]): string {
  if (problems.length === 0) return 'nothing to complain about\n';
  const count = (severity: LintProblem['severity']) => {
    const number = problems.filter((problem) => problem.severity === severity).length;
    return `${number} ${severity}${number === 1 ? '' : 's'}`;
  };
  return `${problems.map((problem) => `${describeProblem(problem)}\n`).join('')}${count('error')}, ${count('warning')}\n`;
}
