/**
 * The settings of ansible.cfg that mean something here
 * (https://docs.ansible.com/ansible/latest/reference_appendices/config.html). Everything else in the file is named once and ignored.
 */

/** How the text of a setting is read. */
type Kind = 'flag' | 'integer' | 'text' | 'path' | 'search path' | 'path list' | 'list' | 'choice';

/** One row of the table. `T` is what the setting gives. */
export interface Definition<T = unknown> {
  readonly kind: Kind;
  /** `section.key`, the strongest first. */
  readonly keys: readonly string[];
  /** Environment variables, the strongest first. */
  readonly env: readonly string[];
  readonly fallback: T;
  readonly choices?: readonly string[];
  /** The smallest whole number that makes sense. */
  readonly least?: number;
}

function row<T>(
  kind: Kind,
  fallback: T,
  keys: string,
  env: string,
  more: Partial<Definition<T>> = {},
): Definition<T> {
  return {
    kind,
    fallback,
    keys: keys.split(' '),
    env: env.split(' ').map((name) => `ANSIBLE_${name}`),
    ...more,
  };
}

const flag = (fallback: boolean, keys: string, env: string): Definition<boolean> =>
  row('flag', fallback, keys, env);
const text = (keys: string, env: string): Definition<string | undefined> =>
  row('text', undefined as string | undefined, keys, env);
const path = (keys: string, env: string): Definition<string | undefined> =>
  row('path', undefined as string | undefined, keys, env);
const number = (fallback: number, least: number, keys: string, env: string): Definition<number> =>
  row('integer', fallback, keys, env, { least });
const list = (kind: Kind, keys: string, env: string): Definition<readonly string[]> =>
  row(kind, [] as readonly string[], keys, env);
const choice = <C extends string>(
  choices: readonly C[],
  fallback: C,
  keys: string,
  env: string,
): Definition<C> => row('choice', fallback, keys, env, { choices });

