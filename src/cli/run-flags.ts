import type { SettingValues } from '../config/index.ts';
import type { HostOptions, RunOptions } from '../engine/index.ts';
import type { HostFlags } from './host-flags.ts';
import { words } from './words.ts';

/** Flags of `cutover run`. */
export interface RunFlags extends HostFlags {
  readonly check?: boolean;
  readonly diff?: boolean;
  readonly tags?: readonly string[];
  readonly skipTags?: readonly string[];
  readonly startAtTask?: string;
  readonly step?: boolean;
  readonly forceHandlers?: boolean;
  readonly syntaxCheck?: boolean;
  readonly listHosts?: boolean;
  readonly listTasks?: boolean;
  readonly listTags?: boolean;
  readonly allowNoHosts?: boolean;
  readonly plan?: string;
}

/** The options of a run that its own flags decide, with the tags that the settings name. */
export function playOptions(
  playbook: string,
  flags: RunFlags,
  config: Pick<SettingValues, 'runTags' | 'skipTags'>,
): Omit<RunOptions, keyof HostOptions | 'check' | 'diff' | 'step'> {
  return {
    playbook,
    tags: [...config.runTags, ...words(flags.tags)],
    skipTags: [...config.skipTags, ...words(flags.skipTags)],
    ...(flags.startAtTask === undefined ? {} : { startAtTask: flags.startAtTask }),
    ...(flags.forceHandlers === undefined ? {} : { forceHandlers: flags.forceHandlers }),
    allowNoHosts: flags.allowNoHosts ?? false,
  };
}
