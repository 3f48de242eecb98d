import { CutoverError, didYouMean } from '../errors/index.ts';
import { ansibleReporter } from './ansible.ts';
import { junitReporter } from './junit.ts';
import { ndjsonReporter } from './ndjson.ts';
import { type PlainOptions, plainReporter } from './plain.ts';
import type { OpenReport, Reporter, Write } from './types.ts';

const FORMATS = ['auto', 'terminal', 'plain', 'ansible', 'ndjson', 'junit'];

/** Opens the report that `--output` names; `auto` is `terminal` at a terminal and `plain` elsewhere. Throws CutoverError('usage'). */
export async function chooseReporter(format: string, options: PlainOptions): Promise<OpenReport> {
  if (!FORMATS.includes(format))
    throw new CutoverError('usage', `there is no output "${format}"`, {
      hint: didYouMean(format, FORMATS) ?? FORMATS.join(', '),
    });
  const write: Write = (text) => void process.stdout.write(text);
  const atTerminal = format === 'terminal' || (format === 'auto' && process.stdout.isTTY === true);
  // listr2 is loaded only where it is drawn.
  if (atTerminal) return (await import('./terminal.ts')).terminalReporter(write, options);
  return { sink: lineReporter(format, write, options), close: async () => {} };
}

function lineReporter(format: string, write: Write, options: PlainOptions): Reporter {
  if (format === 'ansible') return ansibleReporter(write, options);
  if (format === 'ndjson') return ndjsonReporter(write);
  if (format === 'junit') return junitReporter(write);
  return plainReporter(write, options);
}
