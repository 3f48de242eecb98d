import type { IncomingMessage, ServerResponse } from 'node:http';

/** What goes back for a request; bodies that are no text become JSON. */
export interface Answer {
  readonly status: number;
  readonly body?: unknown;
  /** Runs once the answer is on its way. */
  readonly after?: () => void;
}

/** Answers one request. */
export type Handler = (request: IncomingMessage, url: URL) => Answer | Promise<Answer>;

/** Gives a 200 with a body. */
export function ok(body: unknown): Answer {
  return { status: 200, body };
}

/** Sends an answer. */
export function send(response: ServerResponse, { status, body, after }: Answer): void {
  const text = typeof body === 'string' ? body : body === undefined ? '' : JSON.stringify(body);
  response.writeHead(status, {
    'Content-Type': 'application/json; charset=UTF-8',
    'Content-Length': Buffer.byteLength(text),
  });
  response.end(text, after);
}
