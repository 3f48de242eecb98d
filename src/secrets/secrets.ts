import { SHORTEST_INSIDE_TEXT, WordFinder } from './finder.ts';

/**
 * The secrets of one run. Secrecy follows content: a value is registered once, where it enters (vault, prompt, password
 * setting, `no_log`), and every sink masks it wherever it turns up: as it is, quoted, JSON- or URL-escaped, or in base64.
 * The template evaluator registers what it derives from a secret (`derive`), so `{{ secret | upper }}` is masked too.
 */
export interface Secrets {
  /** Makes a value secret: a string, or every string inside a list or mapping. */
  add(value: unknown): void;
  /**
   * Registers `output` too when `input` holds a secret that `output` no longer shows literally. What was in `input` as it is, names of
   * mappings included, is no secret for that. Cheap when there are no secrets.
   */
  derive(input: unknown, output: unknown): void;
  /** Whether any secret stands in the value (strings inside lists and mappings included). */
  has(value: unknown): boolean;
  /** Gives the text with every secret replaced by `********`. */
  mask(text: string): string;
  /** Gives a copy of plain data with every string masked, keys included. */
  maskDeep<T>(value: T): T;
  /** How many there are; 0 lets callers skip work. */
  readonly size: number;
}

const MASK = '********';

/** Makes an empty set of secrets. */
export function createSecrets(): Secrets {
  return new SecretSet();
}

class SecretSet implements Secrets {
  private readonly values = new Set<string>();
  /** All forms of them. Shorter ones count only where they stand alone, or every "a" of a log would turn into stars. */
  private readonly finder = new WordFinder();

  get size(): number {
    return this.values.size;
  }

  add(value: unknown): void {
    for (const text of strings(value)) {
      if (text.trim() === '' || this.values.has(text)) continue;
      this.remember(text);
      for (const line of text.split('\n')) if (line.trim().length >= 8) this.remember(line.trim());
    }
  }

  private remember(text: string): void {
    this.values.add(text);
    for (const form of forms(text)) this.finder.add(form);
  }

  derive(input: unknown, output: unknown): void {
    if (this.values.size === 0 || !this.has(input)) return;
    const made = [...strings(output)].filter(
      (text) => text.length >= SHORTEST_INSIDE_TEXT && !this.has(text),
    );
    if (made.length === 0) return;
    // What was only picked out of a container that holds a secret elsewhere (`extract` from hostvars, the names of `dict2items`) was no secret there.
    const picked = new Set([...strings(input), ...names(input)]);
    this.add(made.filter((text) => !picked.has(text)));
  }

  has(value: unknown): boolean {
    if (this.values.size === 0) return false;
    for (const text of strings(value)) if (this.values.has(text) || this.finder.isIn(text)) return true;
    return false;
  }

  mask(text: string): string {
    if (this.values.size === 0 || text === '') return text;
    if (this.values.has(text)) return MASK;
    return this.finder.replace(text, MASK);
  }

  maskDeep<T>(value: T): T {
    if (this.values.size === 0) return value;
    return this.maskValue(value) as T;
  }

  private maskValue(value: unknown): unknown {
    if (typeof value === 'string') return this.mask(value);
    if (Array.isArray(value)) return value.map((item) => this.maskValue(item));
    if (typeof value !== 'object' || value === null) return value;
    const prototype = Object.getPrototypeOf(value);
    if (prototype !== Object.prototype && prototype !== null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [this.mask(key), this.maskValue(item)]),
    );
  }
}

/** The ways in which a secret can be written in an output. */
function forms(value: string): Set<string> {
  const out = new Set([value]);
  const json = JSON.stringify(value).slice(1, -1);
  out.add(json);
  out.add(
    json.replace(/[\u0080-\uffff]/g, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`),
  );
  // A list inside a text is written as Python does it: in single quotes.
  const doubled = value.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('\t', '\\t');
  out.add(doubled);
  out.add(doubled.replaceAll("'", "\\'"));
  out.add(encodeURIComponent(value));
  out.add(value.replaceAll("'", `'\\''`));
  out.add(value.replaceAll("'", `'"'"'`));
  if (value.length >= SHORTEST_INSIDE_TEXT) {
    // Base64 of a secret inside a longer text starts at one of three offsets; the letters that touch neighbours are cut off.
    for (const [pad, skip] of [
      ['', 0],
      ['\0', 2],
      ['\0\0', 3],
    ] as const) {
      const encoded = Buffer.from(pad + value)
        .toString('base64')
        .replace(/=+$/, '');
      const whole = Math.floor(((pad.length + Buffer.byteLength(value)) * 8) / 6);
      const middle = encoded.slice(skip, whole);
      if (middle.length >= 6) {
        out.add(middle);
        out.add(middle.replaceAll('+', '-').replaceAll('/', '_'));
      }
    }
    out.add(Buffer.from(value).toString('hex'));
  }
  return out;
}

function* strings(value: unknown): Generator<string> {
  if (typeof value === 'string') yield value;
  else if (typeof value === 'number' && String(value).length >= SHORTEST_INSIDE_TEXT) yield String(value);
  else if (Array.isArray(value)) for (const item of value) yield* strings(item);
  else if (typeof value === 'object' && value !== null)
    for (const item of Object.values(value)) yield* strings(item);
}

/** The names that mappings give their values, also further inside. */
function* names(value: unknown): Generator<string> {
  if (typeof value !== 'object' || value === null) return;
  if (!Array.isArray(value)) yield* Object.keys(value);
  for (const item of Object.values(value)) yield* names(item);
}
