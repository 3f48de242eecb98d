/**
 * SFTP version 3 on the wire (draft-ietf-secsh-filexfer-02), the version that OpenSSH speaks.
 *
 * ssh2 has an SFTP server class, but it cannot announce extensions, and clients that write safely need
 * `posix-rename@openssh.com` and `fsync@openssh.com`.
 */

/** Request types. */
export const REQUEST = {
  INIT: 1,
  OPEN: 3,
  CLOSE: 4,
  READ: 5,
  WRITE: 6,
  LSTAT: 7,
  FSTAT: 8,
  SETSTAT: 9,
  FSETSTAT: 10,
  OPENDIR: 11,
  READDIR: 12,
  REMOVE: 13,
  MKDIR: 14,
  RMDIR: 15,
  REALPATH: 16,
  STAT: 17,
  RENAME: 18,
  READLINK: 19,
  SYMLINK: 20,
  EXTENDED: 200,
} as const;

/** Response types. */
export const RESPONSE = { VERSION: 2, STATUS: 101, HANDLE: 102, DATA: 103, NAME: 104, ATTRS: 105 } as const;

/** Status codes. */
export const STATUS = {
  OK: 0,
  EOF: 1,
  NO_SUCH_FILE: 2,
  PERMISSION_DENIED: 3,
  FAILURE: 4,
  BAD_MESSAGE: 5,
  OP_UNSUPPORTED: 8,
} as const;

/** File attributes; times are seconds since 1970. */
export interface Attributes {
  readonly size?: number;
  readonly uid?: number;
  readonly gid?: number;
  readonly mode?: number;
  readonly atime?: number;
  readonly mtime?: number;
}

const FLAG = { SIZE: 1, OWNER: 2, MODE: 4, TIMES: 8, EXTENDED: 0x80000000 } as const;

/** The limit of OpenSSH's sftp-server (sftp-common.h). */
const LONGEST_PACKET = 256 * 1024;

/** Cuts a byte stream into packets. */
export class PacketReader {
  #chunks: Buffer[] = [];
  #held = 0;

  /** Gives the packets (type byte first) that are complete now. Throws for a packet beyond the limit. */
  push(chunk: Buffer): Buffer[] {
    this.#chunks.push(chunk);
    this.#held += chunk.length;
    const packets: Buffer[] = [];
    while (this.#held >= 4) {
      if (this.#chunks[0]!.length < 4) this.#gather();
      const length = this.#chunks[0]!.readUInt32BE(0);
      if (length === 0 || length > LONGEST_PACKET) throw new Error(`SFTP packet of ${length} bytes`);
      if (this.#held < 4 + length) break;
      if (this.#chunks[0]!.length < 4 + length) this.#gather();
      const head = this.#chunks[0]!;
      packets.push(head.subarray(4, 4 + length));
      this.#chunks[0] = head.subarray(4 + length);
      this.#held -= 4 + length;
      if (this.#chunks[0]!.length === 0) this.#chunks.shift();
    }
    return packets;
  }

  #gather(): void {
    this.#chunks = [Buffer.concat(this.#chunks)];
  }
}

/** Reads the fields of one packet in order. Throws RangeError when the packet is too short. */
export class FieldReader {
  readonly #bytes: Buffer;
  #at: number;

  constructor(bytes: Buffer, start: number) {
    this.#bytes = bytes;
    this.#at = start;
  }

  uint32(): number {
    this.#at += 4;
    return this.#bytes.readUInt32BE(this.#at - 4);
  }

  uint64(): number {
    this.#at += 8;
    return Number(this.#bytes.readBigUInt64BE(this.#at - 8));
  }

  bytes(): Buffer {
    const length = this.uint32();
    if (this.#at + length > this.#bytes.length) throw new RangeError('short SFTP packet');
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }

  text(): string {
    return this.bytes().toString('utf8');
  }

  attributes(): Attributes {
    const flags = this.uint32();
    const size = flags & FLAG.SIZE ? { size: this.uint64() } : {};
    const owner = flags & FLAG.OWNER ? { uid: this.uint32(), gid: this.uint32() } : {};
    const mode = flags & FLAG.MODE ? { mode: this.uint32() } : {};
    const times = flags & FLAG.TIMES ? { atime: this.uint32(), mtime: this.uint32() } : {};
    return { ...size, ...owner, ...mode, ...times };
  }
}

/** Gives a four-byte number. */
export function uint32(value: number): Buffer {
  const bytes = Buffer.allocUnsafe(4);
  bytes.writeUInt32BE(value >>> 0);
  return bytes;
}

/** Gives a length-prefixed string field. */
export function field(value: string | Buffer): Buffer {
  const bytes = typeof value === 'string' ? Buffer.from(value) : value;
  return Buffer.concat([uint32(bytes.length), bytes]);
}

/** Gives an ATTRS field; all four groups are always known here. */
export function attributesField(stat: Required<Attributes>): Buffer {
  const bytes = Buffer.allocUnsafe(32);
  bytes.writeUInt32BE(FLAG.SIZE | FLAG.OWNER | FLAG.MODE | FLAG.TIMES, 0);
  bytes.writeBigUInt64BE(BigInt(stat.size), 4);
  bytes.writeUInt32BE(stat.uid, 12);
  bytes.writeUInt32BE(stat.gid, 16);
  bytes.writeUInt32BE(stat.mode, 20);
  bytes.writeUInt32BE(Math.floor(stat.atime) >>> 0, 24);
  bytes.writeUInt32BE(Math.floor(stat.mtime) >>> 0, 28);
  return bytes;
}

/** Gives a whole packet, length first. */
export function packet(type: number, ...fields: readonly Buffer[]): Buffer {
  const body = fields.reduce((sum, one) => sum + one.length, 1);
  const head = Buffer.allocUnsafe(5);
  head.writeUInt32BE(body, 0);
  head[4] = type;
  return Buffer.concat([head, ...fields], body + 4);
}
