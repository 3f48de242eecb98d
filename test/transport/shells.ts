import { existsSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { present } from '../machine.ts';

/** A shell that a lane may have to run under, by the path that `Target.shell` gets. */
export interface ShellUnderTest {
  readonly name: string;
  readonly path: string;
}

const folder = mkdtempSync(join(tmpdir(), 'cutover-shells-'));

/** Gives every shell of the matrix that this machine has; /bin/sh is always among them. */
export function installedShells(): ShellUnderTest[] {
  const busybox = join(folder, 'sh');
  if (existsSync('/usr/bin/busybox')) symlinkSync('/usr/bin/busybox', busybox);
  const candidates = [
    { name: '/bin/sh', path: '/bin/sh' },
    { name: 'dash', path: '/usr/bin/dash' },
    { name: 'bash', path: '/usr/bin/bash' },
    { name: 'busybox ash', path: busybox },
    { name: 'mksh', path: '/usr/bin/mksh' },
    { name: 'ksh93', path: '/usr/bin/ksh93' },
  ];
  return candidates.filter(({ name, path }) => present(name, existsSync(path)));
}

/** Removes what `installedShells` made. */
export function forgetShells(): void {
  rmSync(folder, { recursive: true, force: true });
}
