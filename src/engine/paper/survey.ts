/** Everything that a play holds, as far as it can be known without a host: what `explain` and `lint` look through. */
import { CutoverError, ErrorList } from '../../errors/index.ts';
import type {
  Handler,
  Include,
  Included,
  IncludeLoader,
  Play,
  Task,
  TaskNode,
} from '../../playbook/index.ts';
import { roleRequest } from '../../playbook/index.ts';
import { searchFolders } from '../task/files.ts';
import { candidateFiles, hasTemplate, includedFile } from './literal-files.ts';

/** A task or include with its part in the play. */
export interface SurveyedTask {
  readonly node: Task | Include;
  readonly part: 'task' | 'handler' | 'undo';
}

/** A play with all that its static imports and its decidable includes bring. */
export interface SurveyedPlay {
  readonly play: Play;
  readonly tasks: readonly SurveyedTask[];
  readonly handlers: readonly Handler[];
  /** Includes of which only a host can tell what they bring. */
  readonly open: readonly Include[];
  /** What is wrong in included files. */
  readonly errors: readonly CutoverError[];
}

/** Looks through a play. Includes with a literal name are read, those with templates in the name are tried with every file that fits. Never throws. */
export async function surveyPlay(play: Play, includes: IncludeLoader): Promise<SurveyedPlay> {
  const surveyor = new Surveyor(play, includes);
  for (const list of [play.preTasks, play.roleTasks, play.tasks, play.postTasks])
    await surveyor.nodes(list, 'task');
  for (const handler of play.handlers) await surveyor.handler(handler);
  return surveyor.result();
}

/** Deep enough for any layout of task files; includes that include themselves with other parameters end here. */
const DEEPEST = 12;

class Surveyor {
  private readonly play: Play;
  private readonly includes: IncludeLoader;
  private readonly tasks: SurveyedTask[] = [];
  private readonly handlers: Handler[] = [];
  private readonly open: Include[] = [];
  private readonly errors: CutoverError[] = [];
  private readonly visited = new Set<string>();
  private depth = 0;

  constructor(play: Play, includes: IncludeLoader) {
    this.play = play;
    this.includes = includes;
  }

  result(): SurveyedPlay {
    const { play, tasks, handlers, open, errors } = this;
    return { play, tasks, handlers, open, errors };
  }

  async nodes(nodes: readonly TaskNode[], part: SurveyedTask['part']): Promise<void> {
    for (const node of nodes) {
      if (node.kind === 'block') {
        for (const list of [node.block, node.rescue, node.always]) await this.nodes(list, part);
      } else if (node.kind === 'include') {
        await this.include(node, part);
      } else {
        this.tasks.push({ node, part });
        if (node.undo?.kind === 'tasks') await this.nodes(node.undo.tasks, 'undo');
      }
    }
  }

  async handler(handler: Handler): Promise<void> {
    if (this.handlers.some((known) => known.id === handler.id)) return;
    this.handlers.push(handler);
    await this.nodes([handler.include ?? handler], 'handler');
  }

  private async include(node: Include, part: SurveyedTask['part']): Promise<void> {
    this.tasks.push({ node, part });
    const { position } = node;
    const key = `${position.file}:${position.line}:${position.column}`;
    if (this.visited.has(key)) return;
    this.visited.add(key);
    if (this.depth >= DEEPEST) return void this.open.push(node);
    const found = await this.bring(node);
    if (found === undefined) return void this.open.push(node);
    this.depth++;
    for (const included of found) {
      await this.nodes(included.nodes, part);
      for (const handler of included.handlers) await this.handler(handler);
    }
    this.depth--;
  }

  /** Gives what an include brings; undefined when only a host can tell. */
  private async bring(node: Include): Promise<readonly Included[] | undefined> {
    return node.what === 'role' ? this.bringRole(node) : this.bringFile(node);
  }

  private async bringFile(node: Include): Promise<readonly Included[] | undefined> {
    const name = includedFile(node);
    if (name === undefined) return undefined;
    if (!hasTemplate(name)) return this.read(() => this.includes.tasks(node, name, {}));
    const folders = [node.folder, ...searchFolders('tasks', node.role, node.position.file, this.play.folder)];
    const files = candidateFiles(name, folders).filter((path) => /\.ya?ml$|\.json$/.test(path));
    if (files.length === 0) return undefined;
    const all: Included[] = [];
    // A file that fits the name by chance need not be a file of tasks: its mistakes are not the include's.
    for (const file of files) all.push(...(await this.includes.tasks(node, file, {}).then(one, () => [])));
    return all;
  }

  private async bringRole(node: Include): Promise<readonly Included[] | undefined> {
    if (Object.values(node.args).some((value) => typeof value === 'string' && hasTemplate(value)))
      return undefined;
    return this.read(() => this.includes.role(node, roleRequest('include_role', node.args, node.argsAt), {}));
  }

  private async read(work: () => Promise<Included>): Promise<readonly Included[]> {
    try {
      return [await work()];
    } catch (error) {
      if (error instanceof ErrorList) this.errors.push(...error.errors);
      else if (error instanceof CutoverError) this.errors.push(error);
      else throw error;
      return [];
    }
  }
}

const one = (included: Included): Included[] => [included];
