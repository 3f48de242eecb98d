/** What `meta: refresh_inventory` changes of a play that goes on. */
import type { PlayContext } from '../context.ts';

/** Hosts of plays whose inventory was read again: those that match now. */
const matching = new WeakMap<PlayContext, readonly string[]>();

/** Remembers which hosts a play means now. */
export function rematch(play: PlayContext, hosts: readonly string[]): void {
  matching.set(play, hosts);
}

/** Hosts of the play as its variables name them. */
export function playHosts(play: PlayContext): readonly string[] {
  return matching.get(play) ?? play.allHosts;
}

/** Hosts of the batch as its variables name them: without those that the inventory has no more. */
export function batchHosts(play: PlayContext): readonly string[] {
  const now = matching.get(play);
  return now === undefined ? play.batch : play.batch.filter((name) => now.includes(name));
}
