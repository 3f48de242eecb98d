import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { type Answer, type Handler, ok } from './answers.ts';
import { type Artifact, KINDS, type Kind, rootAttribute } from './artifacts.ts';
import type { FileUser } from './configuration.ts';
import { type Log, source } from './log.ts';
import { artifactsOf, isActive, type RunningNode } from './node.ts';

const TOKEN_SECONDS = 3600;
const TOKENS = 200;

/** The query parameter that asks for one item of a kind. */
const itemParameter: Partial<Record<Kind, string>> = {
  apis: 'apiName',
  'proxy-services': 'proxyServiceName',
  'data-services': 'dataServiceName',
  endpoints: 'endpointName',
  'inbound-endpoints': 'inboundEndpointName',
  tasks: 'taskName',
  connectors: 'connectorName',
};

/** Answers `/management/...` in the shapes of the node's version. */
export function management(node: RunningNode, log: Log): Handler {
  const tokens = new Map<string, { readonly user: FileUser; readonly until: number }>();
  return (request, url) => {
    const path = url.pathname.replace(/^\/management\/?/, '').replace(/\/$/, '');
    if (path === 'login') return login(node, request, tokens, log);
    const token = request.headers.authorization?.match(/^Bearer (.+)$/)?.[1] ?? '';
    const session = tokens.get(token);
    if (session === undefined || session.until < Date.now()) return { status: 401 };
    if (path === 'logout') {
      tokens.delete(token);
      return ok({});
    }
    return resource(node, path, request, url, session.user);
  };
}

function login(
  node: RunningNode,
  request: IncomingMessage,
  tokens: Map<string, { user: FileUser; until: number }>,
  log: Log,
): Answer {
  const basic = request.headers.authorization?.match(/^Basic (.+)$/)?.[1] ?? '';
  const [name, ...rest] = Buffer.from(basic, 'base64').toString('utf8').split(':');
  const user = node.configuration.users.find((one) => one.name === name);
  if (user === undefined || !passwordFits(node, user, rest.join(':'))) return { status: 401 };
  const until = Date.now() + TOKEN_SECONDS * 1000;
  const scope = node.version === '4.0.0' || user.admin ? 'admin' : 'default';
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const token = [
    part({ typ: 'JWT', alg: 'RS256' }),
    part({ sub: user.name, iss: 'https://127.0.0.1:9164', exp: Math.floor(until / 1000), scope }),
    randomBytes(32).toString('base64url'),
  ].join('.');
  tokens.set(token, { user, until });
  if (tokens.size > TOKENS) tokens.delete(tokens.keys().next().value!);
  log('INFO', source.management, `User ${user.name} logged in successfully`);
  return ok({ AccessToken: token });
}

function passwordFits(node: RunningNode, user: FileUser, password: string): boolean {
  return node.vault.ok && node.vault.resolve(user.password) === password;
}

function resource(
  node: RunningNode,
  path: string,
  request: IncomingMessage,
  url: URL,
  user: FileUser,
): Answer | Promise<Answer> {
  const kind = KINDS.find((one) => one === path);
  if (kind !== undefined) return listOrItem(node, kind, url);
  switch (path) {
    case '':
      return ok({ 'WSO2 Micro Integrator': node.version, ManagementApi: 'Active' });
    case 'server':
      return request.method === 'PATCH' ? change(node, request) : ok(server(node));
    case 'applications':
      return applications(node, url);
    case 'users':
    case 'roles':
      return people(node, path, user);
    case 'logs':
    case 'logging':
      return ok({ count: 0, list: [] });
    case 'data-sources':
      return node.version === '4.0.0' ? { status: 404 } : ok({ count: 0, list: [] });
    default:
      return { status: 404 };
  }
}

function listOrItem(node: RunningNode, kind: Kind, url: URL): Answer {
  const artifacts = artifactsOf(node, kind);
  const asked = url.searchParams.get(itemParameter[kind] ?? 'name');
  if (asked !== null) {
    const found = artifacts.find(({ name }) => name === asked);
    if (found === undefined) return { status: 404, body: { Error: `Specified ${kind} ${asked} not found` } };
    return ok({ ...summary(node, found), ...details(found), configuration: found.xml });
  }
  if (kind === 'templates') {
    const [endpoint, sequence] = [true, false].map((wanted) =>
      artifacts.filter(({ xml }) => /<endpoint[\s>]/.test(xml) === wanted).map(({ name }) => ({ name })),
    );
    return ok({ sequenceTemplateList: sequence, endpointTemplateList: endpoint });
  }
  return ok({ count: artifacts.length, list: artifacts.map((artifact) => summary(node, artifact)) });
}

