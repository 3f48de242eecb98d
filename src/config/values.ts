import type { Config, Settings } from './config.ts';

/** The settings without their origins: what most readers want. */
export type SettingValues = { readonly [Name in keyof Settings]: Settings[Name]['value'] };

/** Gives the plain values of a configuration. */
export function settingValues(config: Config): SettingValues {
  return Object.fromEntries(
    Object.entries(config.settings).map(([name, setting]) => [name, setting.value]),
  ) as SettingValues;
}
