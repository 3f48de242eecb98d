import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');
const pages = globSync(['*.md', 'docs/**/*.md', 'playbooks/**/*.md', 'inventory.example/*.md'], {
  cwd: root,
});

/** Text without code, in which brackets mean something else. */
function prose(page: string): string {
  return readFileSync(page, 'utf8').replace(/^```[\s\S]*?^```/gm, '');
}

/** The anchors of a page, as GitHub makes them of headings. */
function anchors(page: string): string[] {
  return [...prose(page).matchAll(/^#+ (.+)$/gm)].map(([, heading]) =>
    heading!
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .trim()
      .replaceAll(' ', '-'),
  );
}

/** Gives what is wrong with the links of a page. */
function broken(page: string): string[] {
  const links = [
    ...prose(page)
      .replace(/`[^`]*`/g, '')
      .matchAll(/\]\(([^)\s]+)\)/g),
  ].map(([, link]) => link!);
  return links
    .filter((link) => !/^[a-z]+:/.test(link))
    .filter((link) => {
      const [path = '', anchor] = link.split('#');
      const target = path === '' ? page : join(dirname(page), path);
      if (!existsSync(target)) return true;
      return anchor !== undefined && !anchors(target).includes(anchor);
    });
}

describe('links between pages', () => {
  it.each(pages)('of %s lead somewhere', (page) => {
    expect(broken(join(root, page))).toEqual([]);
  });

  it.each(['docs/architecture.md', 'CONTRIBUTING.md'])('%s names files that exist', (page) => {
    const named = [...readFileSync(join(root, page), 'utf8').matchAll(/`((?:[\w.-]+\/)+[\w.-]*)/g)].map(
      ([, path]) => path!,
    );
    // Paths of the sources may leave `src/` out; runtime/ is that of the resources, play/ and task/ those of the engine.
    const places = ['', 'src', 'src/resources', 'src/engine'];
    const gone = named.filter((path) => !places.some((place) => existsSync(join(root, place, path))));
    expect(gone.filter((path) => !/NAME|hostsline|^dist\//.test(path))).toEqual([]);
    expect(named.length).toBeGreaterThan(5);
  });
});
