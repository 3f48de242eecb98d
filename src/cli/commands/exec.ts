import { execModule } from '../../engine/index.ts';
import { parseYaml } from '../../source/index.ts';
import { isMapping } from '../../values/index.ts';
import type { HostFlags } from '../host-flags.ts';
import { type OnHosts, onHosts } from '../on-hosts.ts';

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
  const work = async ({ base, diff }: OnHosts) => {
    const summary = await execModule({
      ...base,
      pattern,
      module: flags.moduleName,
      args: argumentsOf(flags.args),
      playbookFolder: flags.playbookDir,
      check: flags.check ?? false,
      diff,
    });
    process.exitCode = summary.exitCode;
  };
  // What was found is what was asked for.
  await onHosts(flags, work, Math.max(1, flags.verbose));
}

/** Arguments may be JSON or YAML in braces; anything else is free text or key=value. */
function argumentsOf(text: string): string | Record<string, unknown> {
  if (!/^\s*\{[^{]/.test(text)) return text;
  const value = parseYaml({ text, file: '-a', kind: 'usage' });
  return isMapping(value) ? value : text;
}
