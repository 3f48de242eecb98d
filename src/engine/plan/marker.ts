import { createHash, scryptSync } from 'node:crypto';
import type { ChangeMark } from '../../journal/index.ts';
import { type Change, type ChangePicture, pictureOf } from '../../resources/index.ts';
import type { Secrets } from '../../secrets/index.ts';
import type { PlanDocument } from './document.ts';

/** Slow on purpose: a short password must not be found by trying words against a plan. About 10 ms each. */
const SCRYPT = { N: 4096, r: 8, p: 1 };

/** Turns what a plan must be able to compare into digests from which nothing secret can be read. */
export class Marker {
  private readonly salt: string;
  private readonly secrets: Secrets;
  private readonly slow = new Map<string, string>();
  private readonly plan: Planned | undefined;

  /**
   * `salt` belongs to one plan: the digests of two plans cannot be compared. With a plan to compare with, its form counts where either
   * fits: what is known to be secret may differ between two runs of one playbook.
   */
  constructor(salt: string, secrets: Secrets, plan?: PlanDocument) {
    this.salt = salt;
    this.secrets = secrets;
    this.plan = plan && plannedForms(plan);
  }

  /** Gives what a plan keeps of a change. `hidden` (no_log) makes everything of it a secret. */
  mark(change: Change, hidden: boolean): ChangeMark {
    const picture = pictureOf(change);
    const open = this.form(picture, false);
    if (this.plan?.intents.has(open.intent)) return open;
    if (hidden || this.holdsSecrets(picture)) return this.form(picture, true);
    if (!this.plan?.sealed) return open;
    const sealed = this.form(picture, true);
    return this.plan.intents.has(sealed.intent) ? sealed : open;
  }

  private form({ before, intent, content }: ChangePicture, secret: boolean): ChangeMark {
    return {
      before: secret ? before.replace(/[0-9a-f]{64}/g, (hash) => this.sealed(hash)) : before,
      intent: secret ? this.sealed(intent) : digest(this.salt + intent),
      ...(content === undefined ? {} : { content: secret ? this.sealed(content) : `sha256:${content}` }),
    };
  }

  /** Gives the digest of a text or file; slow and salted when it holds a secret, or where the one to compare with is. */
  digest(data: string | Buffer, like?: string): string {
    const text = String(data);
    const secret = like === undefined ? this.secrets.has(text) : like.startsWith('salted:');
    return secret ? this.sealed(text) : digest(data);
  }

  /** Gives a salted, slow digest. */
  sealed(text: string): string {
    const known = this.slow.get(text);
    if (known !== undefined) return known;
    const made = `salted:${scryptSync(text, this.salt, 32, SCRYPT).toString('hex')}`;
    this.slow.set(text, made);
    return made;
  }

  private holdsSecrets({ intent, bytes }: ChangePicture): boolean {
    if (this.secrets.size === 0) return false;
    return this.secrets.has(intent) || bytes.some((part) => this.secrets.has(Buffer.from(part).toString()));
  }
}

interface Planned {
  readonly intents: ReadonlySet<string>;
  /** Whether there are changes of which the plan has only salted digests. */
  readonly sealed: boolean;
}

function plannedForms(plan: PlanDocument): Planned {
  const intents = plan.steps.flatMap((step) => step.changes.map(({ intent }) => intent));
  return { intents: new Set(intents), sealed: intents.some((intent) => intent.startsWith('salted:')) };
}

function digest(data: string | Buffer): string {
  return `sha256:${createHash('sha256').update(data).digest('hex')}`;
}
