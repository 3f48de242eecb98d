/** What ansible.cfg, `ANSIBLE_*` variables and ssh arguments ask for, with where each was said. */
export {
  type Config,
  type ConfigOptions,
  type IgnoredSetting,
  loadConfig,
  type Setting,
  type SettingOrigin,
  type Settings,
} from './config.ts';
export { settingNamed } from './constants.ts';
export { parseSshArgs, type SshArgs } from './ssh-args.ts';
export { type SettingValues, settingValues } from './values.ts';
export { splitWords, type Word } from './words.ts';
