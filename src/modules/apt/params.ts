import { boolean, choice, integer, strings, text, withAliases, writtenPath } from '../params.ts';

/** What the `apt` module takes. */
export const aptParams = withAliases(
  {
    pkg: 'name',
    package: 'name',
    'update-cache': 'update_cache',
    'install-recommends': 'install_recommends',
    'default-release': 'default_release',
    t: 'default_release',
    'allow-unauthenticated': 'allow_unauthenticated',
    'allow-downgrade': 'allow_downgrade',
    allow_downgrades: 'allow_downgrade',
    'allow-downgrades': 'allow_downgrade',
  },
  {
    name: strings
      .optional()
      .describe('Packages, also as `name=version` (with wildcards), `name>=version` or `name/release`.'),
    state: choice('present', 'latest', 'absent', 'build-dep', 'fixed')
      .default('present')
      .describe('Whether the packages shall be installed, newest, or gone.'),
    update_cache: boolean.optional().describe('Read the lists of the repositories first.'),
    cache_valid_time: integer.default(0).describe('Seconds for which lists count as fresh.'),
    update_cache_retries: integer.default(5).describe('How often reading the lists is tried.'),
    update_cache_retry_max_delay: integer.default(12).describe('Seconds at most between two tries.'),
    install_recommends: boolean
      .optional()
      .describe('Whether recommended packages come too. Default: as apt is set up.'),
    purge: boolean.default(false).describe('Remove configuration files too.'),
    autoremove: boolean.default(false).describe('Remove packages that nothing needs any more.'),
    autoclean: boolean.default(false).describe('Remove old package files from the cache.'),
    clean: boolean.default(false).describe('Remove all package files from the cache.'),
    upgrade: text
      .default('no')
      .transform((word) => ({ True: 'yes', False: 'no' })[word] ?? word)
      .pipe(choice('no', 'yes', 'safe', 'full', 'dist'))
      .describe('Upgrade all packages: `safe` removes none, `full` and `dist` may.'),
    deb: writtenPath.optional().describe('A package file on the target, or its address.'),
    default_release: text.optional().describe('Release that versions are taken from.'),
    dpkg_options: text.default('force-confdef,force-confold').describe('Options for dpkg, with commas.'),
    only_upgrade: boolean.default(false).describe('Never install what is not there.'),
    allow_unauthenticated: boolean.default(false).describe('Accept packages without a signature.'),
    allow_downgrade: boolean.default(false).describe('Accept an older version than the installed one.'),
    allow_change_held_packages: boolean.default(false).describe('Change packages on hold.'),
    fail_on_autoremove: boolean.default(false).describe('Fail when a package would be removed.'),
    force: boolean.default(false).describe('Accept everything apt-get would ask about.'),
    force_apt_get: boolean.default(false).describe('Accepted; apt-get is what is used.'),
    lock_timeout: integer.default(60).describe('Seconds to wait for the lock of dpkg.'),
    policy_rc_d: integer
      .refine((value) => value === 101, 'can only be 101: services are not started')
      .optional()
      .describe('With 101, packages do not start their services.'),
    auto_install_module_deps: boolean.default(true).describe('Accepted; nothing has to be installed.'),
  },
);
