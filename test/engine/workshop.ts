/** A folder with a playbook and an inventory of hosts that are all this machine, and a run of it. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach } from 'vitest';
import { loadConfig, settingValues } from '../../src/config/index.ts';
import { type HostOptions, type RunSummary, runPlaybook } from '../../src/engine/index.ts';
import { openRunStore, type RunEvent } from '../../src/journal/index.ts';
import { createSecrets } from '../../src/secrets/index.ts';

const folders: string[] = [];

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** Writes files (by relative path) into a fresh folder that is gone after the test, and gives the folder. */
export function workshop(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'cutover-engine-'));
  folders.push(folder);
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text, { mode: text.startsWith('#!') ? 0o755 : 0o644 });
  }
  return folder;
}

/** An inventory of local hosts with these names. */
export function localHosts(...names: readonly string[]): string {
  const lines = names.map(
    (name) => `${name} ansible_connection=local cutover_state_dir='{{ inventory_dir }}/state-${name}'`,
  );
  return `${lines.join('\n')}\n`;
}

/** Options of a run in such a folder: nothing of the real user's settings counts. */
export function hostOptions(folder: string, more: Partial<HostOptions> = {}): HostOptions {
  const secrets = createSecrets();
  return {
    inventory: [join(folder, 'hosts')],
    forks: 10,
    connection: {},
    extraVars: [],
    config: settingValues(loadConfig({ cwd: folder, env: {} })),
    secrets,
    store: openRunStore({ folder: join(folder, 'runs'), secrets }),
    sinks: [],
    verbosity: 0,
    ...more,
  };
}

/** What a run did. */
export interface Ran extends RunSummary {
  readonly events: readonly RunEvent[];
}

/** Options of a run that the tests of this folder set. */
export type RunMore = Partial<Parameters<typeof runPlaybook>[0]>;

/** Runs `site.yml` of a folder and collects the events. */
export async function runSite(folder: string, more: RunMore = {}): Promise<Ran> {
  const events: RunEvent[] = [];
  const summary = await runPlaybook({
    ...hostOptions(folder),
    playbook: join(folder, 'site.yml'),
    check: false,
    diff: false,
    tags: [],
    skipTags: [],
    ...more,
    sinks: [(event) => events.push(event), ...(more.sinks ?? [])],
  });
  return { ...summary, events };
}

/** Gives `host:task=status` for every result, in the order in which they came. */
export function results(ran: Ran): string[] {
  return ran.events.flatMap((event) =>
    event.type === 'host-result' ? [`${event.host}:${event.task.name}=${event.status}`] : [],
  );
}
