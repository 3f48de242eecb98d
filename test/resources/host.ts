import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import {
  applyChanges,
  type Change,
  type ChangeOutcome,
  type Probe,
  prelude,
  probeAll,
  type Session,
  type UndoRequest,
  undoEntries,
} from '../../src/resources/index.ts';
import { type Connection, connect } from '../../src/transport/index.ts';
import { hasProgram } from '../machine.ts';

/** The shells that Debian packages, and busybox with nothing but its own tools. */
export const SHELLS = ['dash', 'bash', 'mksh', 'ksh93', 'busybox'].filter(hasProgram);

/** In memory where there is such a place: every change waits for the disk several times. */
const MEMORY = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

/** A practice host: a folder, a session on this machine, and what tests do with both. */
export interface TestHost {
  /** The folder that stands for the host's file system. */
  readonly root: string;
  readonly state: string;
  readonly session: Session;
  readonly connection: Connection;
  /** Asks one question. */
  ask<State>(probe: Probe<State>): Promise<State>;
  /** Applies and expects every change to be done. */
  make(...changes: Change[]): Promise<ChangeOutcome[]>;
  /** Everything below `root`: path, type, mode, owner, time and content of files, target of links. */
  manifest(): string;
}

/** Opens a practice host that goes away when the test is over. */
export async function testHost(
  shell = 'dash',
  settings: {
    readonly run?: string;
    readonly wrap?: (path: string) => string;
    readonly folder?: string;
  } = {},
): Promise<TestHost> {
  const folder = mkdtempSync(join(settings.folder ?? MEMORY, 'cutover-res-'));
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  const root = join(folder, 'root');
  const state = join(folder, 'state');
  mkdirSync(root);
  const path = shell === 'busybox' ? busyboxShell(folder) : `/bin/${shell}`;
  const connection = await connect({
    name: shell,
    connection: 'local',
    address: shell,
    hostKeyChecking: 'off',
    connectTimeoutMs: 5000,
    prelude,
    shell: settings.wrap ? settings.wrap(path) : path,
  });
  onTestFinished(() => connection.close());
  const lane = await connection.lane({ method: 'none' });
  let seq = 0;
  const session: Session = {
    connection,
    lane,
    run: settings.run ?? 'run-1',
    nextSeq: () => ++seq,
    stateDir: state,
    arm: async () => {},
    environment: {},
  };
  return {
    root,
    state,
    session,
    connection,
    ask: async <State>(probe: Probe<State>) => (await probeAll(session, [probe])).get(probe.key) as State,
    make: async (...changes) => {
      const outcomes = await applyChanges(session, changes);
      for (const { status, message } of outcomes)
        if (status !== 'done') throw new Error(`${status}: ${message}`);
      return outcomes;
    },
    // The busybox tools cannot set fractions of a second.
    manifest: () =>
      shell === 'busybox' ? manifestOf(root).replace(/(\d{10})\.\d+/g, '$1') : manifestOf(root),
  };
}

/** Takes the run back and gives what became of each entry, with the reason where there is one. */
export async function undo(host: TestHost, request: Partial<UndoRequest> = {}): Promise<string[]> {
  const outcomes = await undoEntries(host.session, host.session.run, {
    check: false,
    force: false,
    ...request,
  });
  return outcomes.map(({ status, message }) => (message === undefined ? status : `${status}: ${message}`));
}

/** A folder of links that makes busybox the only userland, with tools that a minimal host adds. */
function busyboxShell(folder: string): string {
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  const applets = execFileSync('busybox', ['--list'], { encoding: 'utf8' }).trim().split('\n');
  for (const applet of applets) symlinkSync('/usr/bin/busybox', join(bin, applet));
  const shell = join(folder, 'busybox-sh');
  writeScript(shell, `PATH=${bin}\nexport PATH\nexec ${bin}/sh "$@"`);
  return shell;
}

/** Writes an executable shell script. */
export function writeScript(path: string, body: string): void {
  execFileSync('/bin/sh', ['-c', 'cat >"$1" && chmod 755 "$1"', 'x', path], {
    input: `#!/bin/sh\n${body}\n`,
  });
}

/** Gives one line per path below a folder. */
export function manifestOf(root: string): string {
  const script = `cd "$1" || exit 1
find . ! -type f -printf '%P\\0%y %m %U:%G %l\\n' | sort
find . -type f -printf '%P\\0%y %m %U:%G %T@\\n' | sort
find . -type f -exec sha256sum {} + | sort`;
  return execFileSync('/bin/sh', ['-c', script, 'x', root], { encoding: 'latin1' });
}
