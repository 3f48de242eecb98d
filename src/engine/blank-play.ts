import type { Play } from '../playbook/index.ts';

/** A play that sets nothing: around undo lists and single commands. */
export function blankPlay(folder: string, index = 0, hosts = 'all'): Play {
  const position = { file: folder, line: 1, column: 1 };
  return {
    index,
    position,
    name: undefined,
    hosts: { value: hosts, at: undefined },
    gatherFacts: { value: false, at: undefined },
    gatherSubset: undefined,
    gatherTimeout: undefined,
    vars: { level: 'play vars', origin: '', values: {} },
    varsFiles: [],
    varsPrompt: [],
    roles: [],
    preTasks: [],
    roleTasks: [],
    tasks: [],
    postTasks: [],
    handlers: [],
    serial: undefined,
    strategy: undefined,
    order: undefined,
    maxFailPercentage: undefined,
    anyErrorsFatal: undefined,
    forceHandlers: undefined,
    throttle: undefined,
    tags: [],
    remoteUser: undefined,
    port: undefined,
    connection: undefined,
    become: {},
    environment: undefined,
    onFailure: 'stop',
    rollbackScope: 'host',
    rollback: 'best_effort',
    folder,
  };
}
