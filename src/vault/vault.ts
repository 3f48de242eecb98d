import { createHash } from 'node:crypto';
import { CutoverError, didYouMean, type SourcePosition } from '../errors/index.ts';
import {
  BadEnvelope,
  type Envelope,
  isEncrypted,
  openEnvelope,
  parseEnvelope,
  sealEnvelope,
} from './format.ts';
import { DEFAULT_LABEL, readPassword, type VaultIdentity } from './passwords.ts';

/** What a vault is made with. */
export interface VaultOptions {
  /** In the order of the command line. */
  readonly ids: readonly VaultIdentity[];
  /** Told about every password, and about what `decryptValue` gives. */
  readonly secrets?: { add(value: unknown): void };
  /** The label whose password encrypts. Needed when there is more than one. */
  readonly encryptLabel?: string;
  /** Try only the passwords whose label is that of the text (ansible.cfg `vault_id_match`). Default: those first, then all others. */
  readonly matchLabelsOnly?: boolean;
  /** Folder of relative password files. Default: the process's. */
  readonly cwd?: string;
}

/** What was in a vault text, and whose password opened it. */
export interface Opened {
  readonly bytes: Buffer;
  /** Label of the password that opened it. */
  readonly label: string;
  /** Label that the text itself carries (format 1.2). */
  readonly textLabel: string | undefined;
}

/** Opens and makes Ansible Vault texts. Passwords are read when they are first needed and kept in memory only. */
export interface Vault {
  readonly labels: readonly string[];
  isEncrypted(content: string | Uint8Array): boolean;
  /** Gives the plain text. Throws CutoverError('vault'). Does not make it secret: a whole file is more than its secrets. */
  decryptText(text: string, position?: SourcePosition): string;
  /** Gives the plain text of a single value (`!vault`), and registers it as a secret. Throws CutoverError('vault'). */
  decryptValue(text: string, position?: SourcePosition): string;
  /** Gives the plain bytes, and whose password it was. Throws CutoverError('vault'). */
  open(text: string, position?: SourcePosition): Opened;
  /** Makes a vault text that ends in a newline. Throws CutoverError('vault') when it is not clear which password to use. */
  encryptText(plain: string | Uint8Array, options?: { readonly label?: string }): string;
}

/** Makes a vault. Prompts are asked at once, in order; files and scripts are read when first needed. */
export async function createVault(options: VaultOptions): Promise<Vault> {
  const keys: VaultKey[] = [];
  for (const id of options.ids) {
    const label = id.label ?? DEFAULT_LABEL;
    const given = 'prompt' in id ? await id.prompt(label) : 'password' in id ? id.password : undefined;
    if (given === '') throw new CutoverError('vault', `the password of the vault id "${label}" is empty`);
    keys.push(new VaultKey(label, id, given, options));
  }
  return new KeyedVault(keys, options);
}

class VaultKey {
  readonly label: string;
  private readonly id: VaultIdentity;
  private readonly options: VaultOptions;
  private known: Buffer | undefined;

  constructor(label: string, id: VaultIdentity, password: string | undefined, options: VaultOptions) {
    this.label = label;
    this.id = id;
    this.options = options;
    if (password !== undefined) this.keep(Buffer.from(password));
  }

  password(): Buffer {
    if (this.known) return this.known;
    if ('file' in this.id)
      return this.keep(readPassword(this.id.file, this.label, { cwd: this.options.cwd }));
    if ('script' in this.id)
      return this.keep(readPassword(this.id.script, this.label, { run: true, cwd: this.options.cwd }));
    throw new CutoverError('internal', `the vault id "${this.label}" has no source`);
  }

  private keep(password: Buffer): Buffer {
    this.known = password;
    this.options.secrets?.add(password.toString());
    return password;
  }
}

class KeyedVault implements Vault {
  readonly labels: readonly string[];
  private readonly keys: readonly VaultKey[];
  private readonly options: VaultOptions;
  /** By hash of the text: the same value is asked for once per host, and each opening costs milliseconds. */
  private readonly opened = new Map<string, Opened>();

