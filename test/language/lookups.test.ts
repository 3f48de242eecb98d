import { describe, expect, it } from 'vitest';
import { LOOKUPS } from './tables/lookups.ts';
import { printed } from './tables/table.ts';

describe.each(Object.entries(LOOKUPS))('lookups: %s', (_topic, rows) => {
  it.each(rows)('%s', (expression, text) => {
    expect(printed(expression)).toBe(text);
  });
});
