import type { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { asCutoverError } from '../../errors/index.ts';
import { compileRegex, type Regex } from '../../regex/index.ts';
import { askShell } from '../ask-shell.ts';
import { fileContent, fileState } from '../probes.ts';
import type { WaitSpec } from '../specs.ts';
import type { WaitOutcome } from '../states.ts';
import type { Probe, Session } from '../types.ts';
import { countConnections } from './drained.ts';
import { portOpenByShell } from './shell-port.ts';

const DEFAULTS = { timeoutMs: 300_000, connectTimeoutMs: 5_000, host: '127.0.0.1' };
/** Pauses between looks when none is asked for: what is about to happen is seen soon, and a long wait asks seldom. Milliseconds. */
const SHORTEST_PAUSE = 100;
const LONGEST_PAUSE = 1_000;

/** Waits until a port or a path is as wished, seen from the host. Time running out is an outcome, no error. Throws CutoverError('lost') when the connection to the host died. */
export async function waitUntil(session: Session, spec: WaitSpec): Promise<WaitOutcome> {
  const started = Date.now();
  const timeoutMs = Math.min(
    spec.timeoutMs ?? DEFAULTS.timeoutMs,
    session.timeoutMs ?? Number.POSITIVE_INFINITY,
  );
  if (spec.delayMs) await sleep(Math.min(spec.delayMs, timeoutMs));
  for (let growing = SHORTEST_PAUSE; ; growing = Math.min(2 * growing, LONGEST_PAUSE)) {
    const left = timeoutMs - (Date.now() - started);
    const seen = await lookOnce(session, spec, left);
    const elapsedMs = Date.now() - started;
    if (seen.ok) return { ...seen, elapsedMs };
    if (elapsedMs >= timeoutMs) return { ...seen, elapsedMs, message: spec.message ?? explain(spec) };
    await sleep(Math.min(spec.sleepMs ?? growing, Math.max(0, timeoutMs - elapsedMs)));
  }
}

type Seen = Omit<WaitOutcome, 'elapsedMs' | 'message'>;

function lookOnce(session: Session, spec: WaitSpec, leftMs: number): Promise<Seen> {
  if (spec.path !== undefined) return lookAtPath(session, spec, spec.path);
  if (spec.port === undefined) return Promise.resolve({ ok: true });
  if (spec.state === 'drained') return lookDrained(session, spec, spec.port);
  return lookAtPort(session, spec, spec.port, leftMs);
}

async function lookAtPath(session: Session, spec: WaitSpec, path: string): Promise<Seen> {
  const absent = spec.state === 'absent' || spec.state === 'stopped';
  if (absent || spec.searchRegex === undefined) {
    const probe = fileState(path, { follow: true, checksum: false });
    const file = await ask(session, probe);
    return { ok: (file.type === 'absent') === absent, file };
  }
  const probe = fileContent(path, { follow: true });
  const file = await ask(session, probe);
  return { ...search(regexOf(spec.searchRegex), file.bytes?.toString() ?? ''), file };
}

async function ask<State>(session: Session, probe: Probe<State>): Promise<State> {
  const answers = new Map<string, unknown>();
  await askShell(session, [probe], answers);
  return answers.get(probe.key) as State;
}

/** `^` and `$` match at every line, as in Ansible. */
function regexOf(pattern: string): Regex {
  return compileRegex(pattern, { multiLine: true });
}

function search(regex: Regex, text: string): Seen {
  const match = regex.find(text);
  if (!match) return { ok: false };
  const groups = match.slice(1).map((group) => group ?? '');
  return { ok: true, groups, namedGroups: regex.namedGroups(match) };
}

async function lookAtPort(session: Session, spec: WaitSpec, port: number, leftMs: number): Promise<Seen> {
  const host = spec.host ?? DEFAULTS.host;
  const limit = Math.max(
    1,
    Math.min(spec.connectTimeoutMs ?? DEFAULTS.connectTimeoutMs, Math.max(leftMs, 1)),
  );
  const stopped = spec.state === 'stopped' || spec.state === 'absent';
  const stream = await dial(session, host, port, limit);
  if (stream === 'closed' || stream === 'open') return { ok: (stream === 'closed') === stopped };
  try {
    if (stopped) return { ok: false };
    if (spec.searchRegex === undefined) return { ok: true };
    const regex = regexOf(spec.searchRegex);
    return search(regex, await readSome(stream, regex, limit));
  } finally {
    stream.destroy();
  }
}

/** Gives a stream to the port, or `closed`; only `open` or `closed` where forwarding is forbidden. */
async function dial(
  session: Session,
  host: string,
  port: number,
  limitMs: number,
): Promise<Duplex | 'open' | 'closed'> {
  const opening = session.connection.forward(host, port);
  const timer = new AbortController();
  try {
    const late = sleep(limitMs, 'closed' as const, { signal: timer.signal });
    late.catch(() => {});
    const first = await Promise.race([opening, late]);
    if (first === 'closed')
      opening.then(
        (stream) => stream.destroy(),
        () => {},
      );
    return first;
  } catch (thrown) {
    const error = asCutoverError(thrown, 'connect');
    if (error.kind === 'lost') throw error;
    if (error.message.startsWith('forwarding refused')) return portOpenByShell(session, host, port, limitMs);
    return 'closed';
  } finally {
    timer.abort();
  }
}

/** What a server says by itself, until the pattern is found, it stops, or time is up. */
async function readSome(stream: Duplex, regex: Regex, limitMs: number): Promise<string> {
  let text = '';
  const timer = setTimeout(() => stream.destroy(), limitMs);
  try {
    for await (const chunk of stream) {
      text += chunk;
      if (regex.find(text)) break;
    }
  } catch {
    // The server or the time limit ended it: what came until then counts.
  } finally {
    clearTimeout(timer);
  }
  return text;
}

async function lookDrained(session: Session, spec: WaitSpec, port: number): Promise<Seen> {
  const count = await countConnections(session, port, spec);
  return { ok: count === 0 };
}

/** In the words that playbooks compare with. */
function explain(spec: WaitSpec): string {
  const place = spec.path ?? `${spec.host ?? DEFAULTS.host}:${spec.port}`;
  const wish = (): string => {
    if (spec.state === 'drained') return `${place} to drain`;
    if (spec.state === 'stopped' || spec.state === 'absent')
      return `${place} to ${spec.path === undefined ? 'stop' : 'be absent'}.`;
    if (spec.searchRegex !== undefined) return `search string ${spec.searchRegex} in ${place}`;
    return spec.path === undefined ? place : `file ${place}`;
  };
  return `Timeout when waiting for ${wish()}`;
}
