import { CutoverError } from '../../errors/index.ts';
import { Cursor } from '../cursor.ts';
import { complaint } from '../session.ts';
import { quote } from '../shell.ts';
import type { HttpSpec } from '../specs.ts';
import type { Session } from '../types.ts';
import type { Answer, Sent } from './exchange.ts';

/** Makes one request with the target's curl. Everything that may be secret goes by its configuration on stdin or by files, never by arguments. Throws CutoverError('connect') when there is no curl, or no answer. */
export async function curlExchange(
  session: Session,
  url: URL,
  spec: HttpSpec,
  sent: Sent,
  deadline: number,
): Promise<Answer> {
  const folder = session.lane.folder;
  const parts: Buffer[] = [];
  let offset = 0;
  const blob = (data: Buffer | string) => {
    const bytes = Buffer.from(data);
    parts.push(bytes);
    offset += bytes.length;
    return `co_blob ${offset - bytes.length} ${bytes.length}`;
  };
  const seconds = Math.max(1, (deadline - Date.now()) / 1000);
  const config = [
    ['url', url.href],
    ['request', sent.method],
    ['max-time', seconds.toFixed(1)],
    ...Object.entries(sent.headers)
      .filter(([name]) => !['host', 'content-length', 'connection'].includes(name))
      .map(([name, value]) => ['header', `${name}: ${value}`]),
    ...(spec.validateCerts === false ? [['insecure', '']] : []),
    ...(spec.ca ? [['cacert', `${folder}/http-ca`]] : []),
    ...(spec.clientCert ? [['cert', `${folder}/http-cert`]] : []),
    ...(spec.clientKey ? [['key', `${folder}/http-key`]] : []),
    ...(sent.body ? [['data-binary', `@${folder}/http-in`]] : []),
    ...(sent.method === 'HEAD' ? [['head', '']] : []),
  ].map(([name, value]) => (value === '' ? `${name}\n` : `${name} = "${escapeConfig(value!)}"\n`));
  const write = (name: string, data: Buffer | string | undefined) =>
    data === undefined ? [] : [`${blob(data)} >${quote(`${folder}/${name}`)}`];
  const script = [
    `co_dir=${quote(folder)}`,
    'command -v curl >/dev/null 2>&1 || exit 77',
    'umask 077',
    ...write('http-in', sent.body),
    ...write('http-ca', spec.ca),
    ...write('http-cert', spec.clientCert),
    ...write('http-key', spec.clientKey),
    `${blob(config.join(''))} | curl -q -sS -D "$co_dir/http-head" -o "$co_dir/http-out" -K - 2>"$co_dir/http-err"`,
    'co_rc=$?',
    'for co_f in head out err; do : >>"$co_dir/http-$co_f"; done',
    'co_part_out cat "$co_dir/http-head"; co_part_out cat "$co_dir/http-out"; co_part_out cat "$co_dir/http-err"',
    'rm -f "$co_dir"/http-*; exit $co_rc',
  ].join('\n');
  const result = await session.lane.run({ script, payload: Buffer.concat(parts) });
  if (result.code === 77)
    throw new CutoverError(
      'connect',
      'sshd forbids forwarding and the host has no curl, so nothing can be asked from its place',
      {
        host: session.connection.host,
        hint: 'allow AllowTcpForwarding local, or install curl',
      },
    );
  const cursor = new Cursor(result.stdout);
  const [head, body, said] = [cursor.part(), cursor.part(), cursor.part()];
  if (result.code === 28)
    throw new CutoverError('timeout', `no answer within ${(spec.timeoutMs ?? 30_000) / 1000} s`);
  if (result.code !== 0)
    throw new CutoverError(
      'connect',
      (complaint(said) ?? `curl ended with ${result.code}`).replace(/^curl: /, ''),
    );
  // With --head curl writes the head where the body would go.
  const kept = sent.method === 'HEAD' ? Buffer.alloc(0) : Buffer.from(body.subarray(0, spec.maxBodyBytes));
  return readHead(head.toString('latin1'), kept);
}

/** A value between double quotes in a curl configuration (man curl, --config). */
function escapeConfig(value: string): string {
  return value
    .replace(/[\\"]/g, '\\$&')
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r')
    .replaceAll('\t', '\\t');
}

/** The last block of header lines: blocks before it are `100 Continue` and the like. */
function readHead(text: string, body: Buffer): Answer {
  const blocks = text.split(/\r?\n\r?\n/).filter((block) => block.startsWith('HTTP/'));
  const [first = '', ...lines] = (blocks.at(-1) ?? '').split(/\r?\n/);
  const [, status, reason = ''] = /^HTTP\/\S+ (\d+) ?(.*)$/.exec(first) ?? [];
  const rawHeaders = lines.flatMap((line) => {
    const colon = line.indexOf(':');
    return colon < 0 ? [] : [line.slice(0, colon), line.slice(colon + 1).trim()];
  });
  return { status: Number(status ?? 0), reason, rawHeaders, body };
}
