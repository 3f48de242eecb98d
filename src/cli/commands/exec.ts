import { settingValues } from '../../config/index.ts';
import { execModule } from '../../engine/index.ts';
import { chooseReporter } from '../../report/index.ts';
import { parseYaml } from '../../source/index.ts';
import { isMapping } from '../../values/index.ts';
import { type HostFlags, hostOptions } from '../host-flags.ts';
import { watchInterrupts } from '../interrupt.ts';
import { settings } from '../settings.ts';

/** Flags of `cutover exec`. */
export interface ExecFlags extends HostFlags {
  readonly moduleName: string;
  readonly args: string;
  readonly check?: boolean;
  readonly diff?: boolean;
  readonly playbookDir?: string;
}

/** `cutover exec`. */
export async function exec(pattern: string, flags: ExecFlags): Promise<void> {
  const interrupt = watchInterrupts();
  try {
    const { diffAlways, diffContext } = settingValues(settings());
    const report = await chooseReporter(flags.output, {
      diffContext,
      verbosity: Math.max(1, flags.verbose),
      diff: flags.diff ?? diffAlways,
    });
    const options = await hostOptions(flags, [report.sink], interrupt);
    const summary = await execModule({
      ...options,
      pattern,
      module: flags.moduleName,
      args: argumentsOf(flags.args),
      playbookFolder: flags.playbookDir,
      check: flags.check ?? false,
      diff: flags.diff ?? diffAlways,
    });
    await report.close();
    process.exitCode = summary.exitCode;
  } finally {
    interrupt.done();
  }
}

/** Arguments may be JSON or YAML in braces; anything else is free text or key=value. */
function argumentsOf(text: string): string | Record<string, unknown> {
  if (!/^\s*\{[^{]/.test(text)) return text;
  const value = parseYaml({ text, file: '-a', kind: 'usage' });
  return isMapping(value) ? value : text;
}
