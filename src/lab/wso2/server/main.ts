/**
 * The miniature Micro Integrator: what the lab's `bin/java` runs in place of a JVM.
 *
 * It plays the start of the real server step by step (domain facts: the order of log lines, ports and files of
 * MI 4.0.0 and 4.1.0), so that a playbook cannot tell the difference. It integrates nothing.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { ok } from './answers.ts';
import { systemProperties } from './arguments.ts';
import { looseArtifacts } from './artifacts.ts';
import { deployApplications, type Outcome } from './capps.ts';
import { type Configuration, readConfiguration, renderConfiguration } from './configuration.ts';
import { generateDropins } from './dropins.ts';
import { health } from './health.ts';
import { list, versionOf, wipeTmp } from './home.ts';
import { integration } from './integration.ts';
import { type Listener, Listeners } from './listeners.ts';
import { type Log, logIn, source } from './log.ts';
import { management } from './management.ts';
import { artifactsOf, type RunningNode } from './node.ts';
import { openVault, type SecretVault } from './secrets.ts';
import { type MiniatureSettings, readSettings, shows } from './settings.ts';
import { shutdownWith } from './shutdown.ts';

// nohup means "ignore SIGHUP", and Node resets that: a JVM would have kept it.
process.on('SIGHUP', () => {});

const started = performance.now();
const properties = systemProperties(process.argv.slice(2));
const home = properties.get('carbon.home') ?? '';
const settings = readSettings(process.env.CUTOVER_MINIATURE);
const version = versionOf(home);
const log = logIn(home);
writeFileSync(join(home, 'wso2carbon.pid'), String(process.pid));
wipeTmp(home);
await start(home, version, configure(), settings, log);

function configure(): Configuration {
  try {
    if (
      properties.has('log4j2.contextSelector') &&
      !list(join(home, 'wso2/lib')).some((name) => name.startsWith('disruptor-'))
    ) {
      throw new Error('java.lang.NoClassDefFoundError: com/lmax/disruptor/EventTranslatorVararg');
    }
    const configuration = readConfiguration(home, properties, version);
    renderConfiguration(home, version, configuration, log);
    return configuration;
  } catch (error) {
    log('FATAL', source.main, `Error while performing configuration changes: ${(error as Error).message}`);
    process.exit(1);
  }
}

async function start(
  home: string,
  version: string,
  configuration: Configuration,
  settings: MiniatureSettings,
  log: Log,
): Promise<void> {
  const has = (fault: MiniatureSettings['faults'][number]) => shows(settings, fault, version);
  const listeners = new Listeners(log);
  const leave = shutdownWith({
    listeners,
    log,
    graceful: properties.get('gracefulShutdown') !== 'false',
    socketTimeoutMs: configuration.socketTimeoutMs,
    lingerMs: has('slow-stop') ? settings.slowStopMs : 0,
  });
  process.on('SIGTERM', () => leave(true, 143));
  log('INFO', source.core, `Starting WSO2 Micro Integrator ${version}`);
  generateDropins(home, log);
  const vault = openVault(home, configuration);
  deployUserStores(home);
  if (has('slow-start')) await delay(settings.slowStartMs);
  const node = await deploy(configuration, vault, leave, has);
  if (has('never-ready')) return void setInterval(() => {}, 60_000);
  if (has('port-taken')) await takePort(configuration.ports.http);
  await openPassThrough(node, listeners);
  await coordinate(node);
  const seconds = ((performance.now() - started) / 1000).toFixed(2);
  log('INFO', source.startup, `WSO2 Micro Integrator started in ${seconds} seconds`);
  await delay(100);
  await openInternal(node, listeners);
  if (has('crash')) setTimeout(() => process.exit(134), settings.crashAfterMs);
}

async function deploy(
  configuration: Configuration,
  vault: SecretVault,
  leave: RunningNode['leave'],
  has: (fault: MiniatureSettings['faults'][number]) => boolean,
): Promise<RunningNode> {
  const forced: Outcome | undefined = has('faulty-capp')
    ? 'deployment-exception'
    : has('broken-capp')
      ? 'other-exception'
      : undefined;
  const { applications, faulty } = await deployApplications(home, version, forced, log);
  const all = [...applications.flatMap((one) => one.artifacts), ...looseArtifacts(home)];
  const lost = has('lost-api') ? all.find(({ kind }) => kind === 'apis') : undefined;
  const artifacts = all.filter((artifact) => artifact !== lost);
  return { home, version, configuration, applications, faulty, artifacts, vault, leave };
}

/** Secondary user stores: 4.1.0 deploys them when the user core is on; 4.0.0 has no deployer for them. */
function deployUserStores(home: string): void {
  if (version === '4.0.0' || properties.get('NonUserCoreMode') !== 'false') return;
  log('INFO', source.userStores, 'User Store Configuration Deployer initiated.');
  const folder = join(home, 'repository/deployment/server/userstores');
  for (const name of list(folder).filter((one) => one.endsWith('.xml') && !one.startsWith('FEDERATED'))) {
    log(
      'INFO',
      source.userStores,
      `Realm configuration of tenant:-1234  modified with ${join(folder, name)}`,
    );
  }
}

