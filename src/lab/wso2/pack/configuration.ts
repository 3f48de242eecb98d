import type { MiVersion } from '../versions.ts';

/** Gives the `conf/deployment.toml` that a fresh unpack has. */
export function defaultToml(version: MiVersion): string {
  return `[server]
hostname = "localhost"
# offset = 10

[user_store]
type = "read_only_ldap"

[keystore.primary]
file_name = "repository/resources/security/wso2carbon.jks"
password = "wso2carbon"
alias = "wso2carbon"
key_password = "wso2carbon"

[truststore]
file_name = "repository/resources/security/client-truststore.jks"
password = "wso2carbon"
alias = "symmetric.key.value"
algorithm = "AES"

# [transport.http]
# socket_timeout = 180000
${
  version === '4.1.0'
    ? `
# [[transport.phase_order]]
# order = "InFlow"

# [dashboard_config]
# dashboard_url = "https://localhost:9743/dashboard/api/"
`
    : ''
}`;
}

/** Gives `conf/carbon.xml`; the server renders it anew from the toml when that changed. */
export function carbonXml(version: string, offset: number, hostname = 'localhost'): string {
  return `<?xml version="1.0" encoding="ISO-8859-1"?>
<Server xmlns="http://wso2.org/projects/carbon/carbon.xml">
    <Name>WSO2 Micro Integrator</Name>
    <ServerKey>MI</ServerKey>
    <Version>${version}</Version>
    <HostName>${hostname}</HostName>
    <Ports>
        <Offset>${offset}</Offset>
    </Ports>
    <ServerRoles>
        <Role>EnterpriseIntegrator</Role>
        <Role>EnterpriseServiceBus</Role>
        <Role>DataServicesServer</Role>
    </ServerRoles>
</Server>
`;
}

/** Gives `conf/log4j2.properties`, which is the same in both versions. */
export const log4j2: string = `rootLogger.level = INFO
rootLogger.appenderRef.CARBON_LOGFILE.ref = CARBON_LOGFILE
rootLogger.appenderRef.ERROR_LOGFILE.ref = ERROR_LOGFILE

appenders = CARBON_LOGFILE, ERROR_LOGFILE
appender.CARBON_LOGFILE.type = RollingFile
appender.CARBON_LOGFILE.name = CARBON_LOGFILE
appender.CARBON_LOGFILE.fileName = \${sys:carbon.home}/repository/logs/wso2carbon.log
appender.CARBON_LOGFILE.filePattern = \${sys:carbon.home}/repository/logs/wso2carbon-%d{MM-dd-yyyy}.log
appender.CARBON_LOGFILE.layout.pattern = [%d] %5p {%c} - %m%ex%n
appender.ERROR_LOGFILE.type = RollingFile
appender.ERROR_LOGFILE.name = ERROR_LOGFILE
appender.ERROR_LOGFILE.fileName = \${sys:carbon.home}/repository/logs/wso2error.log
appender.ERROR_LOGFILE.filter.threshold.level = WARN

loggers = synapse
logger.synapse.name = org.apache.synapse
logger.synapse.level = INFO
`;

/** Gives `repository/resources/conf/default.json`; the keys that differ between the versions are all there. */
export function defaultJson(version: MiVersion): string {
  const both = {
    'server.offset': '10',
    'keystore.primary.type': 'JKS',
    'transport.http.socket_timeout': 180000,
    'transport.http.listener.port': 8280,
    'transport.http.listener.secured_port': 8243,
    'mediation.internal_http_api_port': 9191,
    'mediation.internal_https_api_port': 9154,
  };
  const added = {
    'readiness_probe.protocols': 'http',
    'server.roles': ['EnterpriseIntegrator', 'EnterpriseServiceBus', 'DataServicesServer'],
    'server.enable_security_deployment_interceptor': true,
    'authorization_manager.class':
      'org.wso2.micro.integrator.security.user.core.authorization.JDBCAuthorizationManager',
  };
  return `${JSON.stringify(version === '4.1.0' ? { ...both, ...added } : both, undefined, 2)}\n`;
}

/** Gives `repository/resources/conf/key-mappings.json`. */
export function keyMappings(version: MiVersion): string {
  const both = { 'transport.http.listener.port': 'transport.http.listener.parameter.port' };
  const added = {
    'mediation.synapse.freemarker_templates_base_path': 'synapse.freemarker.templates.base.path',
  };
  return `${JSON.stringify(version === '4.1.0' ? { ...both, ...added } : both, undefined, 2)}\n`;
}

/** Gives `conf/etc/pax-logging.properties`, which 4.1.0 changed. */
export function paxLogging(version: MiVersion): string {
  const both = 'org.ops4j.pax.logging.log4j2.config.file=${carbon.home}/conf/log4j2.properties\n';
  return version === '4.1.0' ? `${both}log4j2.File=true\norg.ops4j.pax.logging.log4j2.async=true\n` : both;
}
