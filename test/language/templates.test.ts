import { describe, expect, it } from 'vitest';
import { scopeOf, tableTemplar, VARIABLES } from './tables/table.ts';
import { TEMPLATES } from './tables/templates.ts';

describe.each(Object.entries(TEMPLATES))('templates: %s', (_topic, rows) => {
  it.each(rows)('%j', (text, result) => {
    // A template file is always text, and reads backslashes as Jinja does: the rows hold none.
    const made = tableTemplar().renderFile(text, scopeOf(VARIABLES), { file: '/templates/row.j2' });
    expect(made).toBe(result);
  });
});
