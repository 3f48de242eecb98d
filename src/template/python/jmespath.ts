import { TemplateFault } from '../faults.ts';
import { callFunction } from './jmespath-functions.ts';
import { type Token, tokens } from './jmespath-tokens.ts';
import { COMPARE, element, field, flattened, isTrue, itemsOf, slice, valuesOf } from './jmespath-values.ts';
import { dictOf } from './logic.ts';
import { readJson } from './read-json.ts';

/** A reader of one node: gives what an expression selects from a value. */
export type Query = (value: unknown) => unknown;

const cache = new Map<string, Query>();

/** Compiles a query. Throws TemplateFault for a mistake in it. */
export function compileQuery(text: string): Query {
  let found = cache.get(text);
  if (!found) {
    found = new QueryParser(tokens(text)).parse();
    if (cache.size > 500) cache.clear();
    cache.set(text, found);
  }
  return found;
}

/** Binding powers; a projection ends at anything that binds weaker than 10. */
const POWER: Readonly<Record<string, number>> = {
  '|': 1,
  '||': 2,
  '&&': 3,
  '==': 5,
  '!=': 5,
  '<': 5,
  '<=': 5,
  '>': 5,
  '>=': 5,
  '[]': 9,
  '[?': 21,
  '.': 40,
  '[': 55,
  '(': 60,
};

class QueryParser {
  private readonly list: readonly Token[];
  private index = 0;

  constructor(list: readonly Token[]) {
    this.list = list;
  }

  parse(): Query {
    const query = this.expression(0);
    if (this.now.kind !== 'end') this.fail();
    return query;
  }

  private get now(): Token {
    return this.list[this.index]!;
  }

  private next(): Token {
    const token = this.now;
    if (token.kind !== 'end') this.index++;
    return token;
  }

  private fail(): never {
    throw new TemplateFault(`the query cannot be read at "${this.now.text}"`);
  }

  private at(symbol: string): boolean {
    return this.now.kind === 'symbol' && this.now.text === symbol;
  }

  private take(symbol: string): boolean {
    if (!this.at(symbol)) return false;
    this.index++;
    return true;
  }

  private expect(symbol: string): void {
    if (!this.take(symbol)) this.fail();
  }

  private expression(least: number): Query {
    let left = this.prefix();
    while (this.now.kind === 'symbol' && least < (POWER[this.now.text] ?? 0)) left = this.infix(left);
    return left;
  }

  private prefix(): Query {
    const token = this.next();
    switch (token.kind) {
      case 'name':
        return this.at('(') ? this.call(token.text) : field(token.text);
      case 'quoted':
        return field(token.text);
      case 'literal': {
        const value = this.literal(token.text);
        return () => value;
      }
      case 'raw':
        return () => token.text;
      case 'symbol':
        return this.symbol(token.text);
      default:
        this.index = Math.max(0, this.index - 1);
        return this.fail();
    }
  }

  /** An old form allows literals without quotes: `foo` for `"foo"`. */
  private literal(text: string): unknown {
    try {
      return readJson(text);
    } catch {
      return text.trim();
    }
  }

  private symbol(symbol: string): Query {
    switch (symbol) {
      case '@':
        return (value) => value;
      case '*':
        return this.values((value) => value);
      case '!': {
        const operand = this.expression(45);
        return (value) => !isTrue(operand(value));
      }
      case '(': {
        const inner = this.expression(0);
        this.expect(')');
        return inner;
      }
      case '{':
        return this.hash();
      case '[]':
        return this.flatten((value) => value);
      case '[?':
        return this.filter((value) => value);
      case '[':
        return this.bracket((value) => value, true);
      default:
        this.index--;
        return this.fail();
    }
  }

