import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { list } from './home.ts';

/** The kinds of artifact that the management API lists. */
export const KINDS = [
  'apis',
  'proxy-services',
  'endpoints',
  'inbound-endpoints',
  'sequences',
  'templates',
  'tasks',
  'message-stores',
  'message-processors',
  'local-entries',
  'connectors',
  'data-services',
] as const;

export type Kind = (typeof KINDS)[number];

/** Something deployed: `xml` is its configuration. */
export interface Artifact {
  readonly kind: Kind;
  readonly name: string;
  readonly xml: string;
}

const folders: Readonly<Record<string, Kind>> = {
  api: 'apis',
  'proxy-services': 'proxy-services',
  endpoints: 'endpoints',
  'inbound-endpoints': 'inbound-endpoints',
  sequences: 'sequences',
  templates: 'templates',
  tasks: 'tasks',
  'message-stores': 'message-stores',
  'message-processors': 'message-processors',
  'local-entries': 'local-entries',
};

const types: Readonly<Record<string, Kind>> = {
  'synapse/api': 'apis',
  'synapse/proxy-service': 'proxy-services',
  'synapse/endpoint': 'endpoints',
  'synapse/inbound-endpoint': 'inbound-endpoints',
  'synapse/sequence': 'sequences',
  'synapse/template': 'templates',
  'synapse/task': 'tasks',
  'synapse/message-store': 'message-stores',
  'synapse/message-processors': 'message-processors',
  'synapse/local-entry': 'local-entries',
  'synapse/lib': 'connectors',
  'service/dataservice': 'data-services',
};

/** Gives the kind of a CApp artifact's type; undefined for what the API does not list, such as registry resources. */
export function kindOfType(type: string): Kind | undefined {
  return types[type];
}

/** Gives the value of an XML attribute of the root element. */
export function rootAttribute(xml: string, name: string): string | undefined {
  const root = xml.replace(/<\?.*?\?>|<!--.*?-->/gs, '').match(/<[^>]+>/)?.[0] ?? '';
  return root.match(new RegExp(`\\s${name}\\s*=\\s*"([^"]*)"`))?.[1];
}

/** Gives the artifacts that lie in `synapse-configs` and `dataservices` as files. */
export function looseArtifacts(home: string): Artifact[] {
  const server = join(home, 'repository/deployment/server');
  const synapse = Object.entries(folders).flatMap(([folder, kind]) =>
    filesIn(join(server, 'synapse-configs/default', folder), '.xml').map((path) => artifactOf(path, kind)),
  );
  const data = filesIn(join(server, 'dataservices'), '.dbs').map((path) => artifactOf(path, 'data-services'));
  return [...synapse, ...data];
}

function filesIn(folder: string, ending: string): string[] {
  return list(folder)
    .filter((name) => name.endsWith(ending))
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile());
}

function artifactOf(path: string, kind: Kind): Artifact {
  const xml = readFileSync(path, 'utf8');
  const fallback = path.slice(path.lastIndexOf('/') + 1).replace(/\.[a-z]+$/, '');
  return { kind, name: rootAttribute(xml, 'name') ?? rootAttribute(xml, 'key') ?? fallback, xml };
}
