import { resolve } from 'node:path';
import { type IncludeLoader, singleTask } from '../playbook/index.ts';
import type { HostOptions } from './options.ts';
import { blankPlay } from './play/blank-play.ts';
import { runPlay } from './play/play.ts';
import { finishRun, frozenOptions, nobodyThere, type RunSummary } from './run.ts';
import { loadOptions, loadOwnModules, openRun, prepareRun, requireModule } from './session-setup.ts';

/** Options of `cutover exec PATTERN -m MODULE -a ARGS`. */
export interface ExecOptions extends HostOptions {
  readonly pattern: string;
  readonly module: string;
  readonly args: Readonly<Record<string, unknown>> | string;
  /** Keywords of the task: `async`, `poll`, `timeout`. */
  readonly keywords?: Readonly<Record<string, unknown>>;
  readonly check: boolean;
  readonly diff: boolean;
  /** Stands in for the folder of a playbook: its group_vars, files and modules count. The working directory by default. */
  readonly playbookFolder?: string | undefined;
}

/** Runs one module on the hosts of a pattern. Throws CutoverError before any host is touched. */
export async function execModule(options: ExecOptions): Promise<RunSummary> {
  const folder = resolve(options.playbookFolder ?? '.');
  const prepared = await prepareRun(options);
  await loadOwnModules(folder, options);
  await requireModule(options.module);
  const task = await singleTask(
    options.module,
    options.args,
    loadOptions(options, prepared),
    options.keywords,
  );
  const run = await openRun(options, prepared, {
    command: 'exec',
    playbook: options.module,
    check: options.check,
    diff: options.diff,
    frozen: frozenOptions({ ...options, tags: [], skipTags: [] }),
  });
  const play = {
    ...blankPlay(folder, 0, options.pattern),
    name: { value: 'cutover exec', at: undefined },
    tasks: [task],
  };
  const none: IncludeLoader = {
    tasks: () => Promise.reject(new Error('no includes here')),
    role: () => Promise.reject(new Error('no includes here')),
  };
  return finishRun(run, async () => {
    const playbook = {
      file: '',
      folder,
      plays: [play],
      lastPlays: [],
      warnings: [],
      flaws: new Map(),
      files: [],
    };
    const { matched } = await runPlay(run, playbook, play, none);
    if (!matched) throw nobodyThere(run, `no host matches "${options.pattern}"`);
  });
}
