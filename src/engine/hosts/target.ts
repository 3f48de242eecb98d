import { homedir } from 'node:os';
import { parseSshArgs } from '../../config/index.ts';
import { CutoverError } from '../../errors/index.ts';
import type { Become, Common, Play, Written } from '../../playbook/index.ts';
import { prelude } from '../../resources/index.ts';
import type { Secrets } from '../../secrets/index.ts';
import type { Scope, Templar } from '../../template/index.ts';
import type { Identity, Target } from '../../transport/index.ts';
import { booleanOf, isUndefined } from '../../values/index.ts';
import type { HostOptions } from '../options.ts';
import { keywordValue } from '../variables/keyword.ts';

/** What decides how a host is reached: its variables, then keywords, then flags and settings. */
export interface TargetSources {
  readonly host: string;
  readonly scope: Scope;
  readonly play: Play | undefined;
  readonly task: Common | undefined;
  readonly options: HostOptions;
  readonly templar: Templar;
  readonly secrets: Secrets;
}

/** Resolves where and as whom to log in. Passwords become secrets. Throws CutoverError('inventory') for values that cannot be used. */
export function resolveTarget(sources: TargetSources): Target {
  const { host, options, secrets } = sources;
  const flags = options.connection;
  const read = (...names: string[]) => variable(sources.scope, ...names);
  const keyword = (written: Written | undefined) => keywordValue(written, sources.scope, sources.templar);
  const connection = text(
    read('ansible_connection') ??
      keyword(sources.task?.connection) ??
      keyword(sources.play?.connection) ??
      flags.connection ??
      options.config.transport ??
      'ssh',
  );
  if (!['ssh', 'local', 'smart', 'paramiko', 'paramiko_ssh'].includes(connection)) {
    throw new CutoverError('inventory', `the connection type "${connection}" is not supported`, {
      host,
      hint: 'ssh and local are',
    });
  }
  const password = optionalText(
    read('ansible_password', 'ansible_ssh_pass', 'ansible_ssh_password') ?? flags.password,
  );
  const passphrase = optionalText(
    read('ansible_ssh_private_key_passphrase', 'ansible_private_key_passphrase'),
  );
  secrets.add([password ?? '', passphrase ?? '']);
  const ssh = parseSshArgs(
    [
      read('ansible_ssh_args') ?? options.config.sshArgs,
      read('ansible_ssh_common_args') ?? options.config.sshCommonArgs,
      read('ansible_ssh_extra_args') ?? options.config.sshExtraArgs,
    ]
      .filter((part) => typeof part === 'string')
      .join(' '),
  );
  const keyFile = optionalText(
    read('ansible_ssh_private_key_file', 'ansible_private_key_file') ??
      flags.privateKeyFile ??
      options.config.privateKeyFile ??
      ssh.identityFiles?.[0],
  );
  const knownHosts = read('cutover_known_hosts') ?? ssh.knownHostsFiles;
  const user = optionalText(
    read('ansible_user', 'ansible_ssh_user') ??
      keyword(sources.task?.remoteUser) ??
      keyword(sources.play?.remoteUser) ??
      flags.remoteUser ??
      options.config.remoteUser ??
      ssh.user,
  );
  const port =
    read('ansible_port', 'ansible_ssh_port') ??
    keyword(sources.task?.port) ??
    keyword(sources.play?.port) ??
    options.config.remotePort ??
    ssh.port;
  return {
    name: host,
    connection: connection === 'local' ? 'local' : 'ssh',
    address: text(read('ansible_host', 'ansible_ssh_host') ?? host),
    ...(port !== undefined ? { port: portNumber(port, host) } : {}),
    ...(user !== undefined ? { user } : {}),
    ...(password !== undefined ? { password } : {}),
    ...(keyFile !== undefined ? { privateKeyFile: keyFile.replace(/^~(?=\/)/, homedir()) } : {}),
    ...(passphrase !== undefined ? { passphrase } : {}),
    hostKeyChecking: hostKeyChecking(
      read('ansible_host_key_checking', 'ansible_ssh_host_key_checking'),
      ssh.hostKeyChecking,
      options.config.hostKeyChecking,
    ),
    ...(knownHosts !== undefined
      ? {
          knownHostsFiles:
            typeof knownHosts === 'string' ? knownHosts.split(/\s+/) : (knownHosts as string[]),
        }
      : {}),
    ...(ssh.jump ? { jump: ssh.jump } : {}),
    connectTimeoutMs:
      1000 *
      Number(
        read('ansible_timeout', 'ansible_ssh_timeout') ??
          flags.timeoutSeconds ??
          ssh.connectTimeout ??
          options.config.timeout ??
          10,
      ),
    prelude,
  };
}

