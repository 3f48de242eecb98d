import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { CutoverError } from '../../errors/index.ts';
import type { ChangeMark, DiffRecord } from '../../journal/index.ts';
import { isMapping } from '../../values/index.ts';

/** What a plan foresees of one change. */
export interface PlannedChange extends ChangeMark {
  readonly key: string;
  readonly summary: string;
  readonly undo: string;
  /** A command of the plan runs on the host before it: what will be found then cannot be known, and is not compared. */
  readonly afterCommand?: true;
}

/** What a plan foresees of one task on one host. */
export interface PlannedStep {
  readonly play: number;
  /** The task's stable id: its place in the playbook. */
  readonly task: string;
  readonly name: string;
  readonly module: string;
  /** `file:line`. */
  readonly at: string;
  readonly kind: 'task' | 'handler' | 'facts';
  readonly host: string;
  /** Where it acts, when that is another host. */
  readonly on?: string;
  readonly outcome: 'will' | 'wont' | 'unknown' | 'skipped' | 'fails' | 'unreachable';
  /** The failure would be ignored. */
  readonly ignored?: true;
  /** Why it is unknown, or what fails. */
  readonly why?: string;
  /** Not even what it would change is known: approving the plan approves whatever this task does then. */
  readonly open?: true;
  readonly changes: readonly PlannedChange[];
  readonly diffs: readonly DiffRecord[];
}

/** A task of which only a failure can tell whether it runs. */
export interface ContingentTask {
  readonly task: string;
  readonly name: string;
  readonly at: string;
}

/** The flags that a run of the plan takes over. */
export interface PlanOptions {
  readonly inventory: readonly string[];
  readonly limit?: string;
  readonly tags: readonly string[];
  readonly skipTags: readonly string[];
  readonly startAtTask?: string;
  readonly forceHandlers: boolean;
  readonly connection: Readonly<Record<string, unknown>>;
}

/** What would change, as a document: reviewed by people, applied by `run --plan`. Holds no secret. */
export interface PlanDocument {
  readonly format: typeof PLAN_FORMAT;
  /** ISO 8601, UTC. */
  readonly made: string;
  readonly version: string;
  readonly playbook: string;
  readonly options: PlanOptions;
  /** Of the digests of this plan. */
  readonly salt: string;
  readonly inputs: {
    /** Every file of the controller that was read, by its path from the playbook's folder. */
    readonly files: Readonly<Record<string, string>>;
    /** Groups and variables of every host that a play matched. */
    readonly hosts: Readonly<Record<string, string>>;
    readonly extraVars: string;
  };
  readonly plays: readonly {
    readonly play: number;
    readonly name: string;
    readonly hosts: readonly string[];
  }[];
  readonly steps: readonly PlannedStep[];
  readonly contingent: readonly ContingentTask[];
  readonly counts: { readonly will: number; readonly wont: number; readonly unknown: number };
  /** False when a host failed or was away: such a plan can be read and not applied. */
  readonly complete: boolean;
  /** SHA-256 of everything above. */
  readonly digest: string;
}

/** Named in every plan; another format is refused. */
export const PLAN_FORMAT = 'cutover plan 1';

/** Puts the digest under a plan. */
export function sealPlan(plan: Omit<PlanDocument, 'digest'>): PlanDocument {
  return { ...plan, digest: digestOf(plan) };
}

/** Reads a plan. Throws CutoverError('usage') for what is none, and for one that was edited or torn. */
export function readPlan(file: string): PlanDocument {
  const plan = parse(file);
  if (!isMapping(plan) || typeof plan.format !== 'string' || !plan.format.startsWith('cutover plan '))
    throw new CutoverError('usage', `${file} is no plan`, {
      hint: 'make one with `cutover plan PLAYBOOK --out FILE`',
    });
  if (plan.format !== PLAN_FORMAT)
    throw new CutoverError(
      'usage',
      `${file} is a "${plan.format}", and this version reads "${PLAN_FORMAT}"`,
      {
        hint: 'make the plan anew',
      },
    );
  const { digest, ...rest } = plan as unknown as PlanDocument;
  if (digest !== digestOf(rest))
    throw new CutoverError('usage', `${file} was changed after it was made`, { hint: 'make the plan anew' });
  return plan as unknown as PlanDocument;
}

function parse(file: string): unknown {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    throw new CutoverError('usage', `cannot read the plan ${file}: ${(cause as Error).message}`, { cause });
  }
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new CutoverError('usage', `${file} is no plan: it is no JSON`, {
      hint: 'make one with `cutover plan PLAYBOOK --out FILE`',
      cause,
    });
  }
}

function digestOf(plan: object): string {
  return createHash('sha256').update(JSON.stringify(plan)).digest('hex');
}
