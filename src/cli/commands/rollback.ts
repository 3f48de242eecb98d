import { rollbackRun } from '../../engine/index.ts';
import { chooseReporter } from '../../report/index.ts';
import { type HostFlags, hostOptions } from '../host-flags.ts';
import { watchInterrupts } from '../interrupt.ts';

/** Flags of `cutover rollback`. */
export interface RollbackFlags extends HostFlags {
  readonly check?: boolean;
  readonly to?: string;
  readonly force?: boolean;
}

/** `cutover rollback`. */
export async function rollback(reference: string, flags: RollbackFlags): Promise<void> {
  const interrupt = watchInterrupts();
  try {
    const report = await chooseReporter(flags.output, { verbosity: flags.verbose, diff: false });
    const options = await hostOptions(flags, [report.sink], interrupt);
    // The inventory of ansible.cfg is not meant here: the run has its own.
    const inventory = flags.inventory ?? [];
    const summary = await rollbackRun({
      ...options,
      inventory,
      run: reference,
      check: flags.check ?? false,
      force: flags.force ?? false,
      ...(flags.to === undefined ? {} : { toTask: flags.to }),
    });
    await report.close();
    process.exitCode = summary.exitCode;
  } finally {
    interrupt.done();
  }
}
