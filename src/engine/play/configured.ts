import type { SettingValues } from '../../config/index.ts';
import type { Play, Playbook, Written } from '../../playbook/index.ts';

/** Gives a playbook in which the settings of ansible.cfg stand where its plays say nothing. */
export function withSettings(playbook: Playbook, config: SettingValues): Playbook {
  return { ...playbook, plays: playbook.plays.map((play) => configured(play, config)) };
}

function configured(play: Play, config: SettingValues): Play {
  const { gatherSubset, gatherTimeout, factPath, taskTimeout, strategy } = config;
  const or = (written: Written | undefined, value: unknown, set: boolean): Written | undefined =>
    written ?? (set ? { value, at: undefined } : undefined);
  return {
    ...play,
    gatherSubset: or(play.gatherSubset, gatherSubset, gatherSubset.length > 0),
    gatherTimeout: or(play.gatherTimeout, gatherTimeout, gatherTimeout !== undefined),
    factPath: or(play.factPath, factPath, factPath !== undefined),
    strategy: or(play.strategy, strategy, strategy !== undefined),
    timeout: or(play.timeout, taskTimeout, taskTimeout > 0),
    noLog: or(play.noLog, true, config.noLog),
  };
}
