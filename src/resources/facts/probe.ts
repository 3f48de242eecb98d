import type { Cursor } from '../cursor.ts';
export interface FactsQuery {
  readonly subset: readonly string[];
  readonly factPath: string;
}
export function factsProbeScript(_q: readonly FactsQuery[]): string[] {
  return [];
}
export function readFacts(_c: Cursor, q: readonly FactsQuery[]): Record<string, unknown>[] {
  return q.map(() => ({}));
}
