import { describe, expect, it } from 'vitest';
import { EXPRESSIONS } from './tables/expressions.ts';
import { printed } from './tables/table.ts';

describe.each(Object.entries(EXPRESSIONS))('expressions: %s', (_topic, rows) => {
  it.each(rows)('%s', (expression, text) => {
    expect(printed(expression)).toBe(text);
  });
});
