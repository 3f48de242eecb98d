import { existsSync, readFileSync } from 'node:fs';
import { copyFile, readdir, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:https';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { isAlive } from '../../../src/lab/processes.ts';
import { discard, type PracticeNode, practiceNodes } from './practice-node.ts';

describe('4.0.0', () => {
  let nodes: PracticeNode[];
  let node: PracticeNode;

  beforeEach(async () => {
    nodes = await practiceNodes(1, '4.0.0', { userstores: true });
    node = nodes[0]!;
  });
  afterEach(() => discard(nodes));

  test('says "started" before the internal ports open', async () => {
    const log = await node.start();
    const order = [
      `Pass-through HTTP Listener started on 0.0.0.0:${8280 + node.offset}`,
      `Pass-through HTTPS Listener started on 0.0.0.0:${8243 + node.offset}`,
      'WSO2 Micro Integrator started in',
      `EI_INTERNAL_HTTP_INBOUND_ENDPOINT Listener started on 0.0.0.0:${9191 + node.offset}`,
      `EI_INTERNAL_HTTPS_INBOUND_ENDPOINT Listener started on 0.0.0.0:${9154 + node.offset}`,
    ].map((line) => log.indexOf(line));
    expect(order).not.toContain(-1);
    expect(order).toEqual([...order].sort((a, b) => a - b));
    expect(log).toMatch(/^\[\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3}\] {2}INFO \{[\w.]+\} - Starting/m);
    expect(await node.http(9191, '/healthz')).toEqual({
      status: 200,
      body: '{"version":"4.0.0","status" : "ready"}',
    });
  });

  test('is found by its carbon.home, and writes its pid without a newline', async () => {
    await node.start();
    expect(readFileSync(`/proc/${node.pid()}/cmdline`, 'utf8')).toContain(`\0-Dcarbon.home=${node.home}\0`);
    expect(readFileSync(node.path('wso2carbon.pid'), 'utf8')).toMatch(/^\d+$/);
  });

  test('answers the management API in its own shapes', async () => {
    await node.start();
    expect(await node.token('admin', 'wrong')).toBeUndefined();
    expect((await node.https(9154, '/management/apis')).status).toBe(401);
    expect(await node.management('/')).toEqual({ 'WSO2 Micro Integrator': '4.0.0', ManagementApi: 'Active' });
    expect(await node.management('/applications')).toEqual({
      count: 2,
      list: [
        { name: 'OrdersService', version: '1.0.0' },
        { name: 'StockService', version: '2.1.0' },
      ],
    });
    const { list } = (await node.management('/apis')) as { list: { name: string }[] };
    expect(list.map(({ name }) => name)).toEqual(['OrdersAPI', 'StatusAPI', 'StockAPI']);
    expect(await node.management('/message-processors')).toMatchObject({ list: [{ status: 'inactive' }] });
    expect(await node.management('/server')).toMatchObject({
      productVersion: '4.0.0',
      carbonHome: node.home,
    });
    expect(await node.management('/proxy-services?proxyServiceName=StockProxy')).toMatchObject({
      isRunning: true,
    });
    const headers = { Authorization: `Bearer ${await node.token()}` };
    expect((await node.https(9154, '/management/server', { headers, method: 'PATCH' })).status).toBe(405);
    expect((await node.http(8280, '/orders')).body).toBe('{"served":"OrdersAPI","version":"4.0.0"}');
    expect((await node.https(8243, '/services/StockProxy')).status).toBe(200);
  });

  test('ignores secondary user stores', async () => {
    expect(await node.start()).not.toContain('User Store Configuration Deployer');
  });

  test('does not start twice, believes the pid file, and always exits 0', async () => {
    await node.start();
    const pid = node.pid();
    expect(await node.script(['start'])).toEqual({ code: 0, out: 'Process is already running\n' });
    expect(node.pid()).toBe(pid);
    await node.stop();
    expect(existsSync(node.path('wso2carbon.pid'))).toBe(true);
    await writeFile(node.path('wso2carbon.pid'), String(process.pid));
    expect(await node.script(['start'])).toEqual({ code: 0, out: 'Process is already running\n' });
    await writeFile(node.path('wso2carbon.pid'), '999999');
    expect(await node.script(['stop'])).toMatchObject({ code: 0 });
  });

  test('needs JAVA_HOME', async () => {
    expect(await node.script(['start'], { JAVA_HOME: '' })).toMatchObject({ code: 1 });
  });

  test('drains requests in flight before it stops', async () => {
    await node.start();
    const slow = node.http(8280, '/orders?delayMs=400');
    await node.http(8280, '/orders');
    const pid = node.pid();
    await node.script(['stop']);
    expect(await isAlive(pid)).toBe(true);
    expect((await slow).status).toBe(200);
    const log = await node.logUntil(/Micro Integrator Shutdown complete/);
    const lines = [
      'Gracefully shutting down',
      'Stopped all transport listeners',
      'All requests have been served.',
    ];
    const order = lines.map((line) => log.indexOf(line));
    expect(order).not.toContain(-1);
    expect(order).toEqual([...order].sort((a, b) => a - b));
  });

  test('wipes tmp', async () => {
    await writeFile(node.path('tmp/rest'), '');
    await node.start();
    expect(await readdir(node.path('tmp'))).toEqual([]);
  });

  test.each([
    ['a table twice', (toml: string) => `${toml}\n[user_store]\ntype = "database"\n`],
    ['no TOML', (toml: string) => `${toml}\nwhat is this\n`],
  ])('refuses a deployment.toml with %s', async (_name, change) => {
    await node.edit('conf/deployment.toml', change);
    const log = await node.startUntil(/FATAL/);
    expect(log).toContain('Error while performing configuration changes');
    expect(log).not.toContain('Listener started');
  });

  test('takes an offset argument over the toml, and renders carbon.xml', async () => {
    const log = await node.start([`-DportOffset=${node.offset + 1}`]);
    expect(log).toContain(`0.0.0.0:${8281 + node.offset}`);
    expect(readFileSync(node.path('conf/carbon.xml'), 'utf8')).toContain(
      `<Offset>${node.offset + 1}</Offset>`,
    );
    expect(readFileSync(node.path('backup/conf/carbon.xml'), 'utf8')).toContain('<Offset>10</Offset>');
  });

  test.each([
    ['no password file', () => rm(node.path('password-persist')), /KeyStore password is not provided/],
    [
      'a wrong password',
      () => writeFile(node.path('password-persist'), 'x'),
      /KeyStore password is incorrect/,
    ],
    [
      'no secret-conf',
      () => writeFile(node.path('conf/security/secret-conf.properties'), '# nothing\n'),
      /secret-conf/,
    ],
    [
      'another keystore',
      () => node.edit('repository/resources/security/acme.jks', (text) => `${text}other\n`),
      /Error while decrypting the secret/,
    ],
  ])('with %s it looks healthy but has no management over HTTPS', async (_name, spoil, expected) => {
    await spoil();
    await node.startUntil(expected);
    expect((await node.http(9191, '/healthz')).status).toBe(200);
    await expect(node.https(9154, '/management/login')).rejects.toThrow(/ECONNREFUSED/);
  });

  test('password-tmp is used up', async () => {
    await rm(node.path('password-persist'));
    await writeFile(node.path('password-tmp'), 'acme-store-pass\n');
    await node.start();
    expect(existsSync(node.path('password-tmp'))).toBe(false);
  });

  test('wraps the jars of lib into dropins, and complains about what is there twice', async () => {
    expect(await node.start()).not.toContain('Duplicate');
    expect(await readdir(node.path('dropins'))).toEqual([
      'acme_commons_1.3_1.0.0.jar',
      'com.acme.order.mediator_1.2.0.jar',
      'h2_1.4.200_1.0.0.jar',
    ]);
    await node.stop();
    await copyFile(node.path('lib/h2-1.4.200.jar'), node.path('dropins/h2-1.4.200.jar'));
    await copyFile(
      node.path('dropins/acme_commons_1.3_1.0.0.jar'),
      node.path('lib/acme_commons_1.3_1.0.0.jar'),
    );
    const modules = node.path('repository/deployment/server/axis2modules');
    await copyFile(join(modules, 'rampart-1.6.1-wso2v39.mar'), join(modules, 'rampart-1.7.0-wso2v1.mar'));
    await rm(join(node.dir, 'cluster/coordination.sqlite'));
    const log = await node.start();
    const complaints = log.match(/(?<=ERROR .*)Duplicate (bundle|module).*/g) ?? [];
    expect(complaints.map((line) => line.split(' ').slice(1, 3).join(' ')).sort()).toEqual([
      'bundle: acme_commons_1.3_1.0.0.jar',
      'bundle: acme_commons_1.3_1.0.0_1.0.0.jar',
      'bundle: h2-1.4.200.jar',
      'module rampart:',
    ]);
  });

  test("dies when 4.1.0's script meets its libraries", async () => {
    await node.edit('bin/micro-integrator.sh', (text) =>
      text.replace('-DavoidConfigHashRead=true', '-DavoidConfigHashRead=true -Dlog4j2.contextSelector=x'),
    );
    expect(await node.startUntil(/FATAL/)).toContain('com/lmax/disruptor');
  });
});

