import { type ChildProcess, spawn } from 'node:child_process';
import { connect as connectTcp } from 'node:net';
import { constants, userInfo } from 'node:os';
import type { Duplex } from 'node:stream';
import { CutoverError } from '../errors/index.ts';
import { type Channel, type Ending, type Link, letGoWhenSilent } from './channel.ts';

/** Gives the link of `connection: local`: the controller itself, through child processes. */
export function localLink(host: string): Link {
  const children = new Set<ChildProcess>();
  let lose: (reason: Error) => void = () => {};
  const lost = new Promise<Error>((resolve) => {
    lose = resolve;
  });
  return {
    user: userInfo().username,
    place: 'this machine',
    folder: process.cwd(),
    lost,
    async open(command) {
      const child = spawn('/bin/sh', ['-c', command], { detached: true, stdio: 'pipe' });
      children.add(child);
      child.once('close', () => children.delete(child));
      return childChannel(child);
    },
    forward: (address, port) => forwardLocally(host, address, port),
    async close() {
      for (const child of children) child.stdin?.end();
      lose(new Error('closed'));
    },
  };
}

function childChannel(child: ChildProcess): Channel {
  const { stdin, stdout, stderr } = child;
  stdin!.on('error', () => {});
  const ended = new Promise<Ending>((resolve) => {
    child.once('error', () => resolve({ code: 127 }));
    child.once('close', (code, signal) => {
      resolve(signal === null ? { code: code ?? 255 } : { code: 128 + constants.signals[signal], signal });
    });
    child.once('exit', () => letGoWhenSilent([stdout!, stderr!], () => stdout!.destroyed));
  });
  const signal = (name: 'TERM' | 'KILL') => {
    try {
      process.kill(-child.pid!, `SIG${name}`);
    } catch {
      // It is gone, or runs as another user.
    }
  };
  return {
    stdin: stdin!,
    stdout: stdout!,
    stderr: stderr!,
    ended,
    signal,
    destroy() {
      stdin!.destroy();
      stdout!.destroy();
      stderr!.destroy();
    },
  };
}

function forwardLocally(host: string, address: string, port: number): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    const socket = connectTcp({ host: address, port, noDelay: true });
    socket.once('connect', () => resolve(socket));
    socket.once('error', (cause) =>
      reject(new CutoverError('connect', `${address}:${port}: ${cause.message}`, { host, cause })),
    );
  });
}
