/** The questions that can be asked of a host. All are pure: they make data, `probeAll` asks. */
import { createHash } from 'node:crypto';
import type { CommandSpec, HttpSpec, WaitSpec } from './specs.ts';
import type {
  CommandResult,
  FileContent,
  FileState,
  GroupState,
  HttpReply,
  ServiceScope,
  ServiceState,
  TreeState,
  UserState,
  WaitOutcome,
} from './states.ts';
import type { Probe } from './types.ts';

/** Asks what stands at a path: type, mode, owner, size, times, and (unless told not to) the SHA-256 of a file. `follow` looks through a link. */
export function fileState(
  path: string,
  options: { readonly follow?: boolean; readonly checksum?: boolean } = {},
): Probe<FileState> {
  const { follow = false, checksum = true } = options;
  const clean = cleanPath(path);
  return {
    resource: 'file',
    key: fileKey(clean, follow, checksum),
    query: { path: clean, follow, checksum },
  };
}

/** Asks for a file's state and bytes; with `maxBytes` only the beginning of a longer one. */
export function fileContent(
  path: string,
  options: { readonly maxBytes?: number; readonly follow?: boolean } = {},
): Probe<FileContent> {
  const { follow = false, maxBytes } = options;
  return {
    resource: 'content',
    key: contentKey(cleanPath(path), follow, maxBytes),
    query: { path: cleanPath(path), follow, maxBytes },
  };
}

/** Asks for everything below a path. */
export function treeState(
  path: string,
  options: {
    readonly checksum?: boolean;
    readonly maxDepth?: number;
    readonly follow?: boolean;
    readonly oneFilesystem?: boolean;
  } = {},
): Probe<TreeState> {
  const { checksum = true, maxDepth, follow = false, oneFilesystem = false } = options;
  const flags = flagText({ nosum: !checksum, depth: maxDepth, follow, onefs: oneFilesystem });
  return {
    resource: 'tree',
    key: `tree:${cleanPath(path)}${flags}`,
    query: { path: cleanPath(path), checksum, maxDepth, follow, oneFilesystem },
  };
}

/** Asks for an account. */
export function userState(name: string): Probe<UserState> {
  return { resource: 'user', key: `user:${name}`, query: { name } };
}

/** Asks for a group. */
export function groupState(name: string): Probe<GroupState> {
  return { resource: 'group', key: `group:${name}`, query: { name } };
}

/** Asks for a service: a systemd unit (`.service` may be left out) or an init script. */
export function serviceState(name: string, scope: ServiceScope = 'system'): Probe<ServiceState> {
  return { resource: 'service', key: serviceKey(name, scope), query: { name, scope } };
}

/** Asks for facts by the names of Ansible's `ansible_facts`. `subset` as in `gather_subset`; `factPath` is the folder of local facts; `timeoutSeconds` is what looking at disks may take; `environment` is added to what the host has. */
export function facts(
  subset: readonly string[] = ['all'],
  factPath = '/etc/ansible/facts.d',
  timeoutSeconds = 10,
  environment: Readonly<Record<string, string>> = {},
): Probe<Record<string, unknown>> {
  // Values may be secrets, which no key may show.
  const within = createHash('sha256').update(JSON.stringify(environment)).digest('hex');
  return {
    resource: 'facts',
    key: `facts:${subset.join(',')}:${timeoutSeconds}:${factPath}:${within}`,
    query: { subset, factPath, timeoutSeconds, environment },
  };
}

/** Asks a web server, from the host's place in the network. For GET and HEAD; others are changes (`sendRequest`). */
export function httpRequest(spec: HttpSpec): Probe<HttpReply> {
  return { resource: 'http', key: `http:${spec.method ?? 'GET'} ${spec.url}`, query: spec, volatile: true };
}

/** Asks a web server for a file. Where it comes from does not hang on what a dry run left out, as with the answer of a service. */
export function fetchFile(spec: HttpSpec): Probe<HttpReply> {
  return { ...httpRequest(spec), evenInDoubt: true };
}

/** Waits for a port or a path, as seen from the host. */
export function waitFor(spec: WaitSpec): Probe<WaitOutcome> {
  const what = spec.path ?? `${spec.host ?? '127.0.0.1'}:${spec.port}`;
  return { resource: 'wait', key: `wait:${spec.state}:${what}`, query: spec, volatile: true };
}

/** Runs a command that is declared to change nothing (`tar -t`, `dpkg-query`). Same spec, same question. */
export function commandOutput(spec: CommandSpec): Probe<CommandResult> {
  return { resource: 'command', key: `command:${JSON.stringify(spec)}`, query: spec };
}

/** The key of a file probe. */
export function fileKey(path: string, follow = false, checksum = true): string {
  return `file:${path}${flagText({ follow, nosum: !checksum })}`;
}

/** The key of a content probe. */
export function contentKey(path: string, follow = false, maxBytes?: number): string {
  return `content:${path}${flagText({ follow, max: maxBytes })}`;
}

/** The key of a service probe; `nginx` and `nginx.service` are the same. */
export function serviceKey(name: string, scope: ServiceScope): string {
  return `service:${name.replace(/\.service$/, '')}${scope === 'system' ? '' : `?${scope}`}`;
}

/** Without doubled and trailing slashes: `/etc//x/` and `/etc/x` are one question. */
function cleanPath(path: string): string {
  return path.replace(/\/{2,}/g, '/').replace(/(?<=.)\/$/, '');
}

function flagText(flags: Record<string, boolean | number | undefined>): string {
  const set = Object.entries(flags).filter(([, value]) => value !== undefined && value !== false);
  if (set.length === 0) return '';
  return `?${set.map(([name, value]) => (value === true ? name : `${name}=${value}`)).join('&')}`;
}
