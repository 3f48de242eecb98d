import { Listr, type ListrTaskWrapper } from 'listr2';
import type { RunEvent } from '../journal/index.ts';
import { type PlainOptions, PlainView } from './plain.ts';
import type { OpenReport, Write } from './types.ts';

/** Above this a row per host costs more than it tells (measured: 100 rows stall the process for seconds). */
const ROWS = 15;
const REDRAW_MS = 100;

/** Draws progress rows at a terminal: one per host of the batch with its present task, or one for all when there are many. What changed stays above them. */
export function terminalReporter(write: Write, options: PlainOptions): OpenReport {
  const view = new PlainView(options);
  let rows: Rows | undefined;
  let chain: Promise<void> = Promise.resolve();
  const later = (work: () => Promise<void> | void) => {
    chain = chain.then(work);
  };
  let kept: string[] = [];
  const print = (lines: readonly string[]) => {
    for (const line of lines) write(`${line}\n`);
  };
  const close = async () => {
    await rows?.close();
    rows = undefined;
    print(kept);
    kept = [];
  };
  // Rows are drawn from the first task on: a play that runs in batches has none of its own.
  let hosts: readonly string[] = [];
  return {
    sink: (event) => {
      const lines = view.lines(event);
      later(async () => {
        if (
          event.type === 'batch-started' ||
          event.type === 'play-started' ||
          event.type === 'rollback-started'
        ) {
          await close();
          print(lines);
          hosts = event.hosts;
        } else if (
          event.type === 'batch-ended' ||
          event.type === 'play-ended' ||
          event.type === 'run-ended'
        ) {
          await close();
          print(lines);
          hosts = [];
        } else {
          if (!rows && hosts.length > 0 && (event.type === 'task-started' || event.type === 'undo-result'))
            rows = new Rows(hosts);
          rows?.show(event);
          if (rows) kept.push(...lines);
          else print(lines);
        }
      });
    },
    close: async () => {
      later(close);
      await chain;
    },
  };
}

type Row = ListrTaskWrapper<unknown, never, never>;

/** The rows of one batch. Texts are collected and handed to listr2 ten times a second. */
class Rows {
  private readonly total: number;
  private readonly texts = new Map<string, string>();
  private readonly rows = new Map<string, { task: Row; end: (problem?: Error) => void }>();
  private readonly failed = new Set<string>();
  private readonly timer: NodeJS.Timeout;
  private readonly running: Promise<unknown>;
  private readonly many: boolean;
  private readonly status = new Map<string, string>();

  constructor(hosts: readonly string[]) {
    this.total = hosts.length;
    this.many = hosts.length > ROWS;
    const names = this.many ? ['all'] : hosts;
    const list = new Listr(
      names.map((name) => ({
        title: this.many ? `${hosts.length} hosts` : name,
        task: (_: unknown, task: unknown) =>
          new Promise<void>((resolve, reject) => {
            this.rows.set(name, {
              task: task as Row,
              end: (problem) => (problem ? reject(problem) : resolve()),
            });
          }),
      })),
      {
        concurrent: true,
        exitOnError: false,
        registerSignalListeners: false,
        rendererOptions: { collapseErrors: true, showErrorMessage: false },
      },
    );
    this.running = list.run().catch(() => undefined);
    this.timer = setInterval(() => this.draw(), REDRAW_MS);
  }

  show(event: RunEvent): void {
    if (event.type === 'task-started') {
      for (const host of event.hosts) this.set(host, event.task.name);
    } else if (event.type === 'transfer') {
      this.set(event.host, `${event.path}  ${megabytes(event.done)} of ${megabytes(event.total)}`);
    } else if (event.type === 'retry') {
      this.set(event.host, `waiting, ${event.left} tries left`);
    } else if (event.type === 'undo-result') {
      this.set(event.host, `${event.outcome}: ${event.summary}`);
    } else if (
      event.type === 'host-result' &&
      (event.status === 'failed' || event.status === 'unreachable') &&
      !event.ignored
    ) {
      this.failed.add(event.host);
      this.set(event.host, `${event.status}: ${event.task.name}`);
    } else if (event.type === 'rescued') {
      this.failed.delete(event.host);
    }
  }

  async close(): Promise<void> {
    clearInterval(this.timer);
    // Rows are handed out a moment after the list started; a very short batch must wait for them.
    while (this.rows.size < (this.many ? 1 : this.total))
      await new Promise((resolve) => setImmediate(resolve));
    this.draw();
    for (const [name, row] of this.rows)
      row.end(this.failed.has(name) || (this.many && this.failed.size > 0) ? new Error('failed') : undefined);
    await this.running;
  }

  private set(host: string, text: string): void {
    this.status.set(host, text);
    if (!this.many) this.texts.set(host, `${host}  ${text}`);
  }

  private draw(): void {
    if (this.many) this.texts.set('all', this.aggregate());
    for (const [name, text] of this.texts) {
      const row = this.rows.get(name);
      if (row) row.task.title = clip(text);
    }
    this.texts.clear();
  }

  private aggregate(): string {
    const byTask = Map.groupBy(this.status.values(), (text) => text);
    const busiest = [...byTask].sort((a, b) => b[1].length - a[1].length)[0];
    const failed = this.failed.size > 0 ? `, ${this.failed.size} failed` : '';
    return `${this.total} hosts${failed}${busiest ? `: ${busiest[0]} (${busiest[1].length})` : ''}`;
  }
}

function clip(text: string): string {
  const width = Math.max(20, (process.stdout.columns ?? 80) - 4);
  return text.length > width ? `${text.slice(0, width - 1)}…` : text;
}

function megabytes(bytes: number): string {
  return bytes < 1024 * 1024 ? `${Math.ceil(bytes / 1024)} KiB` : `${(bytes / 1024 / 1024).toFixed(1)} MiB`;
}
