import { randomUUID } from 'node:crypto';
import { DatabaseSync } from 'node:sqlite';
import { type Log, source } from './log.ts';

/** What a node brings to its cluster. */
export interface Membership {
  /** Path of the SQLite file that plays the coordination database. */
  readonly database: string;
  /** Undefined gives a random id, as in the real server. */
  readonly nodeId: string | undefined;
  readonly version: string;
  readonly heartbeatMs: number;
  /** A node counts as gone when its last heartbeat is older. */
  readonly expiryMs: number;
  /** Names of the deployed tasks. */
  readonly tasks: readonly string[];
}

interface Row {
  readonly [column: string]: string | number | null;
}

/**
 * Task coordination as MI does it: heartbeats and a leader in a shared database, all tasks on the leader
 * (ActivePassive). There is no leaving: a stopped node stays a member until its heartbeat expires, and an id that
 * comes back earlier fails to join while the server goes on looking healthy.
 */
export class Coordination {
  readonly #member: Membership;
  readonly #id: string;
  readonly #log: Log;
  readonly #database: DatabaseSync;
  #known = new Set<string>();
  #leader: string | undefined;
  #scheduled = new Set<string>();

  constructor(member: Membership, log: Log) {
    this.#member = member;
    this.#id = member.nodeId ?? randomUUID();
    this.#log = log;
    this.#database = new DatabaseSync(member.database, { timeout: 5000 });
    this.#database.exec(`
      PRAGMA synchronous = OFF;
      CREATE TABLE IF NOT EXISTS CLUSTER_NODE_STATUS_TABLE (NODE_ID TEXT PRIMARY KEY, LAST_HEARTBEAT INTEGER);
      CREATE TABLE IF NOT EXISTS LEADER_STATUS_TABLE (GROUP_ID TEXT PRIMARY KEY, NODE_ID TEXT);
      CREATE TABLE IF NOT EXISTS COORDINATED_TASK_TABLE (TASK_NAME TEXT PRIMARY KEY, DESTINED_NODE_ID TEXT, TASK_STATE TEXT);
    `);
  }

  /** Joins and goes on beating until the process ends. Gives false, and logs why, when the id is still taken. */
  join(): boolean {
    this.#log('INFO', source.tasksComponent, 'Initializing task coordination.');
    const taken = this.#transaction(() => {
      if (this.#alive().includes(this.#id)) return true;
      this.#run('INSERT OR REPLACE INTO CLUSTER_NODE_STATUS_TABLE VALUES (?, ?)', this.#id, Date.now());
      this.#run(
        `DELETE FROM COORDINATED_TASK_TABLE WHERE DESTINED_NODE_ID = ? AND TASK_STATE NOT IN ('COMPLETED', 'ACTIVATED', 'DEACTIVATED')`,
        this.#id,
      );
      for (const task of this.#member.tasks) {
        this.#run(`INSERT OR IGNORE INTO COORDINATED_TASK_TABLE VALUES (?, NULL, 'NONE')`, task);
      }
      return false;
    });
    if (taken) {
      const why = `or the previous shutdown of this node hasn't elapsed the heart beat expiry time of ${this.#member.expiryMs} milli seconds.`;
      const text = `Node with id ${this.#id} already exists in cluster ${why}`;
      this.#log('ERROR', source.tasksComponent, `Error in initializing Tasks component: ${text}`);
      return false;
    }
    this.#log('INFO', source.coordination, `Successfully joined the cluster with id [${this.#id}]`);
    this.#known.add(this.#id);
    this.#beat();
    setInterval(() => this.#beat(), this.#member.heartbeatMs);
    return true;
  }

  #beat(): void {
    const mine = this.#transaction(() => {
      this.#run('INSERT OR REPLACE INTO CLUSTER_NODE_STATUS_TABLE VALUES (?, ?)', this.#id, Date.now());
      const alive = this.#alive();
      this.#noticeMembers(alive);
      this.#noticeLeader(this.#electedLeader(alive));
      if (this.#leader === this.#id) this.#placeTasks(alive);
      return this.#rows('SELECT TASK_NAME FROM COORDINATED_TASK_TABLE WHERE DESTINED_NODE_ID = ?', this.#id);
    });
    for (const { TASK_NAME } of mine) this.#schedule(String(TASK_NAME));
  }

  #noticeMembers(alive: readonly string[]): void {
    const now = new Set(alive);
    for (const id of now) if (!this.#known.has(id)) this.#log('INFO', source.cluster, `Member added [${id}]`);
    for (const id of this.#known)
      if (!now.has(id)) this.#log('INFO', source.cluster, `Member removed [${id}]`);
    this.#known = now;
  }

  #electedLeader(alive: readonly string[]): string {
    const leader = this.#rows(`SELECT NODE_ID FROM LEADER_STATUS_TABLE WHERE GROUP_ID = 'default'`)[0]
      ?.NODE_ID;
    if (typeof leader === 'string' && alive.includes(leader)) return leader;
    this.#run(`INSERT OR REPLACE INTO LEADER_STATUS_TABLE VALUES ('default', ?)`, this.#id);
    this.#log('INFO', source.coordination, `Elected current node (nodeID: ${this.#id}) as the coordinator`);
    return this.#id;
  }

  #noticeLeader(leader: string): void {
    if (leader !== this.#leader) this.#log('INFO', source.cluster, `Coordinator changed to [${leader}]`);
    this.#leader = leader;
  }

  /** The 4.0.0 leader's cleaner drops every task that it does not know itself; 4.1.0 only moves those of dead nodes. */
  #placeTasks(alive: readonly string[]): void {
    for (const row of this.#rows('SELECT TASK_NAME, DESTINED_NODE_ID FROM COORDINATED_TASK_TABLE')) {
      const name = String(row.TASK_NAME);
      if (this.#member.version === '4.0.0' && !this.#member.tasks.includes(name)) {
        this.#run('DELETE FROM COORDINATED_TASK_TABLE WHERE TASK_NAME = ?', name);
      } else if (!alive.includes(String(row.DESTINED_NODE_ID))) {
        this.#run(
          'UPDATE COORDINATED_TASK_TABLE SET DESTINED_NODE_ID = ? WHERE TASK_NAME = ?',
          this.#id,
          name,
        );
      }
    }
  }

  #schedule(task: string): void {
    if (this.#scheduled.has(task)) return;
    this.#scheduled.add(task);
    logScheduled(task, this.#log);
  }

  #alive(): string[] {
    const since = Date.now() - this.#member.expiryMs;
    const rows = this.#rows('SELECT NODE_ID FROM CLUSTER_NODE_STATUS_TABLE WHERE LAST_HEARTBEAT > ?', since);
    return rows.map((row) => String(row.NODE_ID));
  }

  #rows(sql: string, ...values: (string | number)[]): Row[] {
    return this.#database.prepare(sql).all(...values) as Row[];
  }

  #run(sql: string, ...values: (string | number)[]): void {
    this.#database.prepare(sql).run(...values);
  }

  #transaction<T>(work: () => T): T {
    this.#database.exec('BEGIN IMMEDIATE');
    try {
      const result = work();
      this.#database.exec('COMMIT');
      return result;
    } catch (error) {
      this.#database.exec('ROLLBACK');
      throw error;
    }
  }
}

/** Logs that a task runs on this node. */
export function logScheduled(task: string, log: Log): void {
  log('INFO', source.tasks, `Task scheduled: [ESB_TASK][${task}].`);
}
