import { settingValues } from '../config/index.ts';
import type { HostOptions } from '../engine/index.ts';
import type { EventSink } from '../journal/index.ts';
import { chooseReporter } from '../report/index.ts';
import { type HostFlags, hostOptions } from './host-flags.ts';
import { watchInterrupts } from './interrupt.ts';
import { settings } from './settings.ts';

/** What a command that works on hosts goes by: the options that all of them share, and whether differences are shown. */
export interface OnHosts {
  readonly base: HostOptions;
  readonly diff: boolean;
}

/** What a command wants of its report beyond the flags. */
export interface ReportWishes {
  /** Where it is not that of the flags. */
  readonly verbosity?: number;
  readonly oneLine?: boolean;
  /** Further readers of the events. */
  readonly also?: readonly EventSink[];
}

/** Does a command's work on hosts: its report is open and signals are heeded while it lasts. Gives what the work gives. */
export async function onHosts<T>(
  flags: HostFlags & { readonly diff?: boolean },
  work: (on: OnHosts) => Promise<T>,
  { verbosity = flags.verbose, oneLine = false, also = [] }: ReportWishes = {},
): Promise<T> {
  const interrupt = watchInterrupts();
  try {
    const { diffAlways, diffContext, showCustomStats: customStats } = settingValues(settings());
    const diff = flags.diff ?? diffAlways;
    const report = await chooseReporter(flags.output, { verbosity, diffContext, diff, customStats, oneLine });
    const result = await work({ base: await hostOptions(flags, [report.sink, ...also], interrupt), diff });
    await report.close();
    return result;
  } finally {
    interrupt.done();
  }
}
