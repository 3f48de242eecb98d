import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  pbkdf2Sync,
  randomBytes,
  timingSafeEqual,
} from 'node:crypto';

/**
 * The text form of Ansible Vault 1.1 and 1.2 with AES256
 * (https://docs.ansible.com/ansible/latest/vault_guide/vault_using_encrypted_content.html, "Ansible Vault payload format"):
 * a header line, then hex in lines of 80. Unhexed once it is three hex lines: salt, HMAC-SHA256, ciphertext.
 */

/** A vault text taken apart. */
export interface Envelope {
  readonly version: '1.1' | '1.2';
  /** The vault id of a 1.2 header. */
  readonly label: string | undefined;
  readonly salt: Buffer;
  readonly hmac: Buffer;
  readonly ciphertext: Buffer;
}

/** Why a vault text cannot be taken apart. `message` is a sentence without a place. */
export class BadEnvelope extends Error {}

const HEADER = '$ANSIBLE_VAULT;';
const LINE = 80;
const ITERATIONS = 10_000;

/** Whether a text or the bytes of a file start as a vault does. */
export function isEncrypted(content: string | Uint8Array): boolean {
  if (typeof content === 'string') return content.trimStart().startsWith(HEADER);
  return Buffer.from(content.buffer, content.byteOffset, Math.min(content.byteLength, 64))
    .toString('latin1')
    .startsWith(HEADER);
}

/** Takes a vault text apart. Throws BadEnvelope. */
export function parseEnvelope(text: string): Envelope {
  const [first = '', ...rest] = text.trim().split(/\r?\n/);
  const [, version, cipher, label] = first.trim().split(';');
  if (!first.startsWith(HEADER))
    throw new BadEnvelope('the text is not a vault: it does not start with $ANSIBLE_VAULT');
  if (version !== '1.1' && version !== '1.2')
    throw new BadEnvelope(`vault version "${version}" is not known`);
  if (cipher !== 'AES256') throw new BadEnvelope(`the vault cipher "${cipher ?? ''}" is not known`);
  const inner = unhex(rest.map((line) => line.trim()).join(''), 'body').toString('latin1');
  const parts = inner.split('\n');
  if (parts.length !== 3)
    throw new BadEnvelope('the vault text is damaged: it must hold salt, checksum and content');
  const [salt, hmac, ciphertext] = [
    unhex(parts[0]!, 'salt'),
    unhex(parts[1]!, 'checksum'),
    unhex(parts[2]!, 'content'),
  ];
  if (hmac.length !== 32 || salt.length === 0)
    throw new BadEnvelope('the vault text is damaged: the checksum has the wrong length');
  return { version, label: version === '1.2' ? label : undefined, salt, hmac, ciphertext };
}

/** Gives the plain bytes, or undefined when the password is not the right one. Throws BadEnvelope when the content is damaged. */
export function openEnvelope(envelope: Envelope, password: Uint8Array): Buffer | undefined {
  const keys = deriveKeys(password, envelope.salt);
  const hmac = createHmac('sha256', keys.sign).update(envelope.ciphertext).digest();
  if (!timingSafeEqual(hmac, envelope.hmac)) return undefined;
  const decipher = createDecipheriv('aes-256-ctr', keys.encrypt, keys.counter);
  const padded = Buffer.concat([decipher.update(envelope.ciphertext), decipher.final()]);
  const padding = padded.at(-1) ?? 0;
  if (padding < 1 || padding > 16 || padding > padded.length)
    throw new BadEnvelope('the vault text is damaged: wrong padding');
  return padded.subarray(0, padded.length - padding);
}

/** Makes a vault text, with a 1.2 header when there is a label and a salt of chance when none is given. It ends in a newline. */
export function sealEnvelope(
  plain: Uint8Array,
  password: Uint8Array,
  label: string | undefined,
  given?: string,
): string {
  const salt = given === undefined ? randomBytes(32) : Buffer.from(given);
  const keys = deriveKeys(password, salt);
  const padding = 16 - (plain.byteLength % 16);
  const cipher = createCipheriv('aes-256-ctr', keys.encrypt, keys.counter);
  const ciphertext = Buffer.concat([
    cipher.update(plain),
    cipher.update(Buffer.alloc(padding, padding)),
    cipher.final(),
  ]);
  const hmac = createHmac('sha256', keys.sign).update(ciphertext).digest();
  const inner = [salt, hmac, ciphertext].map((part) => part.toString('hex')).join('\n');
  const lines = Buffer.from(inner, 'latin1')
    .toString('hex')
    .match(new RegExp(`.{1,${LINE}}`, 'g'))!;
  const header = label === undefined ? `${HEADER}1.1;AES256` : `${HEADER}1.2;AES256;${label}`;
  return `${[header, ...lines].join('\n')}\n`;
}

function deriveKeys(
  password: Uint8Array,
  salt: Uint8Array,
): { encrypt: Buffer; sign: Buffer; counter: Buffer } {
  const derived = pbkdf2Sync(password, salt, ITERATIONS, 80, 'sha256');
  return { encrypt: derived.subarray(0, 32), sign: derived.subarray(32, 64), counter: derived.subarray(64) };
}

function unhex(text: string, what: string): Buffer {
  if (text.length === 0 || text.length % 2 !== 0 || !/^[0-9a-fA-F]+$/.test(text))
    throw new BadEnvelope(`the vault text is damaged: its ${what} is not complete`);
  return Buffer.from(text, 'hex');
}
