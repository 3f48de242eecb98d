import { expect, it } from 'vitest';
import { templateScope } from '../../src/template/index.ts';
import { scopeOf, templarWith } from './scope.ts';

it('gives templates their times as dates', () => {
  const scope = templateScope(
    { path: 'a.j2', file: import.meta.filename, runDate: new Date(2026, 0, 2, 3, 4, 5) },
    scopeOf({}),
  );
  const text =
    "{{ template_run_date }} {{ template_run_date.strftime('%H') }} {{ template_mtime > template_run_date }}";
  expect(templarWith().renderFile(text, scope, { file: 'a.j2' })).toBe('2026-01-02 03:04:05 03 True');
});
