import { timingSafeEqual } from 'node:crypto';
import { connect } from 'node:net';
import type { AuthContext, Connection, ParsedKey, ServerChannel, Session, TcpipRequestInfo } from 'ssh2';
import ssh2 from 'ssh2';
import { type RemoteCommand, runCommand, type Surroundings } from './commands.ts';
import { serveSftp } from './sftp/session.ts';

/** One practice host as the background process serves it. */
export interface EmbeddedHost extends Surroundings {
  readonly name: string;
  readonly user: string;
  /** In OpenSSH's format. */
  readonly hostKey: string;
  /** The client's public key in OpenSSH's format. */
  readonly authorizedKey: string;
  readonly password: string | undefined;
  readonly refuseForwarding: boolean;
}

/** Starts listening on a free loopback port, and gives the port. */
export function listen(host: EmbeddedHost): Promise<number> {
  const authorized = ssh2.utils.parseKey(host.authorizedKey);
  if (authorized instanceof Error) throw authorized;
  // Clients decide by this name which dialect of SFTP a server speaks; ours speaks OpenSSH's.
  const server = new ssh2.Server({ hostKeys: [host.hostKey], ident: 'OpenSSH_9.2 cutover-lab' }, (client) =>
    serveClient(client, host, authorized),
  );
  return new Promise((resolve, reject) => {
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port));
  });
}

function serveClient(client: Connection, host: EmbeddedHost, authorized: ParsedKey): void {
  (client as Connection & { setNoDelay(on: boolean): void }).setNoDelay(true);
  const running = new Set<RemoteCommand>();
  client.on('authentication', (context) => {
    if (mayEnter(context, host, authorized)) context.accept();
    else context.reject(host.password === undefined ? ['publickey'] : ['publickey', 'password']);
  });
  client.on('session', (accept) => serveSession(accept() as unknown as Session, host, running));
  if (!host.refuseForwarding) {
    client.on('tcpip', (accept, reject, info) => forward(accept, reject, info));
  }
  // A killed client shows as an error, a close, or both.
  client.on('error', () => {});
  client.on('close', () => {
    for (const command of running) command.hangUp();
    running.clear();
  });
}

function mayEnter(context: AuthContext, host: EmbeddedHost, authorized: ParsedKey): boolean {
  if (context.username !== host.user) return false;
  if (context.method === 'password')
    return host.password !== undefined && same(context.password, host.password);
  if (context.method !== 'publickey') return false;
  const { key, blob, signature, hashAlgo } = context;
  if (key.algo !== authorized.type || !same(key.data, authorized.getPublicSSH())) return false;
  if (blob === undefined || signature === undefined) return true;
  return authorized.verify(blob, signature, hashAlgo) === true;
}

function same(a: string | Buffer, b: string | Buffer): boolean {
  const [left, right] = [Buffer.from(a as string), Buffer.from(b as string)];
  return left.length === right.length && timingSafeEqual(left, right);
}

function serveSession(session: Session, host: EmbeddedHost, running: Set<RemoteCommand>): void {
  let command: RemoteCommand | undefined;
  const environment: Record<string, string> = { ...host.environment };
  const run = (channel: ServerChannel, script: string | undefined) => {
    const started = runCommand(channel, script, { home: host.home, environment });
    command = started;
    running.add(started);
    channel.on('close', () => {
      running.delete(started);
      started.hangUp();
    });
  };
  session.on('env', (accept, _reject, info) => {
    // What Debian's sshd_config accepts.
    if (/^(LANG|LC_[A-Z]+)$/.test(info.key)) environment[info.key] = info.val;
    accept?.();
  });
  session.on('pty', (accept) => accept?.());
  session.on('window-change', (accept) => accept?.());
  session.on('signal', (accept, _reject, info) => {
    command?.signal(info.name);
    accept?.();
  });
  session.on('exec', (accept, _reject, info) => run(accept(), info.command));
  session.on('shell', (accept) => run(accept(), undefined));
  session.on('subsystem', (accept, reject, info) => {
    if (info.name === 'sftp') serveSftp(accept(), host.home);
    else reject();
  });
}

function forward(accept: () => ServerChannel, reject: () => void, info: TcpipRequestInfo): void {
  const socket = connect({ host: info.destIP, port: info.destPort, noDelay: true });
  socket.once('error', reject);
  socket.once('connect', () => {
    socket.off('error', reject);
    const channel = accept();
    // Undefined when the client left while the socket was connecting.
    if (channel === undefined) return void socket.destroy();
    socket.on('error', () => channel.end());
    channel.on('error', () => socket.destroy());
    channel.on('close', () => socket.destroy());
    channel.pipe(socket);
    socket.pipe(channel);
  });
}
