/** Lookups that run a program or reach the network: only where the engine allows effects. */
import { spawnSync } from 'node:child_process';
import { isMapping } from '../../values/index.ts';
import { splitLines } from '../python/strings.ts';
import { str } from '../python/text.ts';
import { type LookupCall, type Lookups, lookup } from './lookup.ts';

const LONGEST_OUTPUT = 64 * 1024 * 1024;
const LONGEST_RUN = 10 * 60_000;

function shell(call: LookupCall, command: string): string {
  const { environment } = call.effects();
  const done = spawnSync('/bin/sh', ['-c', command], {
    encoding: 'utf8',
    env: { ...environment },
    maxBuffer: LONGEST_OUTPUT,
    timeout: LONGEST_RUN,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  if (done.error) return call.fail(`the command cannot run: ${done.error.message}`);
  if (done.status !== 0)
    return call.fail(
      `"${command}" returned ${done.status ?? done.signal}: ${done.stderr.trim().split('\n').at(-1) ?? ''}`,
    );
  return done.stdout;
}

/** Fetches in a child process, since a template cannot wait. The request travels on stdin: its headers may hold secrets. */
const FETCH = `
let input = '';
for await (const part of process.stdin) input += part;
const { url, method, headers, body, timeout } = JSON.parse(input);
try {
  const response = await fetch(url, { method, headers, body, signal: AbortSignal.timeout(timeout) });
  const text = await response.text();
  process.stdout.write(JSON.stringify({ status: response.status, statusText: response.statusText, text }));
} catch (error) {
  process.stdout.write(JSON.stringify({ error: error.cause?.message ?? error.message }));
}`;

function fetchText(call: LookupCall, url: string): string {
  if (!/^https?:\/\//i.test(url))
    return call.fail('only http and https URLs can be read', 'use the file lookup for a file');
  const { environment } = call.effects();
  const headers = call.option('headers');
  const fields: Record<string, string> = isMapping(headers)
    ? Object.fromEntries(Object.entries(headers).map(([key, value]) => [key, str(value)]))
    : {};
  const user = call.text('username', '');
  if (user !== '')
    fields.Authorization = `Basic ${Buffer.from(`${user}:${call.text('password', '')}`).toString('base64')}`;
  const timeout = Number(call.text('timeout', '10')) * 1000;
  const insecure = call.flag('validate_certs', true) ? {} : { NODE_TLS_REJECT_UNAUTHORIZED: '0' };
  const done = spawnSync(process.execPath, ['--input-type=module', '--eval', FETCH], {
    input: JSON.stringify({ url, method: 'GET', headers: fields, timeout }),
    encoding: 'utf8',
    env: { ...environment, ...insecure, NODE_NO_WARNINGS: '1' },
    maxBuffer: LONGEST_OUTPUT,
    timeout: timeout + 10_000,
  });
  if (done.error || done.stdout === '')
    return call.fail(`the URL ${url} cannot be read: ${done.error?.message ?? done.stderr.trim()}`);
  const answer = JSON.parse(done.stdout) as {
    error?: string;
    status: number;
    statusText: string;
    text: string;
  };
  if (answer.error !== undefined) return call.fail(`the URL ${url} cannot be read: ${answer.error}`);
  if (answer.status >= 400) return call.fail(`the URL ${url} answers ${answer.status} ${answer.statusText}`);
  return answer.text;
}

function url(call: LookupCall): unknown[] {
  return call.terms.flatMap((term) => {
    const text = fetchText(call, str(term));
    return call.flag('split_lines', true) ? splitLines(text) : [text];
  });
}

/** Lookups by name. */
export const EFFECT_LOOKUPS: Lookups = {
  lines: lookup('', (call) => call.terms.flatMap((term) => splitLines(shell(call, str(term))))),
  pipe: lookup('', (call) => call.terms.map((term) => shell(call, str(term)).replace(/\s+$/, ''))),
  url: lookup('headers username password timeout validate_certs split_lines use_proxy force http_agent', url),
};
