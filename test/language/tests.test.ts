import { describe, expect, it } from 'vitest';
import { printed } from './tables/table.ts';
import { TESTS } from './tables/tests.ts';

describe.each(Object.entries(TESTS))('tests: %s', (_topic, rows) => {
  it.each(rows)('%s', (expression, text) => {
    expect(printed(expression)).toBe(text);
  });
});
