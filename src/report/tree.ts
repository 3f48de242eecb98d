import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sortedJson } from './sorted-json.ts';
import type { Reporter } from './types.ts';

/**
 * Writes the result of each host into a file of its name, as `ansible --tree` does. The folder is made.
 * Throws when that is impossible; what cannot be written later is told to `complain`, and the run goes on.
 */
export function treeReporter(folder: string, complain: (text: string) => void): Reporter {
  mkdirSync(folder, { recursive: true });
  return (event) => {
    if (event.type !== 'host-result') return;
    const { failed: _, ...result } = event.result;
    // No name of a host leads out of the folder.
    const name = event.host.replaceAll('/', '%2F').replace(/^\.\.?$/, '%2E');
    try {
      writeFileSync(join(folder, name), sortedJson(result));
    } catch (error) {
      complain(`the result of ${event.host} is not in ${folder}: ${(error as Error).message}`);
    }
  };
}
