import type { CutoverError, SourcePosition } from '../errors/index.ts';

/** A value as written, with its place. Templates in it are evaluated when it is used. */
export interface Written<T = unknown> {
  readonly value: T;
  readonly at: SourcePosition | undefined;
  /** The same keyword further out, which counts where this one gives `omit`. */
  readonly around?: Written<T>;
}

/** One `when`, `changed_when`, `failed_when` or `until` expression; several are joined by `and`, in order, the first false one decides. */
export interface Condition extends Written<string | boolean> {
  /** What gives no boolean counts as Python counts it: as `Role.truthy`. */
  readonly truthy?: true;
}

/** Variables of a play, block, role entry, include or task. */
export interface VarsLayer {
  readonly level:
    | 'role defaults'
    | 'play vars'
    | 'play vars_prompt'
    | 'play vars_files'
    | 'role vars'
    | 'block vars'
    | 'task vars'
    | 'role params'
    | 'include params';
  readonly origin: string;
  readonly values: Readonly<Record<string, unknown>>;
}

/** Settings of privilege escalation, innermost written value wins; undefined = not set here nor outside. */
export interface Become {
  readonly become?: Written;
  readonly user?: Written;
  readonly method?: Written;
  readonly flags?: Written;
  readonly exe?: Written;
}

/** A role as used by one entry of `roles:`, import_role or include_role. */
export interface Role {
  readonly name: string;
  /** Absolute. */
  readonly path: string;
  /** Weakest first. Of the role itself: `role defaults`, `role vars`, and `role params` of this use. */
  readonly defaults: VarsLayer;
  readonly vars: VarsLayer;
  readonly params: VarsLayer;
  /** Roles that it depends on or that used it, outermost first: their defaults and vars are visible too. */
  readonly parents: readonly Role[];
  /** Stands among the parents because it is depended on, not because it used the role. */
  readonly needed?: boolean;
  /** Used by the `dependencies` of another role. */
  readonly dependency?: boolean;
  readonly argumentSpec?: Readonly<Record<string, unknown>>;
  /** Says in its `meta` that it is for an Ansible before 2.19, where conditions may give texts, lists and numbers. */
  readonly truthy?: true;
  /** Defaults and vars stay visible to later tasks of the play (static roles and `public: true`). */
  readonly public: boolean;
}

/** What tasks, blocks and includes share, already inherited from everything around them (outermost first in lists). */
export interface Common {
  readonly position: SourcePosition;
  readonly name: Written<string> | undefined;
  readonly when: readonly Condition[];
  readonly tags: readonly string[];
  /** Block and task `vars`, outermost first. */
  readonly vars: readonly VarsLayer[];
  readonly become: Become;
  /** Each is a mapping, a list of mappings or a template; outermost first. */
  readonly environment: readonly Written[];
  readonly role: Role | undefined;
  readonly ignoreErrors: Written | undefined;
  readonly ignoreUnreachable: Written | undefined;
  readonly anyErrorsFatal: Written | undefined;
  readonly checkMode: Written | undefined;
  readonly diff: Written | undefined;
  readonly noLog: Written | undefined;
  readonly runOnce: Written | undefined;
  readonly delegateTo: Written | undefined;
  readonly delegateFacts: Written | undefined;
  readonly connection: Written | undefined;
  readonly remoteUser: Written | undefined;
  readonly port: Written | undefined;
  readonly throttle: Written | undefined;
  readonly timeout: Written | undefined;
  /** `retries` and `delay` can be inherited too. */
  readonly moduleDefaults: readonly Written[];
  /** Extra notify of blocks is inherited by their tasks. */
  readonly notify: readonly Written[];
}

export interface LoopSpec {
  /** `loop`, or the name after `with_`. */
  readonly kind: string;
  readonly value: unknown;
  readonly at: SourcePosition | undefined;
  /** The folder of a role or playbook in which `first_found` looks for relative names: the module of the task says it. */
  readonly folder: 'files' | 'templates' | 'vars';
  readonly control: {
    /** A name, or a template that gives one. */
    readonly loopVar: string;
    readonly indexVar?: string;
    readonly label?: Written;
    readonly pause?: Written;
    /** The loop ends after the first item for which they hold. */
    readonly breakWhen?: readonly Condition[];
    readonly extended: boolean;
    /** Whether `ansible_loop.allitems` is wanted, with `extended`. */
    readonly extendedAllItems: boolean;
  };
}

/** How a task can be taken back by hand-written means. */
export type Undo =
  | { readonly kind: 'tasks'; readonly tasks: readonly TaskNode[] }
  | { readonly kind: 'none'; readonly reason: string };

