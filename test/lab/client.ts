import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import ssh2 from 'ssh2';
import type { LabHostStatus, LabStatus } from '../../src/lab/index.ts';

export interface Output {
  readonly code: number | undefined;
  readonly signal: string | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/** Connects to a lab host with the lab's key, or as told. */
export async function connectTo(
  lab: LabStatus,
  host: LabHostStatus,
  how: Partial<ssh2.ConnectConfig> = {},
): Promise<ssh2.Client> {
  const privateKey = await readFile(join(lab.dir, 'id_ed25519'), 'utf8');
  const client = new ssh2.Client();
  client.on('error', () => {});
  client.connect({
    host: host.address,
    port: host.port,
    username: host.user,
    privateKey,
    hostVerifier: () => true,
    ...how,
  });
  await once(client, 'ready');
  client.setNoDelay(true);
  return client;
}

/** Opens an exec channel. */
export function open(client: ssh2.Client, command: string): Promise<ssh2.ClientChannel> {
  return new Promise((resolve, reject) =>
    client.exec(command, (error, channel) => (error ? reject(error) : resolve(channel))),
  );
}

/** Runs a command to its end. */
export function run(client: ssh2.Client, command: string, stdin?: Buffer | string): Promise<Output> {
  // Listeners must be there before the callback returns: a short command's exit may be in the same packet.
  return new Promise((resolve, reject) =>
    client.exec(command, (error, channel) => (error ? reject(error) : resolve(collect(channel, stdin)))),
  );
}

/** Reads a channel to its end. */
export async function collect(channel: ssh2.ClientChannel, stdin?: Buffer | string): Promise<Output> {
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  channel.on('data', (chunk: Buffer) => out.push(chunk));
  channel.stderr.on('data', (chunk: Buffer) => err.push(chunk));
  let code: number | undefined;
  let signal: string | undefined;
  channel.on('exit', (status: number | null, name?: string) => {
    code = status ?? undefined;
    signal = name;
  });
  channel.end(stdin);
  await once(channel, 'close');
  return { code, signal, stdout: Buffer.concat(out).toString(), stderr: Buffer.concat(err).toString() };
}

/** Opens SFTP. */
export function sftp(client: ssh2.Client): Promise<ssh2.SFTPWrapper> {
  return new Promise((resolve, reject) =>
    client.sftp((error, wrapper) => (error ? reject(error) : resolve(wrapper))),
  );
}
