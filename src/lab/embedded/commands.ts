import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { constants } from 'node:os';
import type { ServerChannel } from 'ssh2';
import { sendOutputs } from './outputs.ts';

/** A command that a client asked for, in a process group of its own. */
export interface RemoteCommand {
  /** Sends a signal to the whole group; unknown names are ignored. */
  signal(name: string): void;
  /** The client is gone: closes the pipes and hangs the group up, so that only what ignores SIGHUP (nohup) or left the group (setsid) lives on. */
  hangUp(): void;
}

/** Where and how a host's commands run. */
export interface Surroundings {
  readonly home: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** Runs `/bin/sh -c command` (without a command: `/bin/sh`) on a channel, as sshd does for a session without a terminal. */
export function runCommand(
  channel: ServerChannel,
  command: string | undefined,
  where: Surroundings,
): RemoteCommand {
  const child = spawn('/bin/sh', command === undefined ? [] : ['-c', command], {
    cwd: where.home,
    env: where.environment,
    detached: true,
    stdio: 'pipe',
  });
  child.on('error', () => {
    channel.exit(127);
    channel.end();
  });
  for (const pipe of child.stdio) pipe?.on('error', () => {});
  channel.on('error', () => {});
  channel.pipe(child.stdin);
  void answerWhenDone(channel, child);
  return {
    signal: (name) => signalGroup(child, `SIG${name}`),
    hangUp: () => {
      for (const pipe of child.stdio) pipe?.destroy();
      // Once the leader has ended, what it left in the background was meant to stay.
      if (child.exitCode === null && child.signalCode === null) signalGroup(child, 'SIGHUP');
    },
  };
}

/** Sends the exit status once both outputs have ended: a background process that holds them keeps the channel open, as with sshd. */
async function answerWhenDone(channel: ServerChannel, child: ChildProcessWithoutNullStreams): Promise<void> {
  const exited = new Promise<[number | null, NodeJS.Signals | null]>((resolve) => {
    child.on('exit', (code, signal) => resolve([code, signal]));
  });
  await sendOutputs(channel, child.stdout, child.stderr);
  const [code, signal] = await exited;
  if (signal === null) channel.exit(code ?? 255);
  else channel.exit(signal.replace(/^SIG/, ''));
  channel.end();
}

function signalGroup(child: ChildProcessWithoutNullStreams, signal: string): void {
  if (child.pid === undefined || !(signal in constants.signals)) return;
  try {
    process.kill(-child.pid, signal as NodeJS.Signals);
  } catch {
    // The group is gone already.
  }
}
