/** What each keyword means, in one sentence, for the tables and for editors. The keywords themselves are in src/playbook/keywords.ts. */
import {
  BLOCK_KEYWORDS,
  HANDLER_KEYWORDS,
  INCLUDE_KEYWORDS,
  type Keywords,
  PLAY_KEYWORDS,
  ROLE_KEYWORDS,
  TASK_KEYWORDS,
} from '../../src/playbook/keywords.ts';

/** The levels at which keywords stand, in the order of the tables. */
export const KEYWORD_LEVELS: readonly { readonly level: string; readonly keywords: Keywords }[] = [
  { level: 'play', keywords: PLAY_KEYWORDS },
  { level: 'role entry', keywords: ROLE_KEYWORDS },
  { level: 'block', keywords: BLOCK_KEYWORDS },
  { level: 'task', keywords: TASK_KEYWORDS },
  { level: 'handler', keywords: HANDLER_KEYWORDS },
  { level: 'include', keywords: INCLUDE_KEYWORDS },
];

/** Keywords that are read and checked, and that the engine does not look at. */
export const KEYWORDS_WITHOUT_EFFECT: ReadonlySet<string> = new Set(['collections', 'validate_argspec']);

/** Keywords that are known and refused before a run. */
export const KEYWORDS_REFUSED: ReadonlySet<string> = new Set(['confirm', 'rollout', 'window']);

const SENTENCES: Readonly<Record<string, string>> = {
  action: 'The module with its arguments, as text or as a mapping with `module`.',
  always: 'Tasks that run whatever happened in the block.',
  any_errors_fatal: 'A failure on one host ends the run for all.',
  args: 'More parameters of the module; those beside its name win.',
  async: 'Seconds that the task may go on in the background.',
  backup: 'Accepted: what a task replaces is always kept, see rollback.md.',
  become: 'Act as another user on the host.',
  become_exe: 'Program to become that user with, when it is not the one of the method in PATH.',
  become_flags: 'Extra flags for sudo, su or doas.',
  become_method: '`sudo` (default), `su` or `doas`.',
  become_user: 'Whom to become; root when nothing is said.',
  block: 'Tasks that share keywords, and that `rescue` and `always` watch over.',
  changed_when: 'Says whether the task changed something.',
  check_mode: 'Overrules `--check` for this part.',
  collections: 'Collections to search; modules are found without it.',
  confirm: 'Time in which a new login must work, or the change is taken back. Refused: not built yet.',
  connection: '`ssh` or `local`.',
  debugger: 'Accepted; no debugger opens: a task that fails is reported like any other.',
  delay: 'Seconds between two tries. Default 5.',
  delegate_facts: 'Facts belong to the host that the task is delegated to.',
  delegate_to: 'Act on this host instead.',
  diff: 'Overrules `--diff` for this part.',
  environment: 'Environment variables of what runs on the host.',
  fact_path: 'Folder of local facts on the host.',
  failed_when: 'Says whether the task failed.',
  force_handlers: 'Handlers run even when a task failed.',
  gather_facts:
    'Gather facts before the first task; in a play with tags of its own, when they are asked for.',
  gather_subset: 'Which facts to gather.',
  gather_timeout: 'Seconds that a fact may take.',
  handlers: 'Tasks that run when they are notified.',
  hosts: 'Pattern of hosts.',
  ignore_errors: 'Go on after a failure.',
  ignore_unreachable: 'Go on when a host cannot be reached.',
  listen: 'Further names that notify this handler.',
  local_action: 'As `action`, on the controller.',
  loop: 'A list; the task runs once for each item.',
  loop_control: '`loop_var`, `index_var`, `label`, `pause`, `extended`, `extended_allitems`, `break_when`.',
  max_fail_percentage: 'More failed or unreachable hosts of a batch than this end the run.',
  module_defaults: 'Parameters that modules get unless the task says otherwise.',
  name: 'What reports call it.',
  no_log: 'Hide arguments and result everywhere.',
  notify: 'Handlers to run when the task changed something.',
  on_failure: '`stop` (default), `continue`, or `rollback`: put back what the play changed.',
  order: '`inventory` (default), `reverse_inventory`, `sorted`, `reverse_sorted`, `shuffle`.',
  poll: 'Seconds between two looks at a background task.',
  port: 'Port of sshd.',
  post_tasks: 'Tasks after the handlers of `tasks`.',
  pre_tasks: 'Tasks before the roles.',
  register: 'Variable that keeps the result.',
  remote_user: 'Login user.',
  rescue: 'Tasks that run when the block failed.',
  retries: 'How often to try again. Default 3.',
  role: 'Name of the role.',
  roles: 'Roles to run before `tasks`; a name, or a mapping with `role`, keywords and parameters.',
  rollback: '`best_effort` (default), or `required`: a change that cannot be undone is refused.',
  rollback_scope:
    'What `on_failure: rollback` puts back: the failed `host` (default), the `batch`, or the `run`.',
  rollout: 'Canaries, gates and budgets. Refused: not built yet.',
  run_once: 'Only on the first host; the others take over its result.',
  serial: 'Hosts per batch: a number, a percentage, or a list of those.',
  strategy: '`linear` (default), `free` or `host_pinned`.',
  tags: 'Names by which `--tags` and `--skip-tags` select.',
  tasks: 'The tasks of the play.',
  throttle: 'At most so many hosts at once.',
  timeout: 'Seconds that the task may take.',
  undo: 'Tasks that take this one back, or `none: REASON`.',
  until: 'Try again until this holds.',
  user: 'Old name of `remote_user`.',
  validate_argspec: 'Check variables against an argument specification.',
  vars: 'Variables.',
  vars_files: 'Files of variables; of a list inside, the first that exists.',
  vars_prompt: 'Variables to ask for.',
  when: 'Runs only when this holds.',
  window: 'Maintenance window. Refused: not built yet.',
};

/** Gives what a keyword means. Throws when nobody has written it down. */
export function keywordSentence(name: string): string {
  const sentence = SENTENCES[name];
  if (sentence === undefined) throw new Error(`scripts/docs/keywords.ts has no sentence for "${name}"`);
  return sentence;
}
