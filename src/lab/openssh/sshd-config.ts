import type { LabOptions } from '../types.ts';

/** Where a host's sshd listens and finds its files. */
export interface SshdPlace {
  readonly address: string;
  readonly port: number;
  /** The host's folder in the lab, at the same path on the host. */
  readonly folder: string;
}

/**
 * Gives `sshd_config`: Debian's defaults, but keys from the lab's folder and no PAM for logins, which has no
 * sessions to open inside a namespace.
 */
export function sshdConfig({ address, port, folder }: SshdPlace, options: LabOptions): string {
  const byPassword = options.password !== undefined;
  return `ListenAddress ${address}
Port ${port}
HostKey ${folder}/ssh_host_ed25519_key
PidFile none
UsePAM no
UseDNS no
StrictModes no
AuthorizedKeysFile ${folder}/authorized_keys
PermitRootLogin ${byPassword ? 'yes' : 'prohibit-password'}
PasswordAuthentication ${byPassword ? 'yes' : 'no'}
KbdInteractiveAuthentication no
AllowTcpForwarding ${options.refuseForwarding ? 'no' : 'yes'}
PrintMotd no
AcceptEnv LANG LC_*
Subsystem sftp /usr/lib/openssh/sftp-server
`;
}
