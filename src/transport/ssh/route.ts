import { existsSync } from 'node:fs';
import { homedir, userInfo } from 'node:os';
import { join } from 'node:path';
import { CutoverError } from '../../errors/index.ts';
import type { Target } from '../types.ts';
import { defaultSshConfigFiles, expandTokens, readSshSettings } from './config.ts';

/** Everything about one SSH hop, after inventory and ~/.ssh/config are merged; the inventory wins. */
export interface Hop {
  /** Inventory name, for messages. */
  readonly name: string;
  readonly address: string;
  readonly port: number;
  readonly user: string;
  readonly password: string | undefined;
  readonly passphrase: string | undefined;
  /** Keys that were named; missing ones are an error only when the inventory named them. */
  readonly keyFiles: readonly string[];
  /** Keys tried because ssh tries them: ~/.ssh/id_*. */
  readonly defaultKeyFiles: readonly string[];
  readonly identitiesOnly: boolean;
  /** Path of the agent's socket. */
  readonly agent: string | undefined;
  readonly hostKeyChecking: Target['hostKeyChecking'];
  readonly knownHostsFiles: readonly string[];
  /** The name that known_hosts has instead of the address (HostKeyAlias). */
  readonly knownAs: string | undefined;
  readonly connectTimeoutMs: number;
  /** Hops before this one, outermost first, as `[user@]host[:port]`. */
  readonly jump: readonly string[];
}

/**
 * Resolves a target. `warn` is told when ~/.ssh/config asks for less checking than is given.
 * Throws CutoverError `inventory` for a ProxyCommand, which is not supported, and for an unreadable config file.
 */
export function resolveHop(target: Target, warn: (message: string) => void = () => {}): Hop {
  const files =
    target.sshConfigFile === null
      ? []
      : target.sshConfigFile === undefined
        ? defaultSshConfigFiles()
        : [target.sshConfigFile];
  const settings = readSshSettings(target.address, target.user, files);
  const address = settings.hostName ?? target.address;
  const port = target.port ?? settings.port ?? 22;
  const user = target.user ?? settings.user ?? userInfo().username;
  const jump = target.jump ?? settings.proxyJump;
  if (settings.proxyCommand !== undefined && jump.length === 0) {
    throw new CutoverError(
      'inventory',
      `ProxyCommand in the SSH configuration of ${target.address} is not supported`,
      {
        host: target.name,
        hint: 'use ProxyJump there, or the variable for jump hosts',
      },
    );
  }
  const tokens = { h: address, n: target.address, p: String(port), r: user };
  const expand = (path: string) => expandTokens(path, tokens);
  const named = [...(target.privateKeyFile ? [target.privateKeyFile] : []), ...settings.identityFiles].map(
    expand,
  );
  const socket = settings.identityAgent ?? 'SSH_AUTH_SOCK';
  const agent =
    socket === 'none' ? undefined : socket === 'SSH_AUTH_SOCK' ? process.env.SSH_AUTH_SOCK : expand(socket);
  return {
    name: target.name,
    address,
    port,
    user,
    password: target.password,
    passphrase: target.passphrase,
    keyFiles: [...new Set(named)],
    defaultKeyFiles: named.length > 0 ? [] : defaultKeys(),
    identitiesOnly: settings.identitiesOnly,
    agent: agent || undefined,
    hostKeyChecking: checking(target, settings.strictHostKeyChecking, warn),
    knownHostsFiles: (
      target.knownHostsFiles ??
      settings.userKnownHostsFiles ?? [
        '~/.ssh/known_hosts',
        '~/.ssh/known_hosts2',
        '/etc/ssh/ssh_known_hosts',
      ]
    ).map(expand),
    knownAs: settings.hostKeyAlias,
    connectTimeoutMs: settings.connectTimeoutMs
      ? Math.min(settings.connectTimeoutMs, target.connectTimeoutMs)
      : target.connectTimeoutMs,
    jump,
  };
}

/** Gives the target of a jump host, written `[user@]host[:port]`. It gets the key files of the host behind it, never its password. */
export function jumpTarget(spec: string, behind: Target): Target {
  const match = /^(?:ssh:\/\/)?(?:([^@]+)@)?(?:\[([^\]]+)\]|([^:]+))(?::(\d+))?$/.exec(spec.trim());
  if (match === null) {
    throw new CutoverError('inventory', `jump host "${spec}" is not [user@]host[:port]`, {
      host: behind.name,
    });
  }
  return {
    name: behind.name,
    connection: 'ssh',
    address: (match[2] ?? match[3])!,
    port: match[4] === undefined ? undefined : Number(match[4]),
    user: match[1],
    privateKeyFile: behind.privateKeyFile,
    passphrase: behind.passphrase,
    hostKeyChecking: behind.hostKeyChecking,
    knownHostsFiles: behind.knownHostsFiles,
    connectTimeoutMs: behind.connectTimeoutMs,
    sshConfigFile: behind.sshConfigFile,
  };
}

/** A setting in ~/.ssh/config counts only against the default, `strict`; it can never switch the check off. */
function checking(
  target: Target,
  configured: string | undefined,
  warn: (message: string) => void,
): Target['hostKeyChecking'] {
  if (target.hostKeyChecking === 'off')
    warn(`host keys are not checked: anyone on the way can pose as ${target.address}`);
  if (target.hostKeyChecking !== 'strict') return target.hostKeyChecking;
  if (configured === 'accept-new') return 'accept-new';
  if (configured === 'no' || configured === 'off') {
    warn(`StrictHostKeyChecking ${configured} is taken as accept-new: a changed host key is still refused`);
    return 'accept-new';
  }
  return 'strict';
}

function defaultKeys(): string[] {
  const folder = join(homedir(), '.ssh');
  return ['id_ed25519', 'id_ecdsa', 'id_rsa']
    .map((name) => join(folder, name))
    .filter((file) => existsSync(file));
}
