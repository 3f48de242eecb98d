import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';

export type Level = 'INFO' | 'WARN' | 'ERROR' | 'FATAL';

/** Writes one line; `source` is the full Java class. */
export type Log = (level: Level, source: string, message: string) => void;

/** Gives a log that appends to `repository/logs`, in log4j2's pattern `[%d] %5p {%c} - %m`. */
export function logIn(home: string): Log {
  const folder = join(home, 'repository/logs');
  mkdirSync(folder, { recursive: true });
  return (level, source, message) => {
    const line = `[${timestamp(new Date())}] ${level.padStart(5)} {${source}} - ${message}\n`;
    appendFileSync(join(folder, 'wso2carbon.log'), line);
    if (level !== 'INFO') appendFileSync(join(folder, 'wso2error.log'), line);
    process.stdout.write(line);
  };
}

function timestamp(date: Date): string {
  const two = (value: number) => String(value).padStart(2, '0');
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  const time = `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
  return `${day} ${time},${String(date.getMilliseconds()).padStart(3, '0')}`;
}

const integrator = 'org.wso2.micro.integrator';

/** The classes whose lines operators know. */
export const source = {
  main: `${integrator}.server.Main`,
  core: `${integrator}.core.internal.CoreServerInitializer`,
  startup: `${integrator}.initializer.StartupFinalizer`,
  capps: `${integrator}.initializer.deployment.application.deployer.CappDeployer`,
  configMapper: 'org.wso2.config.mapper.ConfigParser',
  listener: 'org.apache.synapse.transport.passthru.core.PassThroughListeningIOReactorManager',
  httpListener: 'org.apache.synapse.transport.passthru.PassThroughHttpListener',
  keystore: `${integrator}.security.util.KeyStoreUtil`,
  vault: 'org.wso2.securevault.SecretManagerInitializer',
  coordination: `${integrator}.coordination.RDBMSCoordinationStrategy`,
  cluster: `${integrator}.coordination.ClusterEventListener`,
  tasks: `${integrator}.ntask.core.impl.AbstractQuartzTaskManager`,
  tasksComponent: `${integrator}.ntask.core.internal.TasksDSComponent`,
  userStores: `${integrator}.security.user.core.deployer.UserStoreConfigurationDeployer`,
  management: `${integrator}.management.apis.ManagementInternalApi`,
  bundles: 'org.wso2.micro.integrator.bootstrap.DropinsBundleDeployer',
  shutdown: 'org.wso2.micro.core.ServerManagement',
} as const;
