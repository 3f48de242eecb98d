import { settingValues } from '../config/index.ts';
import type { HostOptions } from '../engine/index.ts';
import { chooseReporter } from '../report/index.ts';
import { type HostFlags, hostOptions } from './host-flags.ts';
import { watchInterrupts } from './interrupt.ts';
import { settings } from './settings.ts';

/** What a command that works on hosts goes by: the options that all of them share, and whether differences are shown. */
export interface OnHosts {
  readonly base: HostOptions;
  readonly diff: boolean;
}

/**
 * Does a command's work on hosts: its report is open and signals are heeded while it lasts. Gives what the work gives.
 * `verbosity` is the report's, where it is not that of the flags.
 */
export async function onHosts<T>(
  flags: HostFlags & { readonly diff?: boolean },
  work: (on: OnHosts) => Promise<T>,
  verbosity: number = flags.verbose,
): Promise<T> {
  const interrupt = watchInterrupts();
  try {
    const { diffAlways, diffContext, showCustomStats: customStats } = settingValues(settings());
    const diff = flags.diff ?? diffAlways;
    const report = await chooseReporter(flags.output, { verbosity, diffContext, diff, customStats });
    const result = await work({ base: await hostOptions(flags, [report.sink], interrupt), diff });
    await report.close();
    return result;
  } finally {
    interrupt.done();
  }
}
