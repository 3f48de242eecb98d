import { CutoverError, type SourcePosition } from '../../errors/index.ts';

/** Cuts hosts into batches as `serial` says: a number, a percentage, or a list of those whose last one repeats. */
export function batchesOf(
  hosts: readonly string[],
  serial: unknown,
  at: SourcePosition | undefined,
): readonly (readonly string[])[] {
  if (serial === undefined || serial === null || serial === 0 || serial === '0') return [hosts];
  const sizes = (Array.isArray(serial) ? serial : [serial]).map((size) => batchSize(size, hosts.length, at));
  const batches: (readonly string[])[] = [];
  for (let start = 0, index = 0; start < hosts.length; index++) {
    const size = sizes[Math.min(index, sizes.length - 1)]!;
    batches.push(hosts.slice(start, start + size));
    start += size;
  }
  return batches;
}

function batchSize(size: unknown, total: number, at: SourcePosition | undefined): number {
  const text = String(size).trim();
  const percent = /^(\d+(?:\.\d+)?)\s*%$/.exec(text);
  const number = percent ? Math.max(1, Math.floor((Number(percent[1]) / 100) * total)) : Number(text);
  if (Number.isInteger(number) && number >= 0) return number === 0 ? total : number;
  throw new CutoverError('playbook', `serial: "${text}" is neither a number nor a percentage`, {
    position: at,
  });
}

/** Puts hosts in the order that a play asks for. Throws CutoverError('playbook') for an unknown one. */
export function orderHosts(hosts: readonly string[], order: string): readonly string[] {
  switch (order) {
    case 'inventory':
      return hosts;
    case 'reverse_inventory':
      return [...hosts].reverse();
    case 'sorted':
      return [...hosts].sort();
    case 'reverse_sorted':
      return [...hosts].sort().reverse();
    case 'shuffle':
      return [...hosts]
        .map((host) => ({ host, key: Math.random() }))
        .sort((a, b) => a.key - b.key)
        .map(({ host }) => host);
    default:
      throw new CutoverError('playbook', `order: "${order}" is not known`, {
        hint: 'inventory, reverse_inventory, sorted, reverse_sorted and shuffle are',
      });
  }
}
