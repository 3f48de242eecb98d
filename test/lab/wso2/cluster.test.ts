import { afterEach, beforeEach, expect, test } from 'vitest';
import { discard, type PracticeNode, practiceNodes } from './practice-node.ts';

let nodes: PracticeNode[];
let first: PracticeNode;
let second: PracticeNode;

beforeEach(async () => {
  nodes = await practiceNodes(2);
  [first, second] = nodes as [PracticeNode, PracticeNode];
});
afterEach(() => discard(nodes));

test('nodes see each other, and the leader has the tasks', async () => {
  const log = await first.start();
  expect(log).toContain('Elected current node (nodeID: node1) as the coordinator');
  expect(log).toContain('Task scheduled: [ESB_TASK][NightlyReport].');
  const other = await second.start();
  expect(other).toContain('Successfully joined the cluster with id [node2]');
  expect(other).toContain('Coordinator changed to [node1]');
  expect(other).not.toContain('Task scheduled');
  await first.logUntil(/Member added \[node2\]/);
});

test('when the leader stops, the other takes its tasks after the expiry', async () => {
  await first.start();
  await second.start();
  await first.stop();
  const log = await second.logUntil(/Task scheduled/);
  expect(log).toContain('Member removed [node1]');
  expect(log).toContain('Elected current node (nodeID: node2) as the coordinator');
});

test('an id that comes back too early does not join, and health stays green', async () => {
  await first.set({ heartbeatRetries: 3000 });
  await first.start();
  await first.stop();
  const log = await first.start();
  expect(log).toMatch(
    /ERROR .*Node with id node1 already exists in cluster .*expiry time of 300000 milli seconds\./,
  );
  expect(log).not.toContain('Successfully joined');
  expect((await first.http(9191, '/healthz')).status).toBe(200);
  await first.stop();
  await first.set({ heartbeatRetries: 0 });
  expect(await first.start()).toContain('Successfully joined');
});

test('a node without the coordination database runs its tasks itself', async () => {
  await first.edit('conf/deployment.toml', (toml) => toml.replace('WSO2_COORDINATION_DB', 'OTHER_DB'));
  const log = await first.start();
  expect(log).toContain('Task scheduled: [ESB_TASK][NightlyReport].');
  expect(log).not.toContain('cluster');
});
