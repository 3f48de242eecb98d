import { existsSync } from 'node:fs';
import { isAbsolute, resolve } from 'node:path';
import { CutoverError } from '../../errors/index.ts';
import type { VarsLayer } from '../../playbook/index.ts';
import { parseYaml } from '../../source/index.ts';
import { isMapping } from '../../values/index.ts';
import type { PlayContext } from '../context.ts';
import type { HostState } from '../hosts/host.ts';
import { scopeFor } from './variables.ts';

/**
 * Reads a play's `vars_files` for a host. A name that needs facts is left out until they are there (it is called again after they
 * were gathered). Throws CutoverError('playbook') for a file that is missing.
 */
export async function loadVarsFiles(context: PlayContext, host: HostState): Promise<void> {
  const { run, play } = context;
  if (play.varsFiles.length === 0) return;
  const layers: VarsLayer[] = [];
  context.varsFiles.set(host.name, layers);
  for (const written of play.varsFiles) {
    const scope = scopeFor(run, { host, play: context });
    let names: unknown;
    try {
      names = run.templar.renderDeep(written.value, scope, { at: written.at });
    } catch (error) {
      if (Object.keys(host.facts).length === 0) continue;
      throw error;
    }
    const candidates = (Array.isArray(names) ? names : [names]).map((name) =>
      isAbsolute(String(name)) ? String(name) : resolve(play.folder, String(name)),
    );
    const path =
      candidates.find((candidate) => existsSync(candidate)) ??
      candidates
        .map((candidate) => resolve(play.folder, 'vars', candidate))
        .find((candidate) => existsSync(candidate));
    if (path === undefined)
      throw new CutoverError('playbook', `vars_files: there is no ${candidates.join(' or ')}`, {
        position: written.at,
      });
    const data = parseYaml({ text: run.files.readText(path), file: path });
    if (data === undefined || data === null) continue;
    if (!isMapping(data))
      throw new CutoverError('playbook', `${path} must hold a mapping of variables`, {
        position: written.at,
      });
    layers.push({ level: 'play vars_files', origin: path, values: data });
  }
}
