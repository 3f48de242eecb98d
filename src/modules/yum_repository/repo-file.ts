/** Name -> option -> value of a `.repo` file, sections in their order. */
export type RepoFile = Map<string, Map<string, string>>;

/**
 * Reads a `.repo` file the way yum does (it is Python's configparser): `=` or `:` after a name, names in lower case, lines
 * that are indented go on with the value. Gives what is wrong with it when it cannot be read.
 */
export function readRepoFile(text: string): RepoFile | { readonly fault: string } {
  const sections: RepoFile = new Map();
  let section: Map<string, string> | undefined;
  let option: string | undefined;
  for (const [index, line] of text.split('\n').entries()) {
    if (/^\s*(?:[#;]|$)/.test(line)) {
      if (line.trim() === '' && section && option !== undefined) {
        section.set(option, `${section.get(option)}\n`);
      }
      continue;
    }
    if (/^\s/.test(line) && section && option !== undefined) {
      section.set(option, `${section.get(option)}\n${line.trim()}`);
      continue;
    }
    const header = /^\[([^\]]+)\]/.exec(line.trim());
    option = undefined;
    if (header) {
      if (sections.has(header[1]!)) return { fault: `line ${index + 1}: a second section [${header[1]}]` };
      section = new Map();
      sections.set(header[1]!, section);
      continue;
    }
    const [, name, value] = /^(.*?)\s*[=:]\s*(.*)$/.exec(line.trim()) ?? [];
    if (!section) return { fault: `line ${index + 1} stands before the first section` };
    if (!name) return { fault: `line ${index + 1} is no option` };
    option = name.toLowerCase();
    if (section.has(option)) return { fault: `line ${index + 1}: a second "${option}"` };
    section.set(option, value!);
  }
  for (const options of sections.values()) {
    for (const [name, value] of options) options.set(name, value.trimEnd());
  }
  return sections;
}

/** Writes one, options by name. Comments are gone: yum's own tools do not keep them either. */
export function writeRepoFile(sections: RepoFile): string {
  return [...sections]
    .map(([name, options]) => {
      const lines = [...options].sort(([a], [b]) => (a < b ? -1 : 1)).map(line);
      return `[${name}]\n${lines.join('')}\n`;
    })
    .join('');
}

function line([name, value]: [string, string]): string {
  return `${name} = ${value.replaceAll('\n', '\n\t')}\n`;
}

/** Whether two say the same, whatever their order. */
export function sameRepositories(one: RepoFile, other: RepoFile): boolean {
  const plain = (file: RepoFile) => writeRepoFile(new Map([...file].sort(([a], [b]) => (a < b ? -1 : 1))));
  return plain(one) === plain(other);
}
