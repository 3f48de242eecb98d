import http from 'node:http';
import type { Duplex } from 'node:stream';
import tls from 'node:tls';
import { CutoverError } from '../../errors/index.ts';
import type { HttpSpec } from '../specs.ts';

/** One raw answer: what came over one connection, before redirects and cookies are looked at. */
export interface Answer {
  readonly status: number;
  readonly reason: string;
  /** Name and value in turn, as received. */
  readonly rawHeaders: readonly string[];
  readonly body: Buffer;
}

/** What goes over one connection. */
export interface Sent {
  readonly method: string;
  readonly headers: Record<string, string>;
  readonly body: Buffer | undefined;
}

/** Opens a stream to host and port from the target's place in the network. */
export type Dial = (host: string, port: number) => Promise<Duplex>;

/**
 * Speaks one HTTP/1.1 request over a stream from `dial`; TLS too. `deadline` is in epoch milliseconds.
 * Throws CutoverError: `timeout`, `connect` (nobody there, TLS refused, connection cut).
 */
export async function exchange(
  dial: Dial,
  url: URL,
  spec: HttpSpec,
  sent: Sent,
  deadline: number,
): Promise<Answer> {
  const secure = url.protocol === 'https:';
  const port = Number(url.port) || (secure ? 443 : 80);
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const limit = new Deadline(deadline, spec.timeoutMs);
  const opened: Duplex[] = [];
  try {
    const plain = await limit.race(dial(host, port), (late) => late.destroy());
    opened.push(plain);
    const socket = secure ? await limit.race(startTls(plain, host, spec)) : plain;
    return await limit.race(speak(socket, url, sent, spec.maxBodyBytes));
  } finally {
    limit.clear();
    for (const stream of opened) stream.destroy();
  }
}

class Deadline {
  private readonly expired: Promise<never>;
  private readonly timer: NodeJS.Timeout;

  constructor(deadline: number, shownMs = 30_000) {
    let fail: (error: Error) => void = () => {};
    this.expired = new Promise((_, reject) => {
      fail = reject;
    });
    this.expired.catch(() => {});
    const error = new CutoverError('timeout', `no answer within ${shownMs / 1000} s`);
    this.timer = setTimeout(() => fail(error), Math.max(0, deadline - Date.now()));
  }

  /** Gives what `work` gives, unless time is up first; what comes later goes to `late`. */
  race<T>(work: Promise<T>, late?: (value: T) => void): Promise<T> {
    if (late) this.expired.catch(() => work.then(late, () => {}));
    return Promise.race([work, this.expired]);
  }

  clear(): void {
    clearTimeout(this.timer);
  }
}

function startTls(plain: Duplex, host: string, spec: HttpSpec): Promise<tls.TLSSocket> {
  const isAddress = /^[\d.]+$|:/.test(host);
  return new Promise((resolve, reject) => {
    const socket = tls.connect({
      socket: plain,
      // An address is no name for SNI (RFC 6066), but the certificate must still be for it.
      ...(isAddress ? { host } : { servername: host }),
      rejectUnauthorized: spec.validateCerts ?? true,
      ...(spec.ca && { ca: spec.ca }),
      ...(spec.clientCert && { cert: spec.clientCert, key: spec.clientKey ?? spec.clientCert }),
      ALPNProtocols: ['http/1.1'],
    });
    socket.once('secureConnect', () => resolve(socket));
    socket.once('error', (error) => reject(tlsError(host, error)));
    plain.once('close', () =>
      reject(new CutoverError('connect', `${host} closed the connection during the TLS handshake`)),
    );
  });
}

function tlsError(host: string, error: Error & { code?: string }): CutoverError {
  const ours = /CERT|SELF_SIGNED|ALTNAME|UNABLE_TO/.test(error.code ?? '');
  const hint = ours ? 'give the CA that signed it, or validate_certs: false' : undefined;
  return new CutoverError('connect', `TLS with ${host} failed: ${error.message}`, { cause: error, hint });
}

function speak(
  socket: Duplex,
  url: URL,
  sent: Sent,
  maxBodyBytes = Number.POSITIVE_INFINITY,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const fail = (error: Error) =>
      reject(new CutoverError('connect', `${url.host}: ${plainReason(error)}`, { cause: error }));
    const request = http.request({
      createConnection: () => socket as import('node:net').Socket,
      method: sent.method,
      path: `${url.pathname}${url.search}`,
      headers: sent.headers,
    });
    request.once('error', fail);
    request.once('response', (response) => {
      const chunks: Buffer[] = [];
      let kept = 0;
      const done = () =>
        resolve({
          status: response.statusCode ?? 0,
          reason: response.statusMessage ?? '',
          rawHeaders: response.rawHeaders,
          body: Buffer.concat(chunks).subarray(0, maxBodyBytes),
        });
      response.on('data', (chunk: Buffer) => {
        if (kept < maxBodyBytes) chunks.push(chunk);
        kept += chunk.length;
      });
      response.once('end', done);
      response.once('error', fail);
    });
    request.end(sent.body);
  });
}

function plainReason(error: Error & { code?: string }): string {
  if (error.code === 'ECONNRESET' || /socket hang up/.test(error.message))
    return 'the connection was cut before an answer came';
  return error.message;
}
