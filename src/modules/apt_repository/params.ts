import { boolean, choice, integer, mode, text, withAliases, writtenPath } from '../params.ts';
import { entryOf } from './sources.ts';

/** What the `apt_repository` module takes. */
export const aptRepositoryParams = withAliases(
  { 'update-cache': 'update_cache' },
  {
    repo: text
      .refine((repo) => repo === '' || isPpa(repo) || entryOf(repo) !== undefined, {
        message: 'is no line of a sources.list: write "deb ADDRESS SUITE COMPONENT..."',
      })
      .describe('The line, as in sources.list(5).'),
    state: choice('present', 'absent').default('present').describe('Whether there shall be such a line.'),
    filename: writtenPath
      .optional()
      .describe('File in /etc/apt/sources.list.d, without `.list`. Default: made from the address.'),
    mode: mode.optional().describe("Permission bits of the file that a line is added to. Default: '0644'."),
    update_cache: boolean.default(true).describe('Read the package lists after a change.'),
    update_cache_retries: integer.default(5).describe('How often reading the lists is tried.'),
    update_cache_retry_max_delay: integer.default(12).describe('Seconds at most between two tries.'),
    validate_certs: boolean
      .default(true)
      .describe('Only meant for PPAs. Accepted; apt checks certificates as it is set up.'),
    codename: text.optional().describe('Only meant for PPAs, which are refused.'),
    install_python_apt: boolean.default(true).describe('Accepted; nothing has to be installed.'),
  },
);

/** Whether it is the short name of a personal archive, which only Launchpad can tell the line and the key of. */
export function isPpa(repo: string): boolean {
  return repo.startsWith('ppa:');
}
