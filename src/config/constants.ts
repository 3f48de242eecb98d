/**
 * The names that Ansible's documentation gives its settings, for the lookup `config`
 * (https://docs.ansible.com/ansible/latest/reference_appendices/config.html).
 */
import type { SettingValues } from './values.ts';

type Name = keyof SettingValues;

/** What counts where nobody says anything. */
const DEFAULTS: Readonly<Record<string, unknown>> = {
  becomeUser: 'root',
  becomeMethod: 'sudo',
  strategy: 'linear',
};

const NAMES: Readonly<Record<string, Name>> = {
  ANY_ERRORS_FATAL: 'anyErrorsFatal',
  BECOME_PASSWORD_FILE: 'becomePasswordFile',
  COLLECTIONS_PATHS: 'collectionsPath',
  CONNECTION_PASSWORD_FILE: 'connectionPasswordFile',
  DEFAULT_ASK_PASS: 'askPass',
  DEFAULT_ASK_VAULT_PASS: 'askVaultPass',
  DEFAULT_BECOME: 'become',
  DEFAULT_BECOME_ASK_PASS: 'becomeAskPass',
  DEFAULT_BECOME_FLAGS: 'becomeFlags',
  DEFAULT_BECOME_METHOD: 'becomeMethod',
  DEFAULT_BECOME_USER: 'becomeUser',
  DEFAULT_FACT_PATH: 'factPath',
  DEFAULT_FORCE_HANDLERS: 'forceHandlers',
  DEFAULT_FORKS: 'forks',
  DEFAULT_GATHERING: 'gathering',
  DEFAULT_GATHER_SUBSET: 'gatherSubset',
  DEFAULT_HASH_BEHAVIOUR: 'hashBehaviour',
  DEFAULT_HOST_LIST: 'inventory',
  DEFAULT_JINJA2_NATIVE: 'jinja2Native',
  DEFAULT_MANAGED_STR: 'ansibleManaged',
  DEFAULT_MODULE_PATH: 'library',
  DEFAULT_NO_LOG: 'noLog',
  DEFAULT_POLL_INTERVAL: 'pollInterval',
  DEFAULT_PRIVATE_KEY_FILE: 'privateKeyFile',
  DEFAULT_PRIVATE_ROLE_VARS: 'privateRoleVars',
  DEFAULT_REMOTE_USER: 'remoteUser',
  DEFAULT_ROLES_PATH: 'rolesPath',
  DEFAULT_STRATEGY: 'strategy',
  DEFAULT_TIMEOUT: 'timeout',
  DEFAULT_TRANSPORT: 'transport',
  DEFAULT_VAULT_ENCRYPT_IDENTITY: 'vaultEncryptIdentity',
  DEFAULT_VAULT_IDENTITY_LIST: 'vaultIdentityList',
  DEFAULT_VAULT_ID_MATCH: 'vaultIdMatch',
  DEFAULT_VAULT_PASSWORD_FILE: 'vaultPasswordFile',
  DIFF_ALWAYS: 'diffAlways',
  DIFF_CONTEXT: 'diffContext',
  DISPLAY_SKIPPED_HOSTS: 'displaySkippedHosts',
  SHOW_CUSTOM_STATS: 'showCustomStats',
  ERROR_ON_MISSING_HANDLER: 'errorOnMissingHandler',
  HOST_KEY_CHECKING: 'hostKeyChecking',
  INJECT_FACTS_AS_VARS: 'injectFactsAsVars',
  TAGS_RUN: 'runTags',
  TAGS_SKIP: 'skipTags',
  TASK_TIMEOUT: 'taskTimeout',
};

/** Gives the value of a setting by the name that Ansible's documentation gives it (`DEFAULT_FORKS`); undefined for one that is not known here. */
export function settingNamed(
  values: SettingValues,
  constant: string,
): { readonly value: unknown } | undefined {
  const name = Object.hasOwn(NAMES, constant) ? NAMES[constant] : undefined;
  return name && { value: values[name] ?? DEFAULTS[name] ?? null };
}