function details({ kind }: Artifact): Record<string, unknown> {
  return kind === 'proxy-services' ? { isRunning: true, eprs: [] } : {};
}

function summary(node: RunningNode, { kind, name, xml }: Artifact): Record<string, unknown> {
  const base = `http://localhost:${node.configuration.ports.http}`;
  switch (kind) {
    case 'apis':
      return { name, url: `${base}${rootAttribute(xml, 'context') ?? ''}`, tracing: 'disabled' };
    case 'proxy-services':
    case 'data-services':
      return { name, wsdl1_1: `${base}/services/${name}?wsdl`, wsdl2_0: `${base}/services/${name}?wsdl2` };
    case 'endpoints':
      return { name, type: 'address', isActive: true };
    case 'inbound-endpoints':
      return { name, protocol: rootAttribute(xml, 'protocol') ?? 'http' };
    case 'sequences':
      return { name, container: '[ Deployed From Artifact ]', stats: 'disabled', tracing: 'disabled' };
    case 'message-stores':
      return { name, type: 'in-memory-message-store', size: 0 };
    case 'message-processors': {
      const status = isActive(node.home, name) ? 'active' : 'inactive';
      return { name, type: 'Scheduled-message-forwarding-processor', status };
    }
    case 'local-entries':
      return { name, type: 'Inline Text' };
    case 'connectors':
      return { name, package: 'org.wso2.carbon.connector', description: name, status: 'enabled' };
    default:
      return { name };
  }
}

function applications(node: RunningNode, url: URL): Answer {
  const asked = url.searchParams.get('carbonAppName');
  if (asked !== null) {
    const found = node.applications.find(({ name }) => name === asked);
    if (found === undefined)
      return { status: 404, body: { Error: `Specified application ${asked} not found` } };
    const artifacts = found.artifacts.map(({ name, kind }) => ({ name, type: kind.replace(/s$/, '') }));
    return ok({ name: found.name, version: found.version, artifacts });
  }
  const list = node.applications.map(({ name, version }) => ({ name, version }));
  if (node.version === '4.0.0') return ok({ count: list.length, list });
  const faultyList = node.faulty.map((file) => {
    const [, name, version] = file.match(/^(.*)_([^_]+)\.car$/) ?? [file, file, ''];
    return { name, version };
  });
  return ok({
    totalCount: list.length + faultyList.length,
    activeCount: list.length,
    activeList: list,
    faultyCount: faultyList.length,
    faultyList,
  });
}

/** The 4.0.0 handler refuses every user of the file store; 4.1.0 lets admins in. */
function people(node: RunningNode, path: string, user: FileUser): Answer {
  if (node.version === '4.0.0') {
    if (path === 'roles') return { status: 404 };
    return { status: 500, body: { Error: 'User management is not supported with the in memory user store' } };
  }
  if (!user.admin) return { status: 403, body: { Error: 'Access denied' } };
  const names = path === 'roles' ? ['admin'] : node.configuration.users.map(({ name }) => name);
  return ok({
    count: names.length,
    list: names.map((name) => (path === 'roles' ? { role: name } : { userId: name })),
  });
}

function server(node: RunningNode): Record<string, string> {
  return {
    productVersion: node.version,
    carbonHome: node.home,
    javaVersion: '11.0.22',
    javaVendor: 'cutover lab',
    javaHome: process.env.JAVA_HOME ?? '',
    osName: 'Linux',
    osVersion: 'unknown',
    productName: 'WSO2 Micro Integrator',
  };
}

async function change(node: RunningNode, request: IncomingMessage): Promise<Answer> {
  if (node.version === '4.0.0') return { status: 405 };
  const status = (await text(request)).match(/"status"\s*:\s*"(\w+)"/)?.[1];
  const [, what, how] = status?.match(/^(shutdown|restart)(Gracefully)?$/) ?? [];
  if (what === undefined) return { status: 400, body: { Error: 'Unknown status' } };
  const graceful = how !== undefined;
  const body = { Message: `The server will start to ${what}${graceful ? ' gracefully' : ''}.` };
  return { status: 200, body, after: () => node.leave(graceful, what === 'restart' ? 121 : 0) };
}