export interface Task extends Common {
  readonly kind: 'task';
  /** Stable within the playbook: path of its place, such as `0.tasks.3.block.1`. */
  readonly id: string;
  /** Module name without collection for built-in ones: `copy`. */
  readonly module: string;
  /** As the playbook wrote it: `ansible.builtin.copy`. */
  readonly writtenModule: string;
  /** Parameters as written (k=v text already split). Free text of command-like modules is under the module's `freeForm` parameter. A lone template in place of a mapping is under `_variable`. */
  readonly args: Readonly<Record<string, unknown>>;
  readonly argsAt: SourcePosition;
  readonly loop: LoopSpec | undefined;
  readonly register: string | undefined;
  readonly changedWhen: readonly Condition[] | undefined;
  readonly failedWhen: readonly Condition[] | undefined;
  readonly until: readonly Condition[] | undefined;
  readonly retries: Written | undefined;
  readonly delay: Written | undefined;
  readonly async: Written | undefined;
  readonly poll: Written | undefined;
  readonly undo: Undo | undefined;
  readonly confirm: Written | undefined;
  readonly backup: Written | undefined;
  /** Set where the name of the module is a template (`action: "{{ ansible_pkg_mgr }} name=x"`); `module` and `writtenModule` are that template then. Reads the task as one of the module that a host's variables name; throws CutoverError `playbook`. */
  readonly as?: (module: string) => Task;
}

export interface Block extends Common {
  readonly kind: 'block';
  readonly id: string;
  /** Set on the tasks of a role: a host that ran a task of a block with this key before, in this play, skips the block. */
  readonly onceKey?: string | undefined;
  /** Runs although the host had it before. */
  readonly again?: boolean;
  readonly block: readonly TaskNode[];
  readonly rescue: readonly TaskNode[];
  readonly always: readonly TaskNode[];
}

/** `include_tasks`, `include_role`, legacy `include` and dynamic reuse in general: expanded when the run gets there. */
export interface Include extends Common {
  readonly kind: 'include';
  readonly id: string;
  readonly what: 'tasks' | 'role';
  /** As the playbook wrote it: `include_tasks`, `ansible.builtin.include_role`, `include`. */
  readonly writtenModule: string;
  readonly args: Readonly<Record<string, unknown>>;
  readonly argsAt: SourcePosition;
  readonly loop: LoopSpec | undefined;
  readonly register: string | undefined;
  /** Keywords that `apply:` hands to the included tasks, and the folder that relative names start from. */
  readonly apply: Readonly<Record<string, unknown>> | undefined;
  readonly folder: string;
}

export type TaskNode = Task | Block | Include;

/** A task that runs when notified. An import or block in `handlers:` becomes handlers one by one. */
export interface Handler extends Task {
  readonly listen: readonly string[];
  /** The list that it stands in (a file, a block): of handlers with one name the first of the last list counts. */
  readonly list: string;
  /** Set when the handler is a dynamic include: its work is what the include loader gives for it. */
  readonly include?: Include;
}

export interface Play {
  readonly index: number;
  readonly position: SourcePosition;
  readonly name: Written<string> | undefined;
  readonly hosts: Written;
  readonly gatherFacts: Written | undefined;
  readonly gatherSubset: Written | undefined;
  readonly gatherTimeout: Written | undefined;
  /** `play vars` then `vars_files` names; prompts are asked by the engine. */
  readonly vars: VarsLayer;
  readonly varsFiles: readonly Written[];
  readonly varsPrompt: readonly VarsPrompt[];
  /** Roles of `roles:` (expanded into blocks, dependencies before, in `roleTasks`), then those of `import_role`: the defaults and vars of all are visible in the whole play. */
  readonly roles: readonly Role[];
  readonly preTasks: readonly TaskNode[];
  readonly roleTasks: readonly TaskNode[];
  readonly tasks: readonly TaskNode[];
  readonly postTasks: readonly TaskNode[];
  /** Of roles first, then the play's own: they run in this order. */
  readonly handlers: readonly Handler[];
  /** Numbers or percentages; undefined = all at once. */
  readonly serial: Written | undefined;
  readonly strategy: Written | undefined;
  readonly order: Written | undefined;
  readonly maxFailPercentage: Written | undefined;
  readonly anyErrorsFatal: Written | undefined;
  readonly forceHandlers: Written | undefined;
  readonly throttle: Written | undefined;
  readonly tags: readonly string[];
  readonly remoteUser: Written | undefined;
  readonly port: Written | undefined;
  readonly connection: Written | undefined;
  readonly become: Become;
  readonly environment: Written | undefined;
  readonly ignoreErrors: Written | undefined;
  readonly ignoreUnreachable: Written | undefined;
  readonly checkMode: Written | undefined;
  readonly diff: Written | undefined;
  readonly noLog: Written | undefined;
  readonly runOnce: Written | undefined;
  readonly timeout: Written | undefined;
  readonly moduleDefaults: Written | undefined;
  readonly factPath: Written | undefined;
  readonly onFailure: 'stop' | 'rollback' | 'continue';
  readonly rollbackScope: 'host' | 'batch' | 'run';
  readonly rollback: 'required' | 'best_effort';
  /** Folder of the playbook file that this play was written in. */
  readonly folder: string;
}

