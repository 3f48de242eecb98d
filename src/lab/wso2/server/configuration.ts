import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parse } from 'smol-toml';
import { carbonXml } from '../pack/configuration.ts';
import type { SystemProperties } from './arguments.ts';
import { type Log, source } from './log.ts';

/** A user of the management API. */
export interface FileUser {
  readonly name: string;
  /** May be a `$secret{alias}`. */
  readonly password: string;
  readonly admin: boolean;
}

/** What the server takes from `deployment.toml`. Ports already hold the offset. */
export interface Configuration {
  /** The file's text, for what is looked up in it literally. */
  readonly text: string;
  readonly ports: {
    readonly http: number;
    readonly https: number;
    readonly internalHttp: number;
    readonly internalHttps: number;
  };
  readonly socketTimeoutMs: number;
  readonly users: readonly FileUser[];
  /** Encrypted values by alias. */
  readonly secrets: Readonly<Record<string, string>>;
  readonly keystore: { readonly file: string; readonly password: string };
  /** JDBC URL of WSO2_COORDINATION_DB; undefined means no cluster. */
  readonly coordinationUrl: string | undefined;
  readonly nodeId: string | undefined;
  readonly healthOnHttps: boolean;
}

type Table = Readonly<Record<string, unknown>>;

const DEFAULT_OFFSET = 10;

/** Reads `deployment.toml`. Throws what the parser throws: the server then refuses to start. */
export function readConfiguration(
  home: string,
  properties: SystemProperties,
  version: string,
): Configuration {
  const path = properties.get('deployment.config.file.path') ?? join(home, 'conf/deployment.toml');
  const text = readFileSync(path, 'utf8');
  const toml = parse(text) as Table;
  const offset = Number(properties.get('portOffset') ?? at(toml, 'server.offset') ?? DEFAULT_OFFSET);
  const port = (key: string, base: number) => Number(at(toml, key) ?? base) + offset;
  return {
    text,
    ports: {
      http: port('transport.http.listener.port', 8280),
      https: port('transport.http.listener.secured_port', 8243),
      internalHttp: port('mediation.internal_http_api_port', 9191),
      internalHttps: port('mediation.internal_https_api_port', 9154),
    },
    socketTimeoutMs: Number(at(toml, 'transport.http.socket_timeout') ?? 180_000),
    users: users(toml),
    secrets: (at(toml, 'secrets') as Record<string, string> | undefined) ?? {},
    keystore: {
      file: join(home, String(at(toml, 'keystore.primary.file_name') ?? '')),
      password: String(at(toml, 'keystore.primary.password') ?? ''),
    },
    coordinationUrl: coordinationUrl(toml),
    nodeId: properties.get('nodeId') ?? process.env.nodeId ?? asText(at(toml, 'cluster_config.node_id')),
    healthOnHttps: version !== '4.0.0' && at(toml, 'readiness_probe.protocols') === 'https',
  };
}

function at(toml: Table, path: string): unknown {
  return path.split('.').reduce<unknown>((value, key) => (value as Table | undefined)?.[key], toml);
}

function asText(value: unknown): string | undefined {
  return value === undefined ? undefined : String(value);
}

function users(toml: Table): FileUser[] {
  const found = at(toml, 'internal_apis.users') as { user: Record<string, unknown> }[] | undefined;
  if (found === undefined) return [{ name: 'admin', password: 'admin', admin: true }];
  return found.map(({ user }) => ({
    name: String(user.name),
    password: String(user.password),
    admin: user.is_admin === true,
  }));
}

function coordinationUrl(toml: Table): string | undefined {
  const sources = (at(toml, 'datasource') as Table[] | undefined) ?? [];
  return asText(sources.find((one) => one.id === 'WSO2_COORDINATION_DB')?.url);
}

/**
 * Renders the generated files when the toml is not the one they were rendered from, and keeps the previous ones
 * in `backup/`. Hand edits of them therefore stay until the toml changes, as with MI's avoidConfigHashRead.
 */
export function renderConfiguration(
  home: string,
  version: string,
  { text, ports }: Configuration,
  log: Log,
): void {
  const metadata = join(home, 'repository/resources/conf/.metadata/metadata_config.properties');
  const line = `conf/deployment.toml=${createHash('md5').update(text).digest('hex')}\n`;
  if (existsSync(metadata) && readFileSync(metadata, 'utf8') === line) return;
  log('WARN', source.configMapper, `Configurations Changed in :[conf/deployment.toml]`);
  log('WARN', source.configMapper, `Overriding files in configuration directory ${join(home, 'conf')}`);
  const target = join(home, 'conf/carbon.xml');
  const saved = join(home, 'backup/conf/carbon.xml');
  mkdirSync(dirname(saved), { recursive: true });
  if (existsSync(target)) copyFileSync(target, saved);
  writeFileSync(target, carbonXml(version, ports.internalHttp - 9191));
  log('INFO', source.configMapper, 'Writing Metadata Entries...');
  mkdirSync(dirname(metadata), { recursive: true });
  writeFileSync(metadata, line);
}
