import { CutoverError } from '../../errors/index.ts';
import { shellQuote } from '../quote.ts';
import { appendHostKey, fingerprint, hostName, KnownHosts, keyType } from './known-hosts.ts';
import type { Hop } from './route.ts';

/** The signature algorithms that a key type serves, best first. */
const ALGORITHMS: Readonly<Record<string, readonly string[]>> = {
  'ssh-ed25519': ['ssh-ed25519'],
  'ecdsa-sha2-nistp256': ['ecdsa-sha2-nistp256'],
  'ecdsa-sha2-nistp384': ['ecdsa-sha2-nistp384'],
  'ecdsa-sha2-nistp521': ['ecdsa-sha2-nistp521'],
  'ssh-rsa': ['rsa-sha2-512', 'rsa-sha2-256', 'ssh-rsa'],
};

/** Judges the key that a hop presents, once per connection. */
export class HostKeyCheck {
  /** Why the key was refused. */
  refusal: CutoverError | undefined;
  private readonly hop: Hop;
  private readonly address: string;
  private readonly port: number;

  constructor(hop: Hop) {
    this.hop = hop;
    this.address = hop.knownAs ?? hop.address;
    this.port = hop.knownAs === undefined ? hop.port : 22;
  }

  /** Gives the algorithms to ask for, those of known keys first: a host with several keys must not look changed. */
  algorithms(): string[] {
    const known = new KnownHosts(this.hop.knownHostsFiles).types(this.address, this.port);
    const order = [...known, ...Object.keys(ALGORITHMS)];
    return [...new Set(order.flatMap((type) => ALGORITHMS[type] ?? []))];
  }

  /** Whether the connection may go on. Writes an unknown key down under `accept-new`. */
  accepts(key: Buffer): boolean {
    const { hop } = this;
    const verdict = new KnownHosts(hop.knownHostsFiles).check(this.address, this.port, key);
    const shown = `${keyType(key)} ${fingerprint(key)}`;
    if (verdict.is === 'known') return true;
    if (verdict.is === 'revoked') {
      this.refuse(
        `host key ${shown} is revoked in ${verdict.file}:${verdict.line}`,
        'do not connect; ask who revoked it',
      );
      return false;
    }
    if (hop.hostKeyChecking === 'off') return true;
    const name = hostName(this.address, this.port);
    if (verdict.is === 'other') {
      const remove = `ssh-keygen -R ${shellQuote(name)} -f ${shellQuote(verdict.file)}`;
      this.refuse(
        `the host key changed: it is ${shown}, but ${verdict.file}:${verdict.line} has another ${verdict.type} key`,
        `someone may be in between; if the host was reinstalled, run: ${remove}`,
      );
      return false;
    }
    if (hop.hostKeyChecking === 'accept-new') return this.accept(key);
    const scan = `ssh-keyscan -p ${hop.port} ${shellQuote(hop.address)} >> ${shellQuote(hop.knownHostsFiles[0] ?? '~/.ssh/known_hosts')}`;
    this.refuse(
      `host key ${shown} is not known (looked for ${name} in ${hop.knownHostsFiles.join(', ')})`,
      `compare it with the host's console, then run: ${scan}; or set host key checking to accept-new`,
    );
    return false;
  }

  private accept(key: Buffer): boolean {
    const file = this.hop.knownHostsFiles[0];
    if (file === undefined) return true;
    try {
      appendHostKey(file, this.address, this.port, key);
      return true;
    } catch (cause) {
      this.refuse(
        `cannot write its host key into ${file}: ${(cause as Error).message}`,
        'accept-new must remember keys',
      );
      return false;
    }
  }

  private refuse(what: string, hint: string): void {
    this.refusal = new CutoverError('hostkey', `${this.hop.address}:${this.hop.port}: ${what}`, {
      host: this.hop.name,
      hint,
    });
  }
}
