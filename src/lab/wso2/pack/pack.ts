import { bundledVersions, type MiVersion } from '../versions.ts';
import { jar, type ZipEntry } from '../zip.ts';
import { carbonXml, defaultJson, defaultToml, keyMappings, log4j2, paxLogging } from './configuration.ts';
import { readme } from './readme.ts';
import { startScript } from './start-script.ts';
import { defaultSynapseFiles, synapseFolders } from './synapse.ts';

const DATABASES: Readonly<Record<string, string>> = {
  db2: 'db2',
  mssql: 'mssql',
  mysql: 'mysql',
  oracle: 'oracle',
  'oracle-rac': 'oracle_rac',
  postgres: 'postgresql',
};

const BUNDLES =
  'wso2/components/micro-integrator-default/configuration/org.eclipse.equinox.simpleconfigurator/bundles.info';

/** Gives everything in `wso2mi-VERSION.zip`, parents before children; always the same for one version. */
export async function packEntries(version: MiVersion): Promise<ZipEntry[]> {
  const root = `wso2mi-${version}`;
  const files = { ...textFiles(version), ...(await jarFiles(version)) };
  const folders = new Set([...emptyFolders(), ...Object.keys(files).flatMap(parents)]);
  const entries: ZipEntry[] = [
    { path: `${root}/`, mode: 0o775 },
    ...[...folders].map((path) => ({ path: `${root}/${path}/`, mode: 0o775 })),
    ...Object.entries(files).map(([path, content]) => ({
      path: `${root}/${path}`,
      mode: modeOf(path),
      content,
    })),
  ];
  return entries.sort((a, b) => (a.path < b.path ? -1 : 1));
}

function parents(path: string): string[] {
  const parts = path.split('/').slice(0, -1);
  return parts.map((_, i) => parts.slice(0, i + 1).join('/'));
}

function modeOf(path: string): number {
  if (/^bin\/[^/]+\.sh$/.test(path) || path.startsWith('bin/wso2update_')) return 0o755;
  return path.endsWith('/publickey.pem') ? 0o444 : 0o644;
}

function textFiles(version: MiVersion): Record<string, string> {
  return {
    'README.txt': readme(version),
    'LICENSE.txt': 'Apache License 2.0: https://www.apache.org/licenses/LICENSE-2.0\n',
    'release-notes.html': `<html><body>WSO2 Micro Integrator ${version} (fixture)</body></html>\n`,
    'updates/product.txt': `wso2mi-${version}`,
    ...binFiles(version),
    ...confFiles(version),
    ...databaseScripts(),
    ...deploymentFiles(),
    ...resourceFiles(version),
    [BUNDLES]: jarPaths(version)
      .filter((path) => path.startsWith('wso2/components/plugins/'))
      .map((path) => `${path.slice('wso2/components/'.length)}\n`)
      .join(''),
  };
}

function binFiles(version: MiVersion): Record<string, string> {
  const { kernel } = bundledVersions[version];
  const vault = { 'bin/securevault.sh': tool('securevault'), 'bin/securevault.bat': 'rem securevault\r\n' };
  const updates = { 'bin/wso2update_linux': tool('wso2update'), 'bin/wso2update_darwin': tool('wso2update') };
  return {
    'bin/micro-integrator.sh': startScript(version),
    'bin/micro-integrator.bat': 'rem micro-integrator\r\n',
    'bin/ciphertool.sh': tool('ciphertool'),
    'bin/ciphertool.bat': 'rem ciphertool\r\n',
    'bin/carbondump.sh': tool('carbondump'),
    'bin/chpasswd.sh': tool('chpasswd'),
    'bin/tcpmon.sh': tool('tcpmon'),
    'bin/build.xml': '<project name="wso2mi"/>\n',
    'bin/version.txt': `WSO2 Carbon Framework v${kernel}\n`,
    'bin/wso2carbon-version.txt': `WSO2 Carbon v${kernel}\n`,
    'bin/README.txt': 'Scripts of Micro Integrator (fixture).\n',
    'bin/yajsw/wrapper.conf': 'wrapper.console.title=WSO2 Carbon\n',
    ...(version === '4.0.0' && { ...vault, ...updates }),
  };
}

/** A script that is there but has nothing to do in a fixture. */
function tool(name: string): string {
  return `#!/bin/sh\necho "${name} is not part of this fixture" >&2\nexit 1\n`;
}

function confFiles(version: MiVersion): Record<string, string> {
  return {
    'conf/deployment.toml': defaultToml(version),
    'conf/deployment.toml.container': `${defaultToml(version)}\n# in containers: [server] hot_deployment = false\n`,
    'conf/log4j2.properties': log4j2,
    'conf/carbon.xml': carbonXml(version, 10),
    'conf/user-mgt.xml': '<UserManager/>\n',
    'conf/synapse.properties': 'synapse.core_threads=20\n',
    'conf/passthru-http.properties': 'http.socket.timeout=180000\n',
    'conf/internal-apis.xml': '<internalApis/>\n',
    'conf/jndi.properties': '# connection factories\n',
    'conf/access-log.properties': 'access_log_directory=repository/logs\n',
    'conf/file.properties': '# values for file: lookups\n',
    'conf/carbon.properties': 'org.wso2.CipherTransformation=RSA/ECB/OAEPwithSHA1andMGF1Padding\n',
    'conf/datasources.properties': '# data sources\n',
    'conf/synapse-handlers.xml': '<handlers/>\n',
    'conf/sec.policy': 'grant { permission java.security.AllPermission; };\n',
    'conf/cipher-standalone-config.properties': '# cipher tool\n',
    'conf/axis2/axis2.xml': '<axisconfig name="AxisJava2.0"/>\n',
    'conf/axis2/axis2_blocking_client.xml': '<axisconfig name="AxisJava2.0"/>\n',
    'conf/datasources/master-datasources.xml': '<datasources-configuration/>\n',
    'conf/data-bridge/data-agent-config.xml': '<DataAgentsConfiguration/>\n',
    'conf/etc/launch.ini': 'osgi.noShutdown=true\n',
    'conf/etc/logging-bridge.properties': '.level=INFO\n',
    'conf/etc/pax-logging.properties': paxLogging(version),
    'conf/security/cipher-text.properties': '# encrypted values\n',
    'conf/security/cipher-tool.properties': '# locations of secrets\n',
    'conf/security/secret-conf.properties': '#keystore.identity.location=\n#secretRepositories=file\n',
    ...(version === '4.1.0' && { 'conf/netty.properties': 'netty.sender.enabled=true\n' }),
  };
}

