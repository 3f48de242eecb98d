import type { Car } from '../cars.ts';

const namespace = 'xmlns="http://ws.apache.org/ns/synapse"';

function api(name: string, context: string): string {
  return `<api ${namespace} name="${name}" context="${context}">
    <resource methods="GET"><inSequence><respond/></inSequence></resource>
</api>
`;
}

function proxy(name: string): string {
  return `<proxy ${namespace} name="${name}" transports="http https" startOnLoad="true">
    <target><inSequence><respond/></inSequence></target>
</proxy>
`;
}

function sequence(name: string): string {
  return `<sequence ${namespace} name="${name}"><log level="custom"/></sequence>\n`;
}

function endpoint(name: string, uri: string): string {
  return `<endpoint ${namespace} name="${name}"><address uri="${uri}"/></endpoint>\n`;
}

/** The operator's Carbon applications. */
export const cars: readonly Car[] = [
  {
    name: 'OrdersService',
    version: '1.0.0',
    artifacts: [
      { name: 'OrdersAPI', type: 'synapse/api', xml: api('OrdersAPI', '/orders') },
      { name: 'OrderChecks', type: 'synapse/sequence', xml: sequence('OrderChecks') },
      {
        name: 'OrdersBackend',
        type: 'synapse/endpoint',
        xml: endpoint('OrdersBackend', 'http://127.0.0.1:9/orders'),
      },
    ],
  },
  {
    name: 'StockService',
    version: '2.1.0',
    artifacts: [
      { name: 'StockAPI', type: 'synapse/api', xml: api('StockAPI', '/stock') },
      { name: 'StockProxy', type: 'synapse/proxy-service', xml: proxy('StockProxy') },
      {
        name: 'StockDataService',
        type: 'service/dataservice',
        xml: '<data name="StockDataService" transports="http"><config id="ORDERS_DB"/></data>\n',
      },
    ],
  },
];

/** Files that somebody put beside the applications, relative to `repository/deployment/server/`. */
export const looseFiles: Readonly<Record<string, string>> = {
  'synapse-configs/default/api/StatusAPI.xml': api('StatusAPI', '/status'),
  'synapse-configs/default/proxy-services/LegacyProxy.xml': proxy('LegacyProxy'),
  'synapse-configs/default/sequences/AuditTrail.xml': sequence('AuditTrail'),
  'synapse-configs/default/endpoints/AuditBackend.xml': endpoint('AuditBackend', 'http://127.0.0.1:9/audit'),
  'synapse-configs/default/local-entries/Currency.xml': `<localEntry ${namespace} key="Currency">EUR</localEntry>\n`,
  'synapse-configs/default/tasks/NightlyReport.xml': `<task ${namespace} name="NightlyReport" class="org.apache.synapse.startup.tasks.MessageInjector">
    <trigger cron="0 0 2 * * ?"/>
</task>
`,
  'synapse-configs/default/message-stores/OrdersStore.xml': `<messageStore ${namespace} name="OrdersStore"/>\n`,
  'synapse-configs/default/message-processors/OrdersForwarder.xml': `<messageProcessor ${namespace} name="OrdersForwarder" messageStore="OrdersStore" class="org.apache.synapse.message.processor.impl.forwarder.ScheduledMessageForwardingProcessor"/>
`,
  'dataservices/CustomersDataService.dbs':
    '<data name="CustomersDataService" transports="http https"><config id="ORDERS_DB"/></data>\n',
};

/** A secondary user store, for practice hosts that have one. */
export const userStoreFile = {
  path: 'userstores/acme_example.xml',
  content: `<?xml version="1.0" encoding="UTF-8"?>
<UserStoreManager class="org.wso2.micro.integrator.security.user.core.ldap.ReadOnlyLDAPUserStoreManager">
    <Property name="DomainName">acme.example</Property>
    <Property name="ConnectionURL">ldap://127.0.0.1:10389</Property>
</UserStoreManager>
`,
} as const;
