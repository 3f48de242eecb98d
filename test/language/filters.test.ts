import { describe, expect, it } from 'vitest';
import { FILTERS } from './tables/filters.ts';
import { printed } from './tables/table.ts';

describe.each(Object.entries(FILTERS))('filters: %s', (_topic, rows) => {
  it.each(rows)('%s', (expression, text) => {
    expect(printed(expression)).toBe(text);
  });
});
