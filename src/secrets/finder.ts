/** Letters by which words are sorted: none that is found inside of a text is shorter. */
export const SHORTEST_INSIDE_TEXT = 4;

/** Finds any of many words in texts, in a time that hardly depends on how many there are. */
export class WordFinder {
  /** Words of at least SHORTEST_INSIDE_TEXT letters by their first ones, the longest first: they are found anywhere. */
  private readonly inside = new Map<string, string[]>();
  /** Shorter ones are found only where no letter, digit or underscore touches them. */
  private readonly alone = new Set<string>();
  /** Which starts may be in `inside`: most places of a text can be passed by without looking there. */
  private readonly starts = new Uint8Array(1 << 16);

  add(word: string): void {
    if (word === '') return;
    if (word.length < SHORTEST_INSIDE_TEXT) return void this.alone.add(word);
    const start = word.slice(0, SHORTEST_INSIDE_TEXT);
    const words = this.inside.get(start) ?? [];
    if (words.includes(word)) return;
    words.push(word);
    words.sort((a, b) => b.length - a.length);
    this.inside.set(start, words);
    this.starts[startAt(word, 0)] = 1;
  }

  /** Whether any word stands in a text. */
  isIn(text: string): boolean {
    for (let at = 0; at < text.length; at++) if (this.lengthAt(text, at) > 0) return true;
    return false;
  }

  /** Gives a text with every word replaced. Where several begin, the longest counts. */
  replace(text: string, by: string): string {
    let made = '';
    let last = 0;
    for (let at = 0; at < text.length; ) {
      const length = this.lengthAt(text, at);
      if (length > 0) made += text.slice(last, at) + by;
      at += Math.max(1, length);
      if (length > 0) last = at;
    }
    return last === 0 ? text : made + text.slice(last);
  }

  /** Gives how long the word is that begins at a place of a text; 0 when none does. */
  private lengthAt(text: string, at: number): number {
    if (this.starts[startAt(text, at)] === 1) {
      const words = this.inside.get(text.slice(at, at + SHORTEST_INSIDE_TEXT)) ?? [];
      const found = words.find((word) => text.startsWith(word, at));
      if (found !== undefined) return found.length;
    }
    return this.alone.size > 0 && !isLetter(text, at - 1) ? this.aloneAt(text, at) : 0;
  }

  private aloneAt(text: string, at: number): number {
    for (let length = SHORTEST_INSIDE_TEXT - 1; length > 0; length--) {
      const end = at + length;
      if (end <= text.length && !isLetter(text, end) && this.alone.has(text.slice(at, end))) return length;
    }
    return 0;
  }
}

/** A number of 16 bits for the three letters from a place on; 0 where there are fewer. */
function startAt(text: string, at: number): number {
  return (
    (text.charCodeAt(at) * 31 + text.charCodeAt(at + 1) * 1009 + text.charCodeAt(at + 2) * 8191) & 0xffff
  );
}

function isLetter(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return (
    (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || (code >= 48 && code <= 57) || code === 95
  );
}
