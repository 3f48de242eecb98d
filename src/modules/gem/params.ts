import type { z } from 'zod';
import { boolean, choice, path, text, withAliases, writtenPath } from '../params.ts';

/** What the `gem` module takes. */
export const gemParams = withAliases(
  { source: 'repository' },
  {
    name: text
      .refine((name) => /^[\w.-]+$/.test(name), 'must be the name of a gem')
      .describe('Name of the gem.'),
    state: choice('present', 'absent', 'latest')
      .default('present')
      .describe('Installed, gone, or the newest.'),
    version: text.optional().describe('Its version; with `absent` only this one goes.'),
    gem_source: path.optional().describe('A file of the target to install from.'),
    repository: text.optional().describe('Where gems come from.'),
    user_install: boolean.default(true).describe('Install for the user who acts, not for everybody.'),
    install_dir: path.optional().describe('Install into this folder; needs `user_install: false`.'),
    bindir: path.optional().describe('Folder for programs.'),
    executable: writtenPath.default('gem').describe('The program gem.'),
    include_dependencies: boolean.default(true).describe('With the gems that it needs.'),
    include_doc: boolean.default(false).describe('With documentation.'),
    env_shebang: boolean.default(false).describe('Programs begin with `#!/usr/bin/env`.'),
    build_flags: text.optional().describe('Words for the building of extensions.'),
    pre_release: boolean.default(false).describe('Versions that are not released yet count too.'),
    norc: boolean.default(true).describe('Read no `.gemrc`.'),
    force: boolean.default(false).describe('Whatever other gems need.'),
  },
).superRefine((given, refine) => {
  const fault = (message: string) => refine.addIssue({ code: 'custom', message });
  if (given.gem_source !== undefined && given.version !== undefined)
    fault('takes gem_source or version, not both');
  if (given.install_dir !== undefined && given.user_install) fault('install_dir requires user_install=false');
  if (given.state === 'latest' && given.gem_source !== undefined)
    fault('cannot maintain state=latest when installing from local source');
  if (given.state === 'latest' && given.version !== undefined) fault('takes no version with state=latest');
});

/** The parameters as the module gets them. */
export type Params = z.output<typeof gemParams>;
