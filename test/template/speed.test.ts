import { describe, expect, it } from 'vitest';
import { scopeOf, templarWith } from './scope.ts';

const LINES = Array.from(
  { length: 250 },
  (_, index) => `line ${index} {{ host.name | upper }} {{ items[${index % 5}].value + ${index} }}
{% if host.port > ${index} %}
listen {{ host.port | default(80) | int }}; # {{ host.tags | join(', ') }}
{% endif %}`,
).join('\n');

describe('speed', () => {
  it('renders 1,000 lines in under 50 ms after the first time', () => {
    const templar = templarWith();
    const scope = scopeOf({
      host: { name: 'web1', port: 100, tags: ['a', 'b'] },
      items: Array.from({ length: 5 }, (_, value) => ({ value })),
    });
    const render = (): unknown => templar.renderFile(LINES, scope, { file: 'big.j2' });
    const first = render();
    expect(String(first)).toContain('line 249 WEB1 253');
    const times = Array.from({ length: 5 }, () => {
      const started = performance.now();
      render();
      return performance.now() - started;
    });
    // The best of five: other work on the machine must not fail the test.
    expect(Math.min(...times)).toBeLessThan(50);
  });
});
