/** What facts.sh printed, taken apart. */
export class RawFacts {
  private readonly parts = new Map<string, string>();
  private readonly byPath = new Map<string, string[]>();

  constructor(output: string, token: string) {
    for (const block of output.split(`\n#${token} `).slice(1)) {
      const end = block.indexOf('\n');
      this.parts.set(block.slice(0, end), block.slice(end + 1));
    }
    for (const line of (this.parts.get('files') ?? '').split('\n')) {
      const colon = line.indexOf(':');
      if (colon < 0) continue;
      const path = line.slice(0, colon);
      const lines = this.byPath.get(path) ?? [];
      this.byPath.set(path, lines);
      lines.push(line.slice(colon + 1));
    }
  }

  /** The lines of a part without empty ones. */
  lines(part: string): string[] {
    return this.text(part)
      .split('\n')
      .filter((line) => line !== '');
  }

  /** A part as it came. */
  text(part: string): string {
    return this.parts.get(part) ?? '';
  }

  /** Names of all parts. */
  get names(): string[] {
    return [...this.parts.keys()];
  }

  /** The lines of one of the files that were read; none when it is not there. */
  file(path: string): readonly string[] {
    return this.byPath.get(path) ?? [];
  }

  /** The first line of a file, trimmed. */
  first(path: string): string | undefined {
    return this.byPath.get(path)?.[0]?.trim();
  }

  /** Paths of the files that were read. */
  get paths(): string[] {
    return [...this.byPath.keys()];
  }

  /** Whether a program or path of the list in facts.sh is there. */
  has(thing: string): boolean {
    return this.lines('there').includes(thing);
  }
}