/** Another process's port, played from within. */
function takePort(port: number): Promise<void> {
  return new Promise((resolve) => {
    createServer((socket) => socket.destroy())
      .listen(port, '127.0.0.1', resolve)
      .on('error', () => resolve());
  });
}

async function openPassThrough(node: RunningNode, listeners: Listeners): Promise<void> {
  const { ports } = node.configuration;
  const handlers = { '/': integration(node) };
  await listeners.open({ title: 'HTTP', port: ports.http, handlers });
  const certificate = tlsCertificate(node);
  if (certificate !== undefined)
    await listeners.open({ title: 'HTTPS', port: ports.https, handlers, certificate });
}

async function openInternal(node: RunningNode, listeners: Listeners): Promise<void> {
  const { ports, healthOnHttps } = node.configuration;
  const on = (flag: string) => properties.get(flag) === 'true';
  const api: Listener['handlers'] = {
    ...(on('enableManagementApi') && { '/management': management(node, log) }),
    ...(on('enablePrometheusApi') && {
      '/metric-service/metrics': () => ok('up 1\n'),
    }),
  };
  const probe: Listener['handlers'] = on('enableReadinessProbe') ? { '/healthz': health(node) } : {};
  const title = (scheme: string) => `EI_INTERNAL_${scheme}_INBOUND_ENDPOINT`;
  await listeners.open({
    title: title('HTTP'),
    port: ports.internalHttp,
    handlers: { ...api, ...(healthOnHttps ? {} : probe) },
  });
  if (on('enableManagementApi'))
    log('WARN', source.management, 'Micro Integrator Management REST API is enabled');
  const certificate = tlsCertificate(node);
  if (!node.vault.ok) log('ERROR', source.vault, node.vault.problem);
  else if (certificate !== undefined) {
    const handlers = { ...api, ...(healthOnHttps ? probe : {}) };
    await listeners.open({ title: title('HTTPS'), port: ports.internalHttps, handlers, certificate });
  }
}

/** The HTTPS ports need the keystore that the toml names; what they show is the lab's own certificate. */
function tlsCertificate({ configuration }: RunningNode): string | undefined {
  try {
    readFileSync(configuration.keystore.file);
  } catch {
    log('ERROR', source.keystore, `Error opening Key store: ${configuration.keystore.file}`);
    return undefined;
  }
  return settings.certificate === '' ? undefined : readFileSync(settings.certificate, 'utf8');
}

async function coordinate(node: RunningNode): Promise<void> {
  const tasks = artifactsOf(node, 'tasks').map(({ name }) => name);
  const { logScheduled, Coordination } = await import('./cluster.ts');
  const { coordinationUrl, nodeId } = node.configuration;
  if (coordinationUrl === undefined) {
    for (const task of tasks) logScheduled(task, log);
    return;
  }
  const database = `${coordinationUrl.replace(/^jdbc:h2:(file:)?/, '').replace(/;.*$/, '')}.sqlite`;
  const { heartbeatMs, heartbeatRetries } = settings;
  try {
    new Coordination(
      { database, nodeId, version, heartbeatMs, expiryMs: heartbeatMs * heartbeatRetries, tasks },
      log,
    ).join();
  } catch (error) {
    log('ERROR', source.tasksComponent, `Error in initializing Tasks component: ${(error as Error).message}`);
  }
}
