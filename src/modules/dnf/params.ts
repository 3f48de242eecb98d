import { anything, boolean, choice, integer, strings, text, withAliases } from '../params.ts';

/** What the `dnf` and `yum` modules take. */
export const dnfParams = withAliases(
  { pkg: 'name', expire_cache: 'update_cache', 'expire-cache': 'update_cache' },
  {
    name: strings
      .default([])
      .describe('Packages, `@group`, files and addresses of packages; `*` with `latest` means all.'),
    state: choice('present', 'installed', 'latest', 'absent', 'removed')
      .optional()
      .describe('Whether the packages shall be installed, newest, or gone.'),
    autoremove: boolean.default(false).describe('Remove packages that nothing needs any more.'),
    update_cache: boolean.default(false).describe('Read the repositories again first.'),
    update_only: boolean.default(false).describe('With `latest`: never install what is not there.'),
    enablerepo: strings.default([]).describe('Repositories to use too.'),
    disablerepo: strings.default([]).describe('Repositories not to use.'),
    exclude: strings.default([]).describe('Packages to leave alone.'),
    disable_excludes: text.optional().describe('Where excludes of the configuration do not count.'),
    disable_gpg_check: boolean.default(false).describe('Accept packages without a right signature.'),
    disable_plugin: strings.default([]).describe('Plugins to switch off.'),
    enable_plugin: strings.default([]).describe('Plugins to switch on.'),
    allow_downgrade: boolean.default(false).describe('Accept an older version than the installed one.'),
    allowerasing: boolean.default(false).describe('Remove packages that are in the way.'),
    best: boolean.optional().describe('Insist on the newest versions.'),
    nobest: boolean.optional().describe('Take older versions when the newest cannot be had.'),
    skip_broken: boolean.default(false).describe('Leave out what cannot be had.'),
    security: boolean.default(false).describe('With `latest`: only security updates.'),
    bugfix: boolean.default(false).describe('With `latest`: only bug fixes.'),
    install_weak_deps: boolean.default(true).describe('Install recommended packages too.'),
    install_repoquery: anything.optional().describe('Accepted; nothing has to be installed.'),
    cacheonly: boolean.default(false).describe('Use only what was read before.'),
    download_only: boolean.default(false).describe('Only fetch the packages.'),
    conf_file: text.optional().describe('Another configuration file.'),
    releasever: text.optional().describe('Another release to install from.'),
    installroot: text.optional().describe('Another root folder.'),
    sslverify: boolean.default(true).describe('Check certificates of repositories.'),
    validate_certs: boolean.default(true).describe('Check certificates of package addresses.'),
    lock_timeout: integer.default(30).describe('Accepted; the package manager waits for its lock itself.'),
    use_backend: text.default('auto').describe('Accepted; the package manager of the target is used.'),
  },
).refine((given) => given.name.length > 0 || given.update_cache || given.autoremove, {
  message: 'needs the parameter "name" (or update_cache, autoremove)',
});
