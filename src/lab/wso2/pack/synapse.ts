const namespace = 'xmlns="http://ws.apache.org/ns/synapse"';
const head = '<?xml version="1.0" encoding="UTF-8"?>\n';

/** Gives the synapse files that every unpack has under `repository/deployment/server/synapse-configs/default/`. */
export const defaultSynapseFiles: Readonly<Record<string, string>> = {
  'registry.xml': `${head}<registry ${namespace} provider="org.wso2.micro.integrator.registry.MicroIntegratorRegistry">
    <!-- registry root: file:./registry -->
    <parameter name="cachableDuration">15000</parameter>
</registry>
`,
  'synapse.xml': `${head}<definitions ${namespace}>
    <registry provider="org.wso2.micro.integrator.registry.MicroIntegratorRegistry"/>
</definitions>
`,
  'sequences/main.xml': `${head}<sequence ${namespace} name="main">
    <in><log level="full"/></in>
</sequence>
`,
  'sequences/fault.xml': `${head}<sequence ${namespace} name="fault">
    <log level="full"><property name="MESSAGE" value="Executing default 'fault' sequence"/></log>
</sequence>
`,
};

/** The folders beside them, one per kind of artifact. */
export const synapseFolders: readonly string[] = [
  'api',
  'proxy-services',
  'endpoints',
  'local-entries',
  'inbound-endpoints',
  'tasks',
  'message-stores',
  'message-processors',
  'templates',
  'imports',
  'sequences',
];
