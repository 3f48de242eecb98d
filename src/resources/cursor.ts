import { decodePath } from './shell.ts';

/** Reads the output of a frame piece by piece. */
export class Cursor {
  private readonly bytes: Buffer;
  private at = 0;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }

  /** Whether everything was read. */
  get ended(): boolean {
    return this.at >= this.bytes.length;
  }

  /** Gives the next line without its end; the rest when there is no end. */
  line(): string {
    const end = this.bytes.indexOf(10, this.at);
    const text = this.bytes.subarray(this.at, end < 0 ? undefined : end);
    this.at = end < 0 ? this.bytes.length : end + 1;
    return decodePath(text);
  }

  /** Gives the lines before the one that is exactly `mark` (each with its end), and steps over it. */
  linesUntil(mark: string): string {
    const line = Buffer.from(`${mark}\n`);
    let end = this.at;
    while (!this.bytes.subarray(end, end + line.length).equals(line)) {
      const next = this.bytes.indexOf(10, end);
      if (next < 0) {
        end = this.bytes.length;
        break;
      }
      end = next + 1;
    }
    const text = decodePath(this.bytes.subarray(this.at, end));
    this.at = Math.min(end + line.length, this.bytes.length);
    return text;
  }

  /** Gives the next bytes. */
  take(count: number): Buffer {
    const piece = this.bytes.subarray(this.at, this.at + count);
    this.at += piece.length;
    return piece;
  }

  /** Gives a part that was printed by co_part_out: its length on a line, then its bytes. */
  part(): Buffer {
    return this.take(Number(this.line().trim()));
  }
}
