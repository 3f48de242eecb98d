import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** Gives the version whose server jar is in `wso2/lib`, as Java would load it. Throws when there is none. */
export function versionOf(home: string): string {
  const jar = list(join(home, 'wso2/lib')).find((name) =>
    name.startsWith('org.wso2.micro.integrator.server-'),
  );
  const version = jar?.match(/server-(.+)\.jar$/)?.[1];
  if (version === undefined) {
    throw new Error('Could not find or load main class org.wso2.micro.integrator.bootstrap.Bootstrap');
  }
  return version;
}

/** Deletes what is in `tmp`, the first thing that a start does. */
export function wipeTmp(home: string): void {
  const tmp = join(home, 'tmp');
  mkdirSync(tmp, { recursive: true });
  for (const name of list(tmp)) rmSync(join(tmp, name), { recursive: true, force: true });
}

/** Gives the names in a folder, sorted; empty when it is not there. */
export function list(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}
