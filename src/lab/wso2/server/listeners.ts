import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type Handler, send } from './answers.ts';
import { type Log, source } from './log.ts';

/** How a listener is called in the log, and what it does. */
export interface Listener {
  /** `HTTP`, `HTTPS`, `EI_INTERNAL_HTTP_INBOUND_ENDPOINT` ... */
  readonly title: string;
  readonly port: number;
  /** PEM text with key and certificate: an HTTPS listener. */
  readonly certificate?: string;
  /** Longest path prefix wins. */
  readonly handlers: Readonly<Record<string, Handler>>;
}

/** All open ports of a node, and the requests in flight. */
export class Listeners {
  readonly #log: Log;
  readonly #servers: Server[] = [];
  #inFlight = 0;
  #idle: (() => void) | undefined;

  constructor(log: Log) {
    this.#log = log;
  }

  /** Opens a port; a taken one is only a WARN line, as in the real server. */
  open(listener: Listener): Promise<void> {
    const serve = this.#serve(listener.handlers);
    const { certificate } = listener;
    const server =
      certificate === undefined
        ? createServer(serve)
        : createTlsServer({ key: certificate, cert: certificate }, serve);
    this.#servers.push(server);
    return new Promise((resolve) => {
      server.once('error', (error) => {
        const text = `System may be unstable: ${listener.title} ListeningIOReactor encountered a checked exception : `;
        this.#log('WARN', source.httpListener, `${text}${javaWords(error)} (port ${listener.port})`);
        resolve();
      });
      // Loopback only: a practice host is nobody else's business, whatever the line says.
      server.listen(listener.port, '127.0.0.1', () => {
        const line = `Pass-through ${listener.title} Listener started on 0.0.0.0:${listener.port}`;
        this.#log('INFO', source.listener, line);
        resolve();
      });
    });
  }

  /** Accepts no more connections, and resolves when the requests in flight are answered or the time (milliseconds) is over. */
  async drain(withinMs: number): Promise<void> {
    for (const server of this.#servers) {
      server.close();
      server.closeIdleConnections();
    }
    if (this.#inFlight === 0) return;
    await new Promise<void>((resolve) => {
      this.#idle = resolve;
      setTimeout(resolve, withinMs);
    });
  }

  #serve(handlers: Readonly<Record<string, Handler>>): RequestListener {
    const prefixes = Object.keys(handlers).sort((a, b) => b.length - a.length);
    return (request, response) => {
      this.#inFlight += 1;
      response.once('close', () => {
        this.#inFlight -= 1;
        if (this.#inFlight === 0) this.#idle?.();
      });
      const url = new URL(request.url ?? '/', 'http://localhost');
      const prefix = prefixes.find(
        (one) => url.pathname === one || url.pathname.startsWith(one.replace(/\/?$/, '/')),
      );
      void Promise.resolve(prefix === undefined ? { status: 404 } : handlers[prefix]!(request, url)).then(
        (answer) => send(response, answer),
      );
    };
  }
}

function javaWords(error: Error): string {
  return (error as NodeJS.ErrnoException).code === 'EADDRINUSE' ? 'Address already in use' : error.message;
}
