import type { z } from 'zod';
import { boolean, choice, integer, mode, strings, text, withAliases } from '../params.ts';

const yesOrNo = (what: string) => boolean.optional().describe(what);

/** What the `deb822_repository` module takes. */
export const repositoryParams = withAliases(
  {},
  {
    name: text
      .refine((name) => slugOf(name) !== '', 'has no letter or digit')
      .describe('Name of the repository; its file and that of its key are called by it.'),
    state: choice('present', 'absent').default('present').describe('Whether it shall be there.'),
    types: strings
      .refine((all) => all.every((one) => one === 'deb' || one === 'deb-src'), 'must be deb or deb-src')
      .default(['deb'])
      .describe('Kinds of packages: `deb`, `deb-src`.'),
    uris: strings.optional().describe('Addresses.'),
    suites: strings.optional().describe('Suites, or a path that ends with a slash.'),
    components: strings.optional().describe('Components.'),
    architectures: strings.optional().describe('Architectures. Default: those of the target.'),
    languages: strings.optional().describe('Languages of translations.'),
    targets: strings.optional().describe('What is downloaded.'),
    signed_by: text
      .optional()
      .describe(
        'The key: an address, from which the target gets it; a file on the target; fingerprints; or its text.',
      ),
    enabled: yesOrNo('Whether apt uses it.'),
    trusted: yesOrNo('Whether apt takes it without a signature, or never.'),
    allow_insecure: yesOrNo('Go on without a signature.'),
    allow_weak: yesOrNo('Go on with a weak signature.'),
    allow_downgrade_to_insecure: yesOrNo('Go on when there was a signature before.'),
    by_hash: yesOrNo('Get lists by their hash.'),
    check_date: yesOrNo('Whether the date of the lists is checked.'),
    check_valid_until: yesOrNo('Whether lists may be too old.'),
    date_max_future: integer.optional().describe('Seconds that lists may come from the future.'),
    inrelease_path: text.optional().describe('Path of the InRelease file.'),
    pdiffs: yesOrNo('Get differences of lists.'),
    mode: mode.default('0644').describe('Permission bits of the files.'),
  },
);

/** The parameters as the module gets them. */
export type Params = z.output<typeof repositoryParams>;

/** Gives what files of a repository are called by. */
export function slugOf(name: string): string {
  return name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
}
