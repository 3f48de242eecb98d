import { boolean, integer, path, strings, text, withAliases, writtenPath } from '../params.ts';

/** What the `git` module takes. */
export const gitParams = withAliases(
  { name: 'repo' },
  {
    repo: text.describe('Address or path of the repository.'),
    dest: path.optional().describe('Folder on the target for the working copy. Not needed with clone: no.'),
    version: text.default('HEAD').describe('Branch, tag or commit. HEAD is the default branch.'),
    remote: text.default('origin').describe('Name of the remote.'),
    update: boolean.default(true).describe('Fetch new commits when the working copy is there.'),
    clone: boolean.default(true).describe('Clone when there is no working copy.'),
    force: boolean.default(false).describe('Throw local modifications away.'),
    depth: integer.optional().describe('How many commits of history to fetch.'),
    single_branch: boolean.default(false).describe('Clone only the history of the version.'),
    separate_git_dir: path.optional().describe('Folder for the repository, apart from the working copy.'),
    archive: path
      .refine((name) => /\.(zip|tar|gz|tgz)$/.test(name), 'must end in .zip, .tar, .tar.gz or .tgz')
      .optional()
      .describe('File on the target for an archive of the version.'),
    archive_prefix: text.optional().describe('What stands before the names in the archive.'),
    bare: boolean.default(false).describe('Make a repository without working copy.'),
    recursive: boolean.default(true).describe('Fetch submodules too.'),
    track_submodules: boolean.default(false).describe('Take the newest commits of submodules.'),
    reference: text.optional().describe('A repository on the target to borrow objects from.'),
    refspec: text.optional().describe('A further refspec to fetch.'),
    accept_hostkey: boolean.default(false).describe('Accept the key of an SSH server that is not known.'),
    accept_newhostkey: boolean.default(false).describe('The same: never accepts a changed key.'),
    key_file: path.optional().describe('Private SSH key on the target.'),
    ssh_opts: text.optional().describe('Further options for ssh.'),
    executable: writtenPath.default('git').describe('The git program.'),
    umask: text.optional().describe('Umask for the files, such as 0022.'),
    verify_commit: boolean.default(false).describe('Fail unless the commit or tag has a good signature.'),
    gpg_allowlist: strings
      .default([])
      .describe('Fingerprints of keys that count as good. Empty: every good one.'),
  },
)
  .refine((given) => given.gpg_allowlist.length === 0, {
    message: 'gpg_allowlist is not supported: use the keyring of the target with verify_commit',
  })
  .refine((given) => given.dest !== undefined || !given.clone, {
    message: 'the destination directory must be specified unless clone=no',
  })
  .refine((given) => !given.bare || given.separate_git_dir === undefined, {
    message: 'takes either bare or separate_git_dir, not both',
  });