  constructor(keys: readonly VaultKey[], options: VaultOptions) {
    this.keys = keys;
    this.options = options;
    this.labels = keys.map((key) => key.label);
  }

  isEncrypted(content: string | Uint8Array): boolean {
    return isEncrypted(content);
  }

  decryptText(text: string, position?: SourcePosition): string {
    return this.open(text, position).bytes.toString();
  }

  decryptValue(text: string, position?: SourcePosition): string {
    const plain = this.decryptText(text, position);
    this.options.secrets?.add(plain);
    return plain;
  }

  open(text: string, position?: SourcePosition): Opened {
    const id = createHash('sha256').update(text).digest('base64');
    let found = this.opened.get(id);
    if (!found) {
      found = this.tryKeys(parse(text, position), position);
      this.opened.set(id, found);
    }
    return found;
  }

  encryptText(plain: string | Uint8Array, options: { readonly label?: string } = {}): string {
    const key = this.encryptionKey(options.label ?? this.options.encryptLabel);
    const bytes = typeof plain === 'string' ? Buffer.from(plain) : plain;
    return sealEnvelope(bytes, key.password(), key.label === DEFAULT_LABEL ? undefined : key.label);
  }

  private encryptionKey(label: string | undefined): VaultKey {
    const [first, second] = this.keys;
    if (!first) throw noPassword(undefined, undefined);
    if (label === undefined && second) {
      throw new CutoverError('vault', `there are several vault ids (${this.labels.join(', ')})`, {
        hint: 'say which one encrypts with --encrypt-vault-id',
      });
    }
    const key = label === undefined ? first : this.keys.find((each) => each.label === label);
    if (key) return key;
    throw new CutoverError('vault', `there is no vault id "${label}"`, {
      hint: didYouMean(label!, this.labels) ?? `known are ${this.labels.join(', ')}`,
    });
  }

  private tryKeys(envelope: Envelope, position: SourcePosition | undefined): Opened {
    const { label } = envelope;
    if (this.keys.length === 0) throw noPassword(label, position);
    const matching = this.keys.filter((key) => key.label === (label ?? DEFAULT_LABEL));
    const others = this.options.matchLabelsOnly ? [] : this.keys.filter((key) => !matching.includes(key));
    const failures: CutoverError[] = [];
    for (const key of [...matching, ...others]) {
      try {
        const bytes = openEnvelope(envelope, key.password());
        if (bytes) return { bytes, label: key.label, textLabel: label };
      } catch (thrown) {
        if (thrown instanceof BadEnvelope) throw new CutoverError('vault', thrown.message, { position });
        if (!(thrown instanceof CutoverError)) throw thrown;
        failures.push(thrown);
      }
    }
    if (failures[0]) throw placed(failures[0], position);
    const tried = [...matching, ...others].map((key) => key.label);
    const labelled = label === undefined ? '' : ` (the text is labelled "${label}")`;
    throw new CutoverError('vault', `no vault password opens it${labelled}`, {
      position,
      hint:
        tried.length === 0
          ? 'no password has that label'
          : `tried: ${tried.join(', ')}; or the text was damaged`,
    });
  }
}

function parse(text: string, position: SourcePosition | undefined): Envelope {
  try {
    return parseEnvelope(text);
  } catch (thrown) {
    if (thrown instanceof BadEnvelope) throw new CutoverError('vault', thrown.message, { position });
    throw thrown;
  }
}

function placed(error: CutoverError, position: SourcePosition | undefined): CutoverError {
  return new CutoverError('vault', error.message, { position, hint: error.hint, cause: error });
}

function noPassword(label: string | undefined, position: SourcePosition | undefined): CutoverError {
  const labelled = label === undefined ? '' : ` (vault id "${label}")`;
  return new CutoverError('vault', `this is encrypted${labelled} and no vault password was given`, {
    position,
    hint: 'use --vault-password-file, --vault-id or --ask-vault-pass',
  });
}
