import { CutoverError, didYouMean } from '../../errors/index.ts';
import { FAULTS, type Fault, type LabBackend, labDown, labStatus, labUp } from '../../lab/index.ts';

/** `cutover lab up`. */
export async function up(flags: {
  readonly dir: string;
  readonly hosts: string;
  readonly backend: string;
  readonly wso2?: boolean;
  readonly fault?: readonly string[];
}): Promise<void> {
  const hosts = Number(flags.hosts);
  if (!Number.isInteger(hosts) || hosts < 1 || hosts > 200)
    throw new CutoverError('usage', `--hosts needs a number from 1 to 200, not "${flags.hosts}"`);
  if (flags.backend !== 'embedded' && flags.backend !== 'openssh')
    throw new CutoverError('usage', `there is no lab back end "${flags.backend}"`, {
      hint: 'embedded and openssh are',
    });
  const state = await labUp({
    dir: flags.dir,
    hosts,
    backend: flags.backend as LabBackend,
    wso2: flags.wso2 ?? false,
    faults: faults(flags.fault ?? []),
  });
  process.stdout.write(
    `${hosts === 1 ? '1 practice host is' : `${hosts} practice hosts are`} up (${state.backend})\ninventory: ${state.inventory}\n`,
  );
  for (const host of state.hosts)
    process.stdout.write(`  ${host.name}  ${host.user}@${host.address}:${host.port}\n`);
}

function faults(texts: readonly string[]): Record<string, Fault[]> {
  const byHost: Record<string, Fault[]> = {};
  for (const text of texts) {
    const [host, fault] = text.split('=');
    if (!host || !FAULTS.includes(fault as Fault))
      throw new CutoverError('usage', `--fault needs node=fault, not "${text}"`, {
        hint: didYouMean(fault ?? '', FAULTS) ?? `faults are ${FAULTS.join(', ')}`,
      });
    byHost[host] = [...(byHost[host] ?? []), fault as Fault];
  }
  return byHost;
}

/** `cutover lab down`. */
export async function down(flags: { readonly dir: string }): Promise<void> {
  await labDown({ dir: flags.dir });
  process.stdout.write('the practice hosts are gone\n');
}

/** `cutover lab status`. */
export async function status(flags: { readonly dir: string; readonly json?: boolean }): Promise<void> {
  const state = await labStatus({ dir: flags.dir });
  if (flags.json) {
    process.stdout.write(`${JSON.stringify(state, null, 2)}\n`);
    return;
  }
  process.stdout.write(
    `${state.backend} lab in ${state.dir}: ${state.up ? 'up' : 'not all hosts are reachable'}\n`,
  );
  for (const host of state.hosts) {
    const mi = host.mi ? `  MI ${host.mi.version ?? '?'} ${host.mi.running ? 'running' : 'stopped'}` : '';
    process.stdout.write(
      `  ${host.name}  ${host.user}@${host.address}:${host.port}  ${host.reachable ? 'reachable' : 'not reachable'}${mi}\n`,
    );
  }
  if (!state.up) process.exitCode = 1;
}
