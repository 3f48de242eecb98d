/** Runs tasks on the machine of the tests: probes, plan, changes and result, all real. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Module, parseParams } from '../../src/modules/index.ts';
import {
  applyChanges,
  type ChangeOutcome,
  type Observed,
  prelude,
  probeAll,
  type Session,
  undoEntries,
} from '../../src/resources/index.ts';
import { connect } from '../../src/transport/index.ts';
import { contextOf, type Surroundings } from './task-plan.ts';

/** How a task ended, in the words of `register`. */
export interface Ended {
  readonly changed: unknown;
  readonly failed: boolean;
  readonly result: Record<string, unknown>;
}

/** A lane on this machine, and a scratch folder that goes away with it. */
export interface ThisHost {
  readonly folder: string;
  run(module: Module<never>, args: Record<string, unknown>, around?: Surroundings): Promise<Ended>;
  /** Puts everything back; gives how each entry ended. */
  undo(): Promise<readonly string[]>;
  close(): Promise<void>;
}

/** Opens this machine as the user who runs the tests. */
export async function openThisHost(): Promise<ThisHost> {
  const folder = mkdtempSync(join(tmpdir(), 'cutover-test-'));
  const connection = await connect({
    name: 'here',
    connection: 'local',
    address: 'localhost',
    hostKeyChecking: 'strict',
    connectTimeoutMs: 10_000,
    prelude,
  });
  const lane = await connection.lane({ method: 'none' });
  let seq = 0;
  const session: Session = {
    connection,
    lane,
    run: 'test-modules',
    nextSeq: () => ++seq,
    stateDir: join(folder, 'state'),
    arm: async () => {},
    environment: {},
  };
  return {
    folder,
    async run(module, args, around = {}) {
      const params = parseParams(module, args);
      const context = contextOf(around);
      const known = new Map<string, unknown>();
      const seen: Observed = { get: (probe) => known.get(probe.key) as never };
      for (;;) {
        const wanted = (await module.needs?.(params, seen, context)) ?? [];
        const fresh = wanted.filter(({ key }) => !known.has(key));
        if (fresh.length === 0) break;
        for (const [key, state] of await probeAll(session, fresh)) known.set(key, state);
      }
      const plan = await module.plan(params, seen, context);
      if (plan.failed !== undefined) {
        return { changed: false, failed: true, result: { ...plan.result?.([]), msg: plan.failed } };
      }
      let outcomes: readonly ChangeOutcome[] = [];
      if (!context.checkMode && plan.changes.length > 0) outcomes = await applyChanges(session, plan.changes);
      const bad = outcomes.find(({ status }) => status !== 'done');
      const result: Record<string, unknown> = {
        ...plan.result?.(outcomes),
        ...(bad ? { failed: true, msg: `${bad.status}: ${bad.message}` } : {}),
      };
      return {
        changed: result.changed ?? plan.changed ?? plan.changes.length > 0,
        failed: result.failed === true,
        result,
      };
    },
    async undo() {
      const outcomes = await undoEntries(session, session.run, { check: false, force: false });
      return outcomes.map(({ status }) => status);
    },
    async close() {
      await connection.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
