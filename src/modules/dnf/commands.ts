import type { z } from 'zod';
import type { dnfParams } from './params.ts';

export type Params = z.infer<typeof dnfParams>;

/** Gives the state that is meant: `autoremove` alone means gone. */
export function wantedState(given: Params): 'present' | 'latest' | 'absent' {
  if (given.state === undefined) return given.autoremove ? 'absent' : 'present';
  if (given.state === 'latest') return 'latest';
  return given.state === 'absent' || given.state === 'removed' ? 'absent' : 'present';
}

/** Gives the command that brings the packages about. */
export function dnfCommand(program: string, given: Params, names: readonly string[]): string[] {
  return [program, '-y', ...options(program, given), ...action(given, names)];
}

/** Gives the command that says whether newer versions are to be had: exit code 100 means yes (dnf(8), check-update). */
export function checkUpdate(program: string, given: Params, names: readonly string[]): string[] {
  const all = names.includes('*') ? [] : names;
  return [program, '-q', ...options(program, given), 'check-update', ...all];
}

function action(given: Params, names: readonly string[]): string[] {
  const state = wantedState(given);
  if (state === 'absent') return names.length > 0 ? ['remove', ...names] : ['autoremove'];
  if (state === 'latest' && names.includes('*')) return ['upgrade'];
  if (state === 'latest' && given.update_only) return ['upgrade', ...names];
  return ['install', ...names];
}

function options(program: string, given: Params): string[] {
  const words: string[] = [];
  const each = (flag: string, values: readonly string[]): void => {
    for (const value of values) words.push(`--${flag}=${value}`);
  };
  each('enablerepo', given.enablerepo);
  each('disablerepo', given.disablerepo);
  each('exclude', given.exclude);
  each('disableplugin', given.disable_plugin);
  each('enableplugin', given.enable_plugin);
  const settings: [boolean, string][] = [
    [given.disable_excludes !== undefined, `--disableexcludes=${given.disable_excludes}`],
    [given.disable_gpg_check, program === 'dnf5' ? '--no-gpgchecks' : '--nogpgcheck'],
    [given.allowerasing, '--allowerasing'],
    [given.best === true || given.nobest === false, '--best'],
    [given.nobest === true || given.best === false, program === 'dnf5' ? '--no-best' : '--nobest'],
    [given.skip_broken, program === 'dnf5' ? '--skip-unavailable' : '--skip-broken'],
    [given.security, '--security'],
    [given.bugfix, '--bugfix'],
    [!given.install_weak_deps, '--setopt=install_weak_deps=False'],
    [given.allow_downgrade && program === 'dnf5', '--allow-downgrade'],
    [given.cacheonly, '--cacheonly'],
    [given.download_only, '--downloadonly'],
    [given.conf_file !== undefined, `--config=${given.conf_file}`],
    [given.releasever !== undefined, `--releasever=${given.releasever}`],
    [given.installroot !== undefined, `--installroot=${given.installroot}`],
    [!given.sslverify || !given.validate_certs, '--setopt=sslverify=0'],
    [
      wantedState(given) === 'absent' && !given.autoremove,
      program === 'dnf5' ? '--no-autoremove' : '--noautoremove',
    ],
  ];
  for (const [set, word] of settings)
    if (set && !(program === 'yum' && word === '--noautoremove')) words.push(word);
  return words;
}