/** Resolves as whom the task acts on the host. The password becomes a secret. */
export function resolveIdentity(sources: TargetSources): Identity {
  const { scope, options } = sources;
  const written = (pick: (become: Become) => Written | undefined) => {
    const said = (become: Become | undefined) => become && keywordValue(pick(become), scope, sources.templar);
    return said(sources.task?.become) ?? said(sources.play?.become);
  };
  const flags = options.connection;
  const on =
    variable(scope, 'ansible_become') ??
    written((become) => become.become) ??
    flags.become ??
    options.config.become ??
    false;
  if (booleanOf(on) !== true) return { method: 'none' };
  const method = text(
    variable(scope, 'ansible_become_method') ??
      written((become) => become.method) ??
      flags.becomeMethod ??
      options.config.becomeMethod ??
      'sudo',
  );
  if (method !== 'sudo' && method !== 'su' && method !== 'doas') {
    throw new CutoverError('inventory', `the become method "${method}" is not supported`, {
      host: sources.host,
      hint: 'sudo, su and doas are',
    });
  }
  return {
    ...resolveBecome(sources, method),
    user: text(
      variable(scope, 'ansible_become_user') ??
        written((become) => become.user) ??
        flags.becomeUser ??
        options.config.becomeUser ??
        'root',
    ),
  };
}

/** Resolves how to become another user by a method, whoever it is. The password becomes a secret. */
export function resolveBecome(
  { scope, task, play, options, templar, secrets }: TargetSources,
  method: Exclude<Identity['method'], 'none'>,
): Identity {
  const written = (name: 'flags' | 'exe') =>
    keywordValue(task?.become[name], scope, templar) ?? keywordValue(play?.become[name], scope, templar);
  const password = optionalText(
    variable(scope, 'ansible_become_password', 'ansible_become_pass', `ansible_${method}_pass`) ??
      options.connection.becomePassword ??
      options.config.becomePassword,
  );
  if (password) secrets.add(password);
  const flags = optionalText(
    variable(scope, 'ansible_become_flags') ?? written('flags') ?? options.config.becomeFlags,
  );
  const exe = optionalText(variable(scope, 'ansible_become_exe', `ansible_${method}_exe`) ?? written('exe'));
  return {
    method,
    ...(password !== undefined ? { password } : {}),
    ...(flags !== undefined ? { flags } : {}),
    ...(exe !== undefined ? { exe } : {}),
  };
}

/** Whether a name means the controller without being in any inventory. */
export function isLoopbackName(name: string): boolean {
  return name === 'localhost' || name === '127.0.0.1' || name === '::1';
}

function variable(scope: Scope, ...names: string[]): unknown {
  for (const name of names) {
    if (!scope.has(name)) continue;
    const value = scope.get(name);
    if (isUndefined(value))
      throw new CutoverError('template', `in the variable "${name}": ${value.message}`, { hint: value.hint });
    if (value !== null && value !== '') return value;
  }
  return undefined;
}

function hostKeyChecking(
  variableValue: unknown,
  ssh: Target['hostKeyChecking'] | undefined,
  config: boolean | undefined,
): Target['hostKeyChecking'] {
  if (variableValue === 'accept-new' || ssh === 'accept-new') return 'accept-new';
  if (variableValue !== undefined)
    return booleanOf(variableValue) === true || variableValue === 'strict' ? 'strict' : 'off';
  if (ssh !== undefined) return ssh;
  return config === false ? 'off' : 'strict';
}

function portNumber(value: unknown, host: string): number {
  const port = Number(value);
  if (Number.isInteger(port) && port > 0 && port < 65536) return port;
  throw new CutoverError('inventory', `the port "${String(value)}" is not a number from 1 to 65535`, {
    host,
    hint: 'see ansible_port',
  });
}

function text(value: unknown): string {
  return String(value);
}

function optionalText(value: unknown): string | undefined {
  return value === undefined || value === null ? undefined : String(value);
}