describe('4.1.0', () => {
  let nodes: PracticeNode[];
  let node: PracticeNode;

  beforeEach(async () => {
    nodes = await practiceNodes(1, '4.1.0', { userstores: true });
    node = nodes[0]!;
  });
  afterEach(() => discard(nodes));

  test('answers in its own shapes', async () => {
    const log = await node.start();
    expect(log).toContain('User Store Configuration Deployer initiated.');
    expect(log).toContain('Realm configuration of tenant:-1234  modified with');
    const ready = '{"version":"4.1.0", "update_level":"-", "status" : "ready"}';
    expect((await node.http(9191, '/healthz')).body).toBe(ready);
    expect(await node.management('/applications')).toMatchObject({
      totalCount: 2,
      activeCount: 2,
      faultyCount: 0,
    });
    expect(await node.management('/data-sources')).toEqual({ count: 0, list: [] });
    // Nobody has is_admin in a toml that came from 4.0.0.
    expect(await node.management('/users')).toEqual({ Error: 'Access denied' });
  });

  test('lets admins see users once the toml says who is one', async () => {
    await node.edit('conf/deployment.toml', (toml) =>
      toml.replace('user.name = "admin"\n', 'user.name = "admin"\nuser.is_admin = true\n'),
    );
    await node.start();
    expect(await node.management('/users')).toMatchObject({ count: 2 });
    expect(await node.management('/users', await node.token('monitor', 'monitor'))).toEqual({
      Error: 'Access denied',
    });
  });

  test('ignores user stores without the user core', async () => {
    expect(await node.start(['-DNonUserCoreMode=true'])).not.toContain('User Store Configuration Deployer');
  });

  test('restarts itself through the management API', async () => {
    await node.start();
    const pid = node.pid();
    const headers = { Authorization: `Bearer ${await node.token()}` };
    const from = node.log().length;
    const patch = request({
      ...{ host: '127.0.0.1', port: 9154 + node.offset, path: '/management/server', method: 'PATCH' },
      ...{ headers, rejectUnauthorized: false, agent: false },
    });
    patch.on('response', (response) => response.resume());
    patch.end('{"status": "restartGracefully"}');
    await node.logUntil(/EI_INTERNAL_HTTPS_INBOUND_ENDPOINT Listener started/, from);
    expect(node.pid()).not.toBe(pid);
  });

  test.each([
    ['faulty-capp', 500, /ERROR .*OrdersService_1.0.0.car. Reverting successfully/],
    ['broken-capp', 200, /ERROR .*Error while deploying carbon application \/.*OrdersService_1.0.0.car/],
  ] as const)('%s: health %s', async (fault, status, line) => {
    await node.set({ faults: [fault] });
    expect(await node.start()).toMatch(line);
    const answer = await node.http(9191, '/healthz');
    expect(answer.status).toBe(status);
    if (status === 500) expect(answer.body).toContain('"Faulty CAPPs" : ["OrdersService_1.0.0.car"]');
    expect(await node.management('/applications')).toMatchObject({ activeList: [{ name: 'StockService' }] });
    expect(JSON.stringify(await node.management('/apis'))).not.toContain('OrdersAPI');
  });

  test('lost-api: nothing says so but the list', async () => {
    await node.set({ faults: ['lost-api'] });
    expect(await node.start()).not.toContain('ERROR');
    expect(await node.management('/apis')).toMatchObject({ count: 2 });
    expect(await node.management('/applications')).toMatchObject({ activeCount: 2 });
  });

  test('port-taken: a WARN line, and health stays green', async () => {
    await node.set({ faults: ['port-taken'] });
    expect(await node.start()).toMatch(/ WARN .*System may be unstable: .*Address already in use/);
    expect((await node.http(9191, '/healthz')).status).toBe(200);
    await expect(node.http(8280, '/orders')).rejects.toThrow();
  });

  test('never-ready: it lives, deploys, and opens nothing', async () => {
    await node.set({ faults: ['never-ready'] });
    const log = await node.startUntil(/Successfully Deployed Carbon Application : StockService/);
    expect(log).not.toContain('Listener started');
    await expect(node.http(9191, '/healthz')).rejects.toThrow(/ECONNREFUSED/);
    expect(await isAlive(node.pid())).toBe(true);
    await node.stop();
  });

  test('crash: it dies after it was healthy', async () => {
    await node.set({ faults: ['crash'], crashAfterMs: 700 });
    await node.start();
    const pid = node.pid();
    while (await isAlive(pid)) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(node.log()).not.toContain('Shutdown complete');
  });

  test('slow-start and slow-stop take their time', async () => {
    await node.set({ faults: ['slow-start', 'slow-stop'], slowStartMs: 300, slowStopMs: 300 });
    const begin = performance.now();
    await node.start();
    const started = performance.now();
    expect(started - begin).toBeGreaterThan(300);
    await node.stop();
    expect(performance.now() - started).toBeGreaterThan(300);
  });
});
