import type { z } from 'zod';
import type { aptParams } from './params.ts';

type Params = z.infer<typeof aptParams>;

/** Gives the apt-get command for what is wanted, without reading the lists; undefined when only lists or caches are meant. */
export function aptGet(given: Params, wanted: readonly string[]): readonly string[] | undefined {
  const base = ['apt-get', '-y', ...options(given)];
  if (given.state === 'fixed') return [...base, '--fix-broken', 'install', ...wanted];
  if (given.upgrade !== 'no') return [...base, ...upgradeWords(given.upgrade)];
  if (wanted.length === 0) return given.autoremove ? [...base, 'autoremove'] : undefined;
  if (given.state === 'absent') return [...base, 'remove', ...wanted];
  if (given.state === 'build-dep') return [...base, 'build-dep', ...wanted];
  return [...base, 'install', ...wanted];
}

/** Removes the package files of the cache that no source offers any more. */
export const AUTOCLEAN: readonly string[] = ['apt-get', '-y', 'autoclean'];

/** Gives the commands that tidy the cache of package files. */
export function tidyCommands(given: Pick<Params, 'clean' | 'autoclean'>): (readonly string[])[] {
  const commands: (readonly string[])[] = [];
  if (given.clean) commands.push(['apt-get', 'clean']);
  if (given.autoclean) commands.push(AUTOCLEAN);
  return commands;
}

function upgradeWords(upgrade: Params['upgrade']): string[] {
  return upgrade === 'full' || upgrade === 'dist' ? ['dist-upgrade'] : ['upgrade', '--with-new-pkgs'];
}

function options(given: Params): string[] {
  const words = [
    ...given.dpkg_options
      .split(',')
      .filter((word) => word.trim() !== '')
      .flatMap((word) => ['-o', `Dpkg::Options::=--${word.trim().replace(/^--/, '')}`]),
    '-o',
    `DPkg::Lock::Timeout=${given.lock_timeout}`,
  ];
  if (given.install_recommends !== undefined) {
    words.push('-o', `APT::Install-Recommends=${given.install_recommends ? 'yes' : 'no'}`);
  }
  if (given.default_release !== undefined) words.push('-t', given.default_release);
  const removes = given.state === 'absent' || given.autoremove;
  if (given.purge && removes) words.push('--purge');
  if (given.autoremove) words.push('--auto-remove');
  if (given.only_upgrade) words.push('--only-upgrade');
  if (given.fail_on_autoremove) words.push('--no-remove');
  if (given.allow_unauthenticated || given.force) words.push('--allow-unauthenticated');
  if (given.allow_downgrade || given.force) words.push('--allow-downgrades');
  if (given.allow_change_held_packages || given.force) words.push('--allow-change-held-packages');
  if (given.force) words.push('--allow-remove-essential');
  return words;
}
