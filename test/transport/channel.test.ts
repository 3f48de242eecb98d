import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { expect, it } from 'vitest';
import { cameThrough, letGoWhenSilent } from '../../src/transport/channel.ts';

it('what a program said last is heard, also when it was over before anybody listened', async () => {
  const stream = new PassThrough();
  stream.end('sudo: sorry, you must have a tty to run sudo\n');
  let over = false;
  const waited = cameThrough([stream]).then(() => {
    over = true;
  });
  await Promise.resolve();
  expect(over).toBe(false);
  const [said] = await once(stream, 'data');
  expect(String(said)).toContain('must have a tty');
  await waited;
});

it('watching for silence takes nothing from a reader who comes later', async () => {
  const stream = new PassThrough();
  stream.write('sudo: sorry, you must have a tty to run sudo\n');
  letGoWhenSilent([stream], () => false);
  await new Promise((resolve) => setImmediate(resolve));
  const [said] = await once(stream, 'data');
  expect(String(said)).toContain('must have a tty');
  // A daemon may hold the stream open for ever.
  await once(stream, 'close');
});

it('output that nobody reads holds nothing up for long', async () => {
  const stream = new PassThrough();
  stream.write('unread');
  await cameThrough([stream]);
  expect(stream.readableLength).toBe(6);
});