function databaseScripts(): Record<string, string> {
  const tables: Record<string, string> = {
    cluster:
      'CREATE TABLE LEADER_STATUS_TABLE (GROUP_ID VARCHAR(255) NOT NULL, NODE_ID VARCHAR(255) NOT NULL);\n',
    transaction_count: 'CREATE TABLE CURRENT_STATS (TIME_STAMP VARCHAR(50), NODE_ID VARCHAR(255));\n',
    user: 'CREATE TABLE UM_USER (UM_ID INTEGER NOT NULL, UM_USER_ID VARCHAR(255) NOT NULL);\n',
  };
  const named = Object.entries(DATABASES).flatMap(([folder, prefix]) =>
    Object.entries(tables).map(([what, sql]) => [`dbscripts/${folder}/${prefix}_${what}.sql`, sql] as const),
  );
  return Object.fromEntries(named);
}

function deploymentFiles(): Record<string, string> {
  const named = Object.entries(defaultSynapseFiles).map(
    ([path, xml]) => [`repository/deployment/server/synapse-configs/default/${path}`, xml] as const,
  );
  return Object.fromEntries(named);
}

function resourceFiles(version: MiVersion): Record<string, string> {
  return {
    'repository/resources/conf/default.json': defaultJson(version),
    'repository/resources/conf/infer.json': '{}\n',
    'repository/resources/conf/key-mappings.json': keyMappings(version),
    'repository/resources/conf/unit-resolve.json': '{}\n',
    'repository/resources/conf/validator.json': '{}\n',
    'repository/resources/conf/deployment-full.toml': defaultToml(version),
    'repository/resources/conf/README.md': 'Templates of the files in conf (fixture).\n',
    'repository/resources/conf/templates/conf/carbon.xml.j2': '<Version>{{server.version}}</Version>\n',
    'repository/resources/security/wso2carbon.jks': 'fixture keystore: the product default\n',
    'repository/resources/security/client-truststore.jks': `fixture truststore: roots of ${version}\n`,
    'repository/resources/security/publickey.pem':
      '-----BEGIN PUBLIC KEY-----\nMFwwDQYJ\n-----END PUBLIC KEY-----\n',
  };
}

async function jarFiles(version: MiVersion): Promise<Record<string, Buffer>> {
  const found = await Promise.all(
    jarPaths(version).map(async (path) => {
      const name = path.slice(path.lastIndexOf('/') + 1).replace(/\.[jm]ar$/, '');
      return [path, await jar(name)] as const;
    }),
  );
  return Object.fromEntries(found);
}

function jarPaths(version: MiVersion): string[] {
  const { axis2, synapse, axiom, rampart, log4j, guava, configMapper } = bundledVersions[version];
  const osgi = (artifact: string) => artifact.replaceAll('-', '.');
  const modules = 'repository/deployment/server/axis2modules';
  const plugins = 'wso2/components/plugins';
  return [
    `bin/org.wso2.micro.integrator.bootstrap-${version}.jar`,
    `${modules}/rampart-${rampart}.mar`,
    `${modules}/addressing-${axis2}.mar`,
    `${modules}/utsecurity-${version}.mar`,
    `repository/deployment/client/modules/rampart-${rampart}.mar`,
    ...['initializer', 'core', 'probes', 'management.apis', 'coordination'].map(
      (part) => `${plugins}/org.wso2.micro.integrator.${part}_${version}.jar`,
    ),
    `${plugins}/synapse-core_${osgi(synapse)}.jar`,
    `${plugins}/axis2_${osgi(axis2)}.jar`,
    `${plugins}/axiom_${osgi(axiom)}.jar`,
    `${plugins}/log4j-core_${log4j}.jar`,
    `${plugins}/guava_${guava}.jar`,
    `wso2/lib/org.wso2.micro.integrator.server-${version}.jar`,
    `wso2/lib/config-mapper-${configMapper}.jar`,
    'wso2/lib/org.wso2.ciphertool-1.1.15.jar',
    ...(version === '4.1.0'
      ? ['wso2/lib/disruptor-3.4.4.jar', 'wso2/lib/jackson-dataformat-yaml-2.13.1.jar']
      : []),
  ];
}

function emptyFolders(): string[] {
  const deployment = 'repository/deployment/server';
  const found = [
    'conf/identity',
    'dockerfiles',
    'dropins',
    'lib',
    'patches',
    'tmp',
    'repository/logs',
    `${deployment}/carbonapps`,
    'wso2/components/default',
    ...synapseFolders.map((folder) => `${deployment}/synapse-configs/default/${folder}`),
  ];
  return found.flatMap((path) => [...parents(path), path]);
}
