import type { Target } from '../types.ts';
import type { SshLink, SshOptions } from './link.ts';
import { jumpTarget } from './route.ts';

/** A borrowed jump host. */
export interface Jump {
  readonly link: SshLink;
  /** The last one to give it back closes it. */
  giveBack(): void;
}

interface Shared {
  readonly link: Promise<SshLink>;
  borrowers: number;
}

/** The jump hosts of this process, by their whole route. */
const shared = new Map<string, Shared>();

/** Gives the connection to the innermost of some jump hosts, shared by everybody who goes the same way. */
export async function borrowJump(
  route: readonly string[],
  behind: Target,
  options: SshOptions,
  open: (target: Target, options: SshOptions) => Promise<SshLink>,
): Promise<Jump> {
  const key = JSON.stringify([route, behind.privateKeyFile, behind.sshConfigFile, behind.knownHostsFiles]);
  let jump = shared.get(key);
  if (jump === undefined) {
    const before = route.slice(0, -1);
    const target = jumpTarget(route.at(-1)!, behind);
    const link = open(before.length > 0 ? { ...target, jump: before } : target, options);
    jump = { link, borrowers: 0 };
    shared.set(key, jump);
    const mine = jump;
    const forget = () => {
      if (shared.get(key) === mine) shared.delete(key);
    };
    link.then((opened) => opened.lost).then(forget, forget);
  }
  const mine = jump;
  mine.borrowers++;
  let borrowed = true;
  const giveBack = () => {
    if (!borrowed) return;
    borrowed = false;
    if (--mine.borrowers > 0) return;
    if (shared.get(key) === mine) shared.delete(key);
    void mine.link.then((link) => link.close()).catch(() => {});
  };
  try {
    return { link: await mine.link, giveBack };
  } catch (error) {
    giveBack();
    throw error;
  }
}
