import { createHash, randomBytes } from 'node:crypto';

/** What a request that shall answer a challenge is made of. `path` is the request target, query included. */
export interface Challenged {
  readonly method: string;
  readonly path: string;
  readonly user: string;
  readonly password: string;
}

/** Hashes of RFC 7616 by their names there. */
const HASHES: Readonly<Record<string, string>> = {
  md5: 'md5',
  'sha-256': 'sha256',
  'sha-512-256': 'sha512-256',
};

/**
 * Gives the `Authorization` that answers a Digest challenge of `WWW-Authenticate` (RFC 7616; qop `auth` or none); undefined when there is
 * none in it that can be answered.
 */
export function digestAnswer(
  challenges: string,
  { method, path, user, password }: Challenged,
  cnonce = randomBytes(8).toString('hex'),
): string | undefined {
  const [, list] =
    /\bdigest\s+((?:[\w-]+\s*=\s*(?:"(?:[^"\\]|\\.)*"|[^\s,"]+)\s*,?\s*)+)/i.exec(challenges) ?? [];
  if (list === undefined) return undefined;
  const given = parameters(list);
  const { realm = '', nonce = '', algorithm = 'MD5', opaque, qop } = given;
  const [, name = '', session] = /^(.+?)(-sess)?$/i.exec(algorithm) ?? [];
  const hash = HASHES[name.toLowerCase()];
  const auth = qop === undefined ? undefined : qop.split(',').some((word) => word.trim() === 'auth');
  if (hash === undefined || auth === false) return undefined;
  const digest = (...words: string[]) => createHash(hash).update(words.join(':')).digest('hex');
  const secret = digest(user, realm, password);
  const start = session === undefined ? secret : digest(secret, nonce, cnonce);
  const count = '00000001';
  const about = digest(method, path);
  const response = auth ? digest(start, nonce, count, cnonce, 'auth', about) : digest(start, nonce, about);
  const words = [
    ...Object.entries({ username: user, realm, nonce, uri: path, response }).map(quoted),
    `algorithm=${algorithm}`,
    ...(opaque === undefined ? [] : [quoted(['opaque', opaque])]),
    ...(auth ? ['qop=auth', `nc=${count}`] : []),
    ...(auth || session !== undefined ? [quoted(['cnonce', cnonce])] : []),
  ];
  return `Digest ${words.join(', ')}`;
}

function parameters(list: string): Partial<Record<string, string>> {
  const pairs = list.matchAll(/([\w-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))/g);
  return Object.fromEntries(
    [...pairs].map(([, name, text, word]) => [name!.toLowerCase(), text?.replace(/\\(.)/g, '$1') ?? word!]),
  );
}

const quoted = ([name, value]: readonly [string, string]) => `${name}="${value.replace(/["\\]/g, '\\$&')}"`;
