import { z } from 'zod';
import { boolean, choice, path, text, writtenPath } from '../params.ts';

/** What the `npm` module takes. */
export const npmParams = z
  .strictObject({
    name: text.optional().describe('The package; without it, those that package.json in `path` names.'),
    version: text.optional().describe('Its version.'),
    path: path.optional().describe('Folder to install in; made when it is not there.'),
    global: boolean.default(false).describe('Install for everybody.'),
    state: choice('present', 'latest', 'absent').default('present').describe('Installed, newest, or gone.'),
    executable: writtenPath.optional().describe('The program npm.'),
    production: boolean.default(false).describe('Without what is only needed for development.'),
    ignore_scripts: boolean.default(false).describe('Run no scripts of packages.'),
    no_optional: boolean.default(false).describe('Without optional packages.'),
    no_bin_links: boolean.default(false).describe('Without links to programs.'),
    unsafe_perm: boolean.default(false).describe('Run scripts as the user who acts.'),
    registry: text.optional().describe('Where packages come from.'),
    ci: boolean.default(false).describe('Install exactly what package-lock.json says, as `npm ci`.'),
  })
  .superRefine((given, refine) => {
    const fault = (message: string) => refine.addIssue({ code: 'custom', message });
    if (given.path === undefined && !given.global) fault('path must be specified when not using global');
    if (given.state === 'absent' && given.name === undefined)
      fault('uninstalling a package is only available for named packages');
  });

/** The parameters as the module gets them. */
export type Params = z.output<typeof npmParams>;