export interface VarsPrompt {
  readonly name: string;
  readonly prompt: string;
  readonly private: boolean;
  readonly default: string | undefined;
  readonly confirm: boolean;
  readonly encrypt: string | undefined;
  readonly saltSize: number | undefined;
  readonly salt: string | undefined;
  /** The answer is never evaluated as a template. */
  readonly unsafe: boolean;
}

export interface Playbook {
  readonly file: string;
  readonly folder: string;
  readonly plays: readonly Play[];
  /** Index of the last play of each file of the command line: when hosts failed until there, the next file is not begun. */
  readonly lastPlays: readonly number[];
  readonly warnings: readonly string[];
  /** What is wrong in the texts of arguments, by the place of these (`argsAt` of a task): counts where a run comes there. */
  readonly flaws: ReadonlyMap<SourcePosition, CutoverError>;
  /** Every file that was read, absolute: what a run freezes. */
  readonly files: readonly string[];
}

/** What the loader must know of the modules, given by the caller so that the room stays free of them. */
export interface ModuleCatalog {
  /** Canonical short name of a module, or undefined when it is not known. */
  resolve(name: string): string | undefined;
  /** All names, for suggestions. */
  names(): Iterable<string>;
  /** The parameter that takes free text. */
  freeForm(name: string): string | undefined;
  /** Why a module whose name `resolve` gave cannot run here, or not with these parameters: its task fails when it is reached. */
  missing?(name: string, args: Readonly<Record<string, unknown>>): string | undefined;
  /** Checks literal parameters (templates are left out by the caller's rule). Gives errors with positions; empty = fine. */
  checkArguments(
    name: string,
    args: Readonly<Record<string, unknown>>,
    at: SourcePosition,
  ): Promise<readonly CutoverError[]>;
}

/** How a playbook is read. */
export interface LoadOptions {
  readonly catalog: ModuleCatalog;
  /** Folders searched for roles after `roles/` beside the playbook. */
  readonly rolesPath: readonly string[];
  /** Folders that hold `ansible_collections`, searched after `collections/` beside the playbook. */
  readonly collectionsPath?: readonly string[];
  /** Gives a file's text, vault files decrypted. */
  readText(path: string): string;
  /** Renders a static name (`import_tasks: "{{ x }}.yml"`) with extra vars and play vars; throws when it needs host variables. */
  renderStatic(text: string, vars: readonly VarsLayer[], at: SourcePosition | undefined): unknown;
  /** Checks an expression or text for syntax; throws CutoverError, which is told as a warning. */
  checkTemplate(text: string, as: 'text' | 'expression' | 'condition', at: SourcePosition | undefined): void;
  /** Told of every role before its tasks are read, so that a catalog can add the role's own modules. */
  roleFound?(path: string): void;
}

/** What an include gives when it is expanded for a host. */
export interface Included {
  readonly nodes: readonly TaskNode[];
  /** Of an included role. */
  readonly role: Role | undefined;
  readonly handlers: readonly Handler[];
  /** Roles whose variables the rest of the play sees from here on: a public one, and those that were imported in it. */
  readonly exposes: readonly Role[];
  /** Whether the recap counts it: a role and a file that holds nothing at all are not counted, an empty list is. */
  readonly counts?: boolean;
}

/** What a task asks of the role that it names; undefined is what the task does not say. */
export interface RoleRequest {
  readonly name: string;
  readonly tasksFrom?: string | undefined;
  readonly varsFrom?: string | undefined;
  readonly defaultsFrom?: string | undefined;
  readonly handlersFrom?: string | undefined;
  /** Whether the rest of the play sees its variables. */
  readonly public?: boolean | undefined;
  readonly allowDuplicates?: boolean | undefined;
  /** Whether variables are checked against the role's argument specification: true unless said otherwise. */
  readonly validates?: boolean | undefined;
}

/** Reads dynamic includes during the run. Files are read and checked once, then cached. */
export interface IncludeLoader {
  /** `file` and `args` are rendered; throws CutoverError or ErrorList. */
  tasks(include: Include, file: string, params: Readonly<Record<string, unknown>>): Promise<Included>;
  role(include: Include, role: RoleRequest, params: Readonly<Record<string, unknown>>): Promise<Included>;
}
