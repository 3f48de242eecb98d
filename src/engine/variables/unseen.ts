import { Unknown } from '../../values/index.ts';
import { mappingView } from './view.ts';

/** What a host would only tell when it is asked: facts, and whatever tasks set on the way. */
export interface Unseen {
  readonly value: Unknown;
  /** Weaker than every other variable: it stands in for what nothing else gives. */
  readonly variables: Readonly<Record<string, unknown>>;
}

/** Makes every fact unknown, and the variables that tasks may set for themselves or for others. */
export function unseen(names: ReadonlySet<string>): Unseen {
  const value = new Unknown('no host was asked', true);
  const stands = (name: string) => name.startsWith('ansible_') || names.has(name);
  return {
    value,
    variables: mappingView(
      (name) => (stands(name) ? { read: () => value } : undefined),
      () => [...names],
    ),
  };
}
