/** Runs and plays that are never carried out: for what wants variables and no host. */
import { CutoverError } from '../../errors/index.ts';
import type { RunStore, RunWriter } from '../../journal/index.ts';
import type { RunContext } from '../context.ts';
import type { HostOptions } from '../options.ts';
import { openRun, type Prepared } from '../session-setup.ts';

/** What a run on paper says of itself when somebody asks. */
export interface PaperOptions {
  readonly playbook?: string;
  readonly check?: boolean;
  readonly tags?: readonly string[];
  readonly skipTags?: readonly string[];
}

/** Makes the context of a run that leaves no trace: nothing is stored, nobody is told. */
export function paperRun(
  options: HostOptions,
  prepared: Prepared,
  { playbook = '', check = true, tags = [], skipTags = [] }: PaperOptions = {},
): Promise<RunContext> {
  return openRun({ ...options, store: NOWHERE, sinks: [] }, prepared, {
    command: 'run',
    playbook,
    check,
    diff: false,
    tags,
    skipTags,
    frozen: {},
  });
}

const quiet = async () => {};

const NOWHERE: RunStore = {
  folder: '/dev/null',
  create: async (id = 'none'): Promise<RunWriter> => ({
    id,
    folder: '/dev/null',
    append: () => {},
    flush: quiet,
    freeze: quiet,
    close: quiet,
  }),
  list: async () => [],
  find: async () => Promise.reject(new CutoverError('internal', 'a run on paper has no store')),
  events: async function* () {},
  inputs: async () => ({ options: {}, files: {} }),
  markRolledBack: quiet,
  remove: quiet,
  size: async () => 0,
};
