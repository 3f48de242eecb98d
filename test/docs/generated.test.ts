import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { describeAll, generatedFiles, staleFiles, withTables } from '../../scripts/docs/files.ts';
import { KEYWORD_LEVELS, KEYWORDS_WITHOUT_EFFECT, keywordSentence } from '../../scripts/docs/keywords.ts';

const root = join(import.meta.dirname, '../..');

describe('the generated documentation', () => {
  it('is what the code says now (else run `node scripts/docs.ts`)', async () => {
    expect(staleFiles(await generatedFiles(root), root)).toEqual([]);
  });

  it('notices a page that changed, one that is missing, and one that nobody needs any more', async () => {
    const files = new Map(await generatedFiles(root));
    const before = staleFiles(files, root);
    const pages = join(root, 'docs/modules');
    files.set(join(pages, 'copy.md'), 'other text');
    files.set(join(pages, 'no_such_module.md'), 'a new page');
    files.delete(join(pages, 'ping.md'));
    const stale = ['copy.md', 'no_such_module.md', 'ping.md'].map((name) => join(pages, name));
    expect(staleFiles(files, root).filter((path) => !before.includes(path))).toEqual(stale);
  });

  it('says of every parameter what it does', async () => {
    const silent = (await describeAll()).flatMap(({ name, parameters }) =>
      parameters.filter(({ description }) => description === '').map((one) => `${name}.${one.name}`),
    );
    expect(silent).toEqual([]);
  });

  it('says of every keyword what it does, and marks only keywords that exist', () => {
    const names = new Set(KEYWORD_LEVELS.flatMap(({ keywords }) => Object.keys(keywords)));
    for (const name of names) expect(keywordSentence(name), name).toMatch(/\.$/);
    expect([...KEYWORDS_WITHOUT_EFFECT].filter((name) => !names.has(name))).toEqual([]);
    expect(() => keywordSentence('no_such_keyword')).toThrow('no sentence for "no_such_keyword"');
  });
});

describe('tables in a page', () => {
  const page = 'before\n<!-- generated: a -->\nold\n<!-- end -->\nafter\n';

  it('take the place of the old ones', () => {
    const filled = 'before\n<!-- generated: a -->\n\nnew\n\n<!-- end -->\nafter\n';
    expect(withTables(page, { a: 'new' })).toBe(filled);
    expect(withTables(filled, { a: 'new' })).toBe(filled);
  });

  it('need a mark, and a mark needs a table', () => {
    expect(() => withTables(page, { a: 'x', b: 'y' })).toThrow('no mark for the tables b');
    expect(() => withTables(page, {})).toThrow('no table is called "a"');
  });
});
