import { chmod, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { car, carFileName } from '../cars.ts';
import { encryptSecret } from '../server/secrets.ts';
import { jar } from '../zip.ts';
import { operatorLog4j2, operatorScript, operatorToml, passwords, secretConf } from './configuration.ts';
import { cars, looseFiles, userStoreFile } from './synapse.ts';

/** What a practice node's operator decided. */
export interface OperatorChoices {
  readonly name: string;
  readonly offset: number;
  readonly coordination: string;
  readonly userstores: boolean;
}

/** The keystore is Acme's own, the same on all nodes: encrypted values open with its bytes only. */
const KEYSTORE = Buffer.from(`fixture keystore: acme\nstorepass=${passwords.keystore}\n`);

/** Turns a freshly unpacked home into one that was in use for years. */
export async function furnish(home: string, choices: OperatorChoices): Promise<void> {
  const write = async (path: string, content: string | Buffer, mode = 0o644) => {
    const target = join(home, path);
    await mkdir(dirname(target), { recursive: true });
    await writeFile(`${target}.new`, content);
    await chmod(`${target}.new`, mode);
    await rename(`${target}.new`, target);
  };
  const edit = async (path: string, change: (text: string) => string, mode = 0o644) =>
    write(path, change(await readFile(join(home, path), 'utf8')), mode);

  const secrets = {
    admin_password: encryptSecret(KEYSTORE, 'admin_password', passwords.admin),
    orders_db_password: encryptSecret(KEYSTORE, 'orders_db_password', passwords.ordersDatabase),
  };
  await write('conf/deployment.toml', operatorToml({ ...choices, secrets }));
  await write('conf/security/secret-conf.properties', secretConf);
  const cipherText = Object.entries(secrets).map(([alias, value]) => `${alias}=${value}\n`);
  await write('conf/security/cipher-text.properties', cipherText.join(''));
  await write('password-persist', passwords.keystore, 0o600);
  await edit('conf/log4j2.properties', operatorLog4j2);
  await edit(
    'bin/micro-integrator.sh',
    (text) => operatorScript(text, choices.name, choices.userstores),
    0o755,
  );
  await write('repository/resources/security/acme.jks', KEYSTORE);
  await edit(
    'repository/resources/security/client-truststore.jks',
    (text) => `${text}with the root of acme\n`,
  );
  await write('lib/h2-1.4.200.jar', await jar('h2', { 'org/h2/Driver.class': 'fixture' }));
  await write('lib/acme-commons-1.3.jar', await jar('acme-commons', { 'com/acme/Money.class': 'fixture' }));
  await write(
    'dropins/com.acme.order.mediator_1.2.0.jar',
    await jar('com.acme.order.mediator', { 'com/acme/OrderMediator.class': 'fixture' }),
  );
  const server = 'repository/deployment/server';
  for (const one of cars) await write(`${server}/carbonapps/${carFileName(one)}`, await car(one));
  for (const [path, xml] of Object.entries(looseFiles)) await write(`${server}/${path}`, xml);
  if (choices.userstores) await write(`${server}/${userStoreFile.path}`, userStoreFile.content);
  await write('registry/config/acme/rates.json', '{"EUR": 1, "USD": 1.08}\n');
  await write('registry/governance/acme/schema.xsd', '<schema/>\n');
  await write(
    'registry/governance/repository/esb/message-processors/OrdersForwarder.properties',
    'state=inactive\n',
  );
  await mkdir(join(home, 'registry/local'), { recursive: true });
}