  private infix(left: Query): Query {
    const symbol = this.next().text;
    switch (symbol) {
      case '.':
        return this.dot(left);
      case '[':
        return this.bracket(left, false);
      case '[]':
        return this.flatten(left);
      case '[?':
        return this.filter(left);
      case '|': {
        const right = this.expression(1);
        return (value) => right(left(value));
      }
      case '||': {
        const right = this.expression(2);
        return (value) => {
          const first = left(value);
          return isTrue(first) ? first : right(value);
        };
      }
      case '&&': {
        const right = this.expression(3);
        return (value) => {
          const first = left(value);
          return isTrue(first) ? right(value) : first;
        };
      }
      default: {
        const compare = COMPARE[symbol] ?? this.fail();
        const right = this.expression(5);
        return (value) => compare(left(value), right(value));
      }
    }
  }

  private dot(left: Query): Query {
    if (this.take('*')) return this.values(left);
    const right = this.member();
    return (value) => {
      const found = left(value);
      return found === null || found === undefined ? null : right(found);
    };
  }

  /** What may stand behind a dot. */
  private member(): Query {
    if (this.take('{')) return this.hash();
    if (this.take('[')) return this.multiselect();
    const token = this.now;
    if (token.kind !== 'name' && token.kind !== 'quoted') return this.fail();
    this.index++;
    return token.kind === 'name' && this.at('(') ? this.call(token.text) : field(token.text);
  }

  /** What is applied to every item of a projection. */
  private projected(): Query {
    if (this.now.kind === 'end' || (POWER[this.now.text] ?? 0) < 10) return (value) => value;
    if (this.at('.')) {
      this.index++;
      const first: Query = this.take('*') ? this.values((value) => value) : this.member();
      return this.continued(first);
    }
    return this.continued((value) => value);
  }

  private continued(start: Query): Query {
    let left = start;
    while (this.now.kind === 'symbol' && 20 < (POWER[this.now.text] ?? 0)) left = this.infix(left);
    return left;
  }

  private values(left: Query): Query {
    return valuesOf(left, this.projected());
  }

  private flatten(left: Query): Query {
    return flattened(left, this.projected());
  }

  private filter(left: Query): Query {
    const test = this.expression(0);
    this.expect(']');
    return itemsOf(left, this.projected(), (item) => isTrue(test(item)));
  }

  private bracket(left: Query, isFirst: boolean): Query {
    if (this.now.kind === 'number' || this.at(':')) return this.indexOrSlice(left);
    if (this.at('*') && this.list[this.index + 1]?.text === ']') {
      this.index += 2;
      return itemsOf(left, this.projected());
    }
    if (!isFirst) return this.fail();
    return this.multiselect();
  }

  private indexOrSlice(left: Query): Query {
    const bounds: (number | undefined)[] = [undefined];
    while (!this.at(']')) {
      if (this.take(':')) bounds.push(undefined);
      else if (this.now.kind === 'number') bounds[bounds.length - 1] = Number(this.next().text);
      else this.fail();
    }
    this.expect(']');
    if (bounds.length > 3) this.fail();
    if (bounds.length === 1) return element(left, bounds[0] ?? 0);
    return itemsOf((value) => slice(left(value), bounds), this.projected());
  }

  private multiselect(): Query {
    const parts = this.separated(']', () => this.expression(0));
    return (value) => (value === null ? null : parts.map((part) => part(value) ?? null));
  }

  private hash(): Query {
    const parts = this.separated('}', () => {
      const key = this.next();
      if (key.kind !== 'name' && key.kind !== 'quoted') this.fail();
      this.expect(':');
      return [key.text, this.expression(0)] as const;
    });
    return (value) =>
      value === null ? null : dictOf(parts.map(([key, part]) => [key, part(value) ?? null]));
  }

  private call(name: string): Query {
    this.expect('(');
    const parts = this.separated(')', () =>
      this.take('&')
        ? { reference: true, query: this.expression(0) }
        : { reference: false, query: this.expression(0) },
    );
    return (value) =>
      callFunction(
        name,
        parts.map(({ reference, query }) => (reference ? query : (query(value) ?? null))),
      );
  }

  private separated<T>(close: string, read: () => T): T[] {
    const items: T[] = [];
    while (!this.at(close)) {
      items.push(read());
      if (!this.take(',')) break;
    }
    this.expect(close);
    return items;
  }
}
