import { rollbackFromTargets, rollbackRun } from '../../engine/index.ts';
import type { HostFlags } from '../host-flags.ts';
import { onHosts } from '../on-hosts.ts';

/** Flags of `cutover rollback`. */
export interface RollbackFlags extends HostFlags {
  readonly check?: boolean;
  readonly to?: string;
  readonly force?: boolean;
  readonly fromTargets?: boolean;
}

/** `cutover rollback`. */
export async function rollback(reference: string, flags: RollbackFlags): Promise<void> {
  await onHosts({ ...flags, diff: false }, async ({ base }) => {
    const takeBack = flags.fromTargets ? rollbackFromTargets : rollbackRun;
    const summary = await takeBack({
      ...base,
      // The inventory of ansible.cfg is not meant where the run has its own.
      inventory: flags.inventory ?? (flags.fromTargets ? base.inventory : []),
      run: reference,
      check: flags.check ?? false,
      force: flags.force ?? false,
      ...(flags.to === undefined ? {} : { toTask: flags.to }),
    });
    process.exitCode = summary.exitCode;
  });
}
