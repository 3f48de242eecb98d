/** The keywords of each level and what each may hold: one table, read by the checks, the errors and the spelling suggestions. */

/** What a keyword may hold. A template is allowed wherever a scalar is. */
export type Shape =
  | 'boolean'
  | 'number'
  | 'text'
  | 'names'
  | 'condition'
  | 'vars'
  | 'mapping'
  | 'environment'
  | 'tasks'
  | 'backup'
  | 'module defaults'
  | 'any';

export type Keywords = Readonly<Record<string, Shape>>;

/** Keywords that every level knows and that are handed inwards. */
const SHARED: Keywords = {
  name: 'text',
  tags: 'names',
  vars: 'vars',
  become: 'boolean',
  become_user: 'text',
  become_method: 'text',
  become_flags: 'text',
  become_exe: 'text',
  environment: 'environment',
  ignore_errors: 'boolean',
  ignore_unreachable: 'boolean',
  any_errors_fatal: 'boolean',
  check_mode: 'boolean',
  diff: 'boolean',
  no_log: 'boolean',
  run_once: 'boolean',
  connection: 'text',
  remote_user: 'text',
  port: 'number',
  throttle: 'number',
  timeout: 'number',
  module_defaults: 'module defaults',
  collections: 'any',
  debugger: 'text',
};

/** What blocks, tasks and role entries share beyond that. */
const CONDITIONAL: Keywords = {
  ...SHARED,
  when: 'condition',
  delegate_to: 'text',
  delegate_facts: 'boolean',
};

export const PLAY_KEYWORDS: Keywords = {
  hosts: 'any',
  user: 'text',
  gather_facts: 'boolean',
  gather_subset: 'names',
  gather_timeout: 'number',
  fact_path: 'text',
  vars_files: 'any',
  vars_prompt: 'any',
  roles: 'any',
  pre_tasks: 'tasks',
  tasks: 'tasks',
  post_tasks: 'tasks',
  handlers: 'tasks',
  serial: 'any',
  strategy: 'text',
  order: 'text',
  max_fail_percentage: 'number',
  force_handlers: 'boolean',
  validate_argspec: 'any',
  on_failure: 'text',
  rollback_scope: 'text',
  rollback: 'text',
  rollout: 'any',
  window: 'any',
  ...SHARED,
};

/** Of a list item that imports another playbook. */
export const IMPORT_PLAYBOOK_KEYWORDS: Keywords = {
  name: 'text',
  tags: 'names',
  vars: 'vars',
  when: 'condition',
};

export const BLOCK_KEYWORDS: Keywords = {
  ...CONDITIONAL,
  notify: 'names',
  block: 'tasks',
  rescue: 'tasks',
  always: 'tasks',
};

export const TASK_KEYWORDS: Keywords = {
  ...CONDITIONAL,
  notify: 'names',
  args: 'any',
  action: 'any',
  local_action: 'any',
  register: 'text',
  loop: 'any',
  loop_control: 'mapping',
  changed_when: 'condition',
  failed_when: 'condition',
  until: 'condition',
  retries: 'number',
  delay: 'number',
  async: 'number',
  poll: 'number',
  undo: 'any',
  confirm: 'any',
  backup: 'backup',
};

export const HANDLER_KEYWORDS: Keywords = { ...TASK_KEYWORDS, listen: 'names' };

/** Of `include_tasks` and `include_role`: they act on the include itself, so that the others would do nothing. */
export const INCLUDE_KEYWORDS: Keywords = {
  name: 'text',
  tags: 'names',
  vars: 'vars',
  when: 'condition',
  args: 'any',
  action: 'any',
  local_action: 'any',
  register: 'text',
  loop: 'any',
  loop_control: 'mapping',
  ignore_errors: 'boolean',
  no_log: 'boolean',
  run_once: 'boolean',
  timeout: 'number',
  collections: 'any',
  debugger: 'text',
};

/** What `apply:` may hand to the included tasks. */
export const APPLY_KEYWORDS: Keywords = { ...CONDITIONAL, notify: 'names' };

/** Every other key of a role entry is a parameter of the role. */
export const ROLE_KEYWORDS: Keywords = { ...CONDITIONAL, role: 'text' };

/** Loop forms after `with_`. */
export const LOOP_FORMS: readonly string[] = [
  'items',
  'list',
  'dict',
  'together',
  'nested',
  'cartesian',
  'first_found',
  'fileglob',
  'filetree',
  'flattened',
  'subelements',
  'sequence',
  'indexed_items',
  'lines',
  'file',
  'template',
  'inventory_hostnames',
  'random_choice',
  'env',
  'ini',
  'csvfile',
  'password',
  'pipe',
  'url',
  'vars',
  'varnames',
  'unvault',
];

/** Keywords of old Ansible versions, and what to write today. */
export const RETIRED: Readonly<Record<string, string>> = {
  sudo: 'write "become"',
  sudo_user: 'write "become_user"',
  su: 'write "become" with "become_method: su"',
  su_user: 'write "become_user" with "become_method: su"',
  always_run: 'write "check_mode: no"',
  first_available_file: 'write "with_first_found"',
  static: 'write import_tasks or include_tasks',
};
