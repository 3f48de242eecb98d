import {
  boolean,
  choice,
  integer,
  number,
  path,
  strings,
  text,
  withAliases,
  writtenPath,
} from '../params.ts';

/** What the `user` module takes. */
export const userParams = withAliases(
  { user: 'name', createhome: 'create_home' },
  {
    name: text.describe('Login name.'),
    state: choice('present', 'absent').default('present').describe('Whether there shall be such an account.'),
    uid: integer.optional().describe('Its number.'),
    non_unique: boolean.default(false).describe('Allow a number that another account has.'),
    group: text.optional().describe('Primary group, by name or number.'),
    groups: strings
      .transform((names) => names.filter((name) => name !== ''))
      .optional()
      .describe('Further groups. An empty text means none.'),
    append: boolean.default(false).describe('Add `groups` to those it has, instead of replacing them.'),
    comment: text.optional().describe('Full name or remark.'),
    home: path.optional().describe('Home folder; passwd gets it as it is written.'),
    create_home: boolean.default(true).describe('Make the home folder of a new account.'),
    move_home: boolean.default(false).describe('Move the content when `home` changes.'),
    skeleton: writtenPath.optional().describe('Folder whose content a new home gets.'),
    system: boolean.default(false).describe('Make a new account a system account.'),
    shell: writtenPath.optional().describe('Login shell.'),
    password: text.optional().describe('The crypt hash of the password, as `password_hash` makes it.'),
    update_password: choice('always', 'on_create')
      .default('always')
      .describe('Whether the password of an account that is there is changed.'),
    password_lock: boolean.optional().describe('Lock or unlock the password.'),
    password_expire_max: integer.optional().describe('Days after which the password must be changed.'),
    password_expire_min: integer.optional().describe('Days before which it cannot be changed again.'),
    password_expire_warn: integer.optional().describe('Days before its end on which a warning comes.'),
    password_expire_account_disable: integer
      .optional()
      .describe('Days after the end of the password on which the account is disabled.'),
    expires: number.optional().describe('End of the account in seconds since 1970; negative for never.'),
    umask: text.optional().describe('Umask for making the home folder.'),
    remove: boolean.default(false).describe('With `state: absent`: delete home and mail too.'),
    force: boolean
      .default(false)
      .describe(
        'With `state: absent`: even when the user is logged in. With `generate_ssh_key`: a new key in place of the one that is there.',
      ),
    generate_ssh_key: boolean.default(false).describe('Make an SSH key when there is none.'),
    ssh_key_type: text.default('rsa').describe('Kind of the SSH key.'),
    ssh_key_bits: integer.optional().describe('Bits of the SSH key.'),
    ssh_key_comment: text.optional().describe('Comment in the SSH key. Default `ansible-generated on HOST`.'),
    ssh_key_file: writtenPath
      .optional()
      .describe('Where the SSH key is, below the home folder. Default .ssh/id_TYPE.'),
    ssh_key_passphrase: text.optional().describe('Passphrase of a new SSH key.'),
    local: boolean.default(false).describe('Accepted; accounts are always kept in the local files.'),
    seuser: text.optional().describe('Accepted; SELinux users are left to the policy of the target.'),
    uid_min: integer.optional().describe('Accepted; /etc/login.defs counts.'),
    uid_max: integer.optional().describe('Accepted; /etc/login.defs counts.'),
    hidden: boolean.optional().describe('Accepted; macOS only.'),
    login_class: text.optional().describe('Accepted; BSD only.'),
    profile: text.optional().describe('Accepted; illumos only.'),
    role: text.optional().describe('Accepted; illumos only.'),
    authorization: text.optional().describe('Accepted; illumos only.'),
  },
).refine((given) => given.umask === undefined || !given.local, {
  message: 'parameters are mutually exclusive: local|umask',
});
