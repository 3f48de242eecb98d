import { CutoverError } from '../errors/index.ts';

/**
 * Gives the twelve permission bits that `mode` means. Octal text and numbers stand for themselves; symbolic text
 * (`u=rw,g+r,o-x,a=rX`) changes `present`. Throws CutoverError('playbook') for anything else.
 *
 * It differs from chmod as Ansible does (measured with 2.14): `X` and `g=u` look at the mode as it was found, and `=` takes
 * set-id and sticky bits away, from folders too.
 */
export function resolveMode(
  mode: string | number,
  present: number,
  options: { readonly directory: boolean; readonly umask: number },
): number {
  if (typeof mode === 'number') return mode & 0o7777;
  if (/^(0o)?[0-7]{1,5}$/.test(mode)) return Number.parseInt(mode.replace('0o', ''), 8) & 0o7777;
  let bits = present;
  for (const clause of mode.split(',')) bits = applyClause(clause, { bits, found: present }, mode, options);
  return bits;
}

const WHO: Record<string, number> = { u: 0o4700, g: 0o2070, o: 0o1007, a: 0o7777 };

function applyClause(
  clause: string,
  present: { readonly bits: number; readonly found: number },
  whole: string,
  options: { readonly directory: boolean; readonly umask: number },
): number {
  const match = /^([ugoa]*)((?:[-+=](?:[rwxXst]*|[ugo]))+)$/.exec(clause.trim());
  if (!match)
    throw new CutoverError('playbook', `mode '${whole}' is neither octal nor symbolic`, {
      hint: "write '0644' or 'u=rw,g=r,o=r'",
    });
  const named = match[1] ?? '';
  // Without a "who", the umask's bits stay out of it (POSIX chmod).
  const who = named === '' ? 0o7777 & ~options.umask : [...named].reduce((all, w) => all | (WHO[w] ?? 0), 0);
  let { bits } = present;
  for (const [, operator, letters = ''] of match[2]!.matchAll(/([-+=])([rwxXstugo]*)/g)) {
    const wanted = permissions(letters, present.found, options.directory) & who;
    if (operator === '+') bits |= wanted;
    else if (operator === '-') bits &= ~wanted;
    else bits = (bits & ~(named === '' ? 0o7777 : who)) | wanted;
  }
  return bits;
}

function permissions(letters: string, bits: number, directory: boolean): number {
  if (/^[ugo]$/.test(letters)) {
    const shift = { u: 6, g: 3, o: 0 }[letters as 'u' | 'g' | 'o'];
    const three = (bits >> shift) & 7;
    return (three << 6) | (three << 3) | three;
  }
  let out = 0;
  for (const letter of letters) {
    if (letter === 'r') out |= 0o444;
    else if (letter === 'w') out |= 0o222;
    else if (letter === 'x') out |= 0o111;
    else if (letter === 'X') out |= directory || bits & 0o111 ? 0o111 : 0;
    else if (letter === 's') out |= 0o6000;
    else if (letter === 't') out |= 0o1000;
  }
  return out;
}

/** Gives `0644`. */
export function formatMode(mode: number): string {
  return mode.toString(8).padStart(4, '0');
}