/** Every setting that is read, by the name it has here. Seconds are seconds. */
export const SETTINGS = {
  inventory: list('path list', 'defaults.inventory defaults.hostfile', 'INVENTORY'),
  rolesPath: list('search path', 'defaults.roles_path', 'ROLES_PATH'),
  collectionsPath: list(
    'search path',
    'defaults.collections_path defaults.collections_paths',
    'COLLECTIONS_PATH COLLECTIONS_PATHS',
  ),
  library: list('search path', 'defaults.library', 'LIBRARY'),
  remoteUser: text('defaults.remote_user', 'REMOTE_USER'),
  remotePort: row('integer', undefined as number | undefined, 'defaults.remote_port', 'REMOTE_PORT', {
    least: 1,
  }),
  privateKeyFile: path('defaults.private_key_file', 'PRIVATE_KEY_FILE'),
  hostKeyChecking: flag(
    true,
    'ssh_connection.host_key_checking defaults.host_key_checking',
    'SSH_HOST_KEY_CHECKING HOST_KEY_CHECKING',
  ),
  /** How many hosts at once; 50 here, where Ansible has 5. */
  forks: number(50, 1, 'defaults.forks', 'FORKS'),
  /** Seconds to wait for a connection. */
  timeout: number(10, 1, 'ssh_connection.timeout defaults.timeout', 'SSH_TIMEOUT TIMEOUT'),
  /** Seconds that a task may take; 0 is no limit. */
  taskTimeout: number(0, 0, 'defaults.task_timeout', 'TASK_TIMEOUT'),
  /** Further attempts to connect. */
  connectRetries: number(0, 0, 'ssh_connection.retries connection.retries', 'SSH_RETRIES'),
  transport: text('defaults.transport', 'TRANSPORT'),
  askPass: flag(false, 'defaults.ask_pass', 'ASK_PASS'),
  become: flag(false, 'privilege_escalation.become', 'BECOME'),
  becomeUser: text('privilege_escalation.become_user sudo_become_plugin.user', 'BECOME_USER SUDO_USER'),
  becomeMethod: text('privilege_escalation.become_method', 'BECOME_METHOD'),
  becomeFlags: text('privilege_escalation.become_flags sudo_become_plugin.flags', 'BECOME_FLAGS SUDO_FLAGS'),
  becomeAskPass: flag(false, 'privilege_escalation.become_ask_pass', 'BECOME_ASK_PASS'),
  becomePassword: text('sudo_become_plugin.password', 'BECOME_PASS SUDO_PASS'),
  becomePasswordFile: path('defaults.become_password_file', 'BECOME_PASSWORD_FILE'),
  connectionPasswordFile: path('defaults.connection_password_file', 'CONNECTION_PASSWORD_FILE'),
  vaultPasswordFile: path('defaults.vault_password_file', 'VAULT_PASSWORD_FILE'),
  vaultIdentityList: list('list', 'defaults.vault_identity_list', 'VAULT_IDENTITY_LIST'),
  vaultEncryptIdentity: text('defaults.vault_encrypt_identity', 'VAULT_ENCRYPT_IDENTITY'),
  vaultIdMatch: flag(false, 'defaults.vault_id_match', 'VAULT_ID_MATCH'),
  askVaultPass: flag(false, 'defaults.ask_vault_pass', 'ASK_VAULT_PASS'),
  sshArgs: text('ssh_connection.ssh_args', 'SSH_ARGS'),
  sshCommonArgs: text('ssh_connection.ssh_common_args', 'SSH_COMMON_ARGS'),
  sshExtraArgs: text('ssh_connection.ssh_extra_args', 'SSH_EXTRA_ARGS'),
  gathering: choice(['implicit', 'explicit', 'smart'], 'implicit', 'defaults.gathering', 'GATHERING'),
  gatherSubset: list('list', 'defaults.gather_subset', 'GATHER_SUBSET'),
  /** Seconds. */
  gatherTimeout: row(
    'integer',
    undefined as number | undefined,
    'defaults.gather_timeout',
    'GATHER_TIMEOUT',
    {
      least: 1,
    },
  ),
  factPath: text('defaults.fact_path', 'FACT_PATH'),
  injectFactsAsVars: flag(true, 'defaults.inject_facts_as_vars', 'INJECT_FACT_VARS'),
  privateRoleVars: flag(false, 'defaults.private_role_vars', 'PRIVATE_ROLE_VARS'),
  hashBehaviour: choice(['replace', 'merge'], 'replace', 'defaults.hash_behaviour', 'HASH_BEHAVIOUR'),
  strategy: text('defaults.strategy', 'STRATEGY'),
  runTags: list('list', 'tags.run', 'RUN_TAGS'),
  skipTags: list('list', 'tags.skip', 'SKIP_TAGS'),
  anyErrorsFatal: flag(false, 'defaults.any_errors_fatal', 'ANY_ERRORS_FATAL'),
  forceHandlers: flag(false, 'defaults.force_handlers', 'FORCE_HANDLERS'),
  errorOnMissingHandler: flag(true, 'defaults.error_on_missing_handler', 'ERROR_ON_MISSING_HANDLER'),
  allowBrokenConditionals: flag(false, 'defaults.allow_broken_conditionals', 'ALLOW_BROKEN_CONDITIONALS'),
  jinja2Native: flag(false, 'defaults.jinja2_native', 'JINJA2_NATIVE'),
  /** Seconds between two looks at an async task. */
  pollInterval: number(15, 1, 'defaults.poll_interval', 'POLL_INTERVAL'),
  noLog: flag(false, 'defaults.no_log', 'NO_LOG'),
  ansibleManaged: text('defaults.ansible_managed', 'MANAGED_STR'),
  displaySkippedHosts: flag(true, 'defaults.display_skipped_hosts', 'DISPLAY_SKIPPED_HOSTS'),
  showCustomStats: flag(false, 'defaults.show_custom_stats', 'SHOW_CUSTOM_STATS'),
  diffAlways: flag(false, 'diff.always', 'DIFF_ALWAYS'),
  diffContext: number(3, 0, 'diff.context', 'DIFF_CONTEXT'),
} as const satisfies Readonly<Record<string, Definition>>;

/** The name of a setting. */
export type SettingName = keyof typeof SETTINGS;
