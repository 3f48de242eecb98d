import { posix } from 'node:path';
import type { HttpReply } from '../resources/index.ts';

/** Gives the name that a server wants a file to have (`Content-Disposition`, RFC 6266), without any folder; undefined when it names none. */
export function nameFromServer(reply: HttpReply): string | undefined {
  const header = reply.headers['content-disposition'] ?? '';
  const [, quoted, plain] = /;\s*filename\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;\s]+))/i.exec(header) ?? [];
  const name = posix.basename(quoted?.replace(/\\(.)/g, '$1') ?? plain ?? '');
  return name === '' || name === '.' || name === '..' ? undefined : name;
}
