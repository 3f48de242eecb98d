import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  applyChanges,
  contentOfBytes,
  fileState,
  listRuns,
  refreshLock,
  releaseLock,
  removeRuns,
  type Session,
  setFile,
  stateBytes,
  takeLock,
} from '../../src/resources/index.ts';
import { SHELLS, type TestHost, testHost } from './host.ts';

const other = (host: TestHost): Session => ({ ...host.session, run: 'other run' });

describe.each(SHELLS)('the lock under %s', (shell) => {
  it('is held by one run at a time, and says by whom', async () => {
    const host = await testHost(shell);
    expect(await takeLock(host.session, { owner: 'ann@ops 1' })).toEqual({});
    expect(await takeLock(host.session, { owner: 'ann@ops 1' })).toEqual({});
    await refreshLock(host.session, 'ann@ops 1');
    await expect(takeLock(other(host), { owner: 'bob@ops2' })).rejects.toThrow(
      /^the host is locked by ann@ops 1 \(run run-1, last seen 20\d\d-/,
    );
    await releaseLock(other(host), 'bob@ops2');
    await expect(refreshLock(other(host), 'bob@ops2')).rejects.toMatchObject({ kind: 'lock' });
    await releaseLock(host.session, 'ann@ops 1');
    expect(await takeLock(other(host), { owner: 'bob@ops2' })).toEqual({});
    expect(readdirSync(host.state)).toEqual(['lock']);
  });

  it('is taken over from a dead shell and from an earlier boot, and broken on request', async () => {
    const host = await testHost(shell);
    await takeLock(host.session, { owner: 'ann' });
    const lock = join(host.state, 'lock');
    const words = readFileSync(lock, 'utf8').trim().split(' ');
    writeFileSync(lock, `${[...words.slice(0, 4), '999999', '1'].join(' ')}\n`);
    expect(await takeLock(other(host), { owner: 'bob' })).toMatchObject({
      from: expect.stringMatching(/^ann \(run run-1/),
    });
    writeFileSync(lock, `${[words[0], words[1], 'earlier-boot', ...words.slice(3)].join(' ')}\n`);
    expect(await takeLock(other(host), { owner: 'bob' })).toMatchObject({
      from: expect.stringMatching(/^ann/),
    });
    const third = { ...host.session, run: 'third' };
    await expect(takeLock(third, { owner: 'eve' })).rejects.toMatchObject({ kind: 'lock' });
    expect(await takeLock(third, { owner: 'eve', breakLock: true })).toMatchObject({
      from: expect.stringMatching(/^bob/),
    });
  });

  it('is waited for', async () => {
    const host = await testHost(shell);
    await takeLock(host.session, { owner: 'ann' });
    const waiting = takeLock(other(host), { owner: 'bob', waitMs: 20_000 });
    await releaseLock(host.session, 'ann');
    expect(await waiting).toEqual({});
  });

  it('guards what is kept: old runs and their before-images go, the rest stays', async () => {
    const host = await testHost(shell);
    const path = join(host.root, 'x');
    for (const n of [0, 1, 2, 3]) {
      const session = { ...host.session, run: `r${n}` };
      const state = await host.ask(fileState(path));
      await applyChanges(session, setFile(state, { type: 'file', content: contentOfBytes(`content ${n}`) }));
    }
    expect((await listRuns(host.session)).map(({ run, entries }) => [run, entries])).toEqual(
      [0, 1, 2, 3].map((n) => [`r${n}`, 1]),
    );
    const full = await stateBytes(host.session);
    await removeRuns(host.session, ['r0', 'r1']);
    expect((await listRuns(host.session)).map(({ run, open }) => [run, open])).toEqual([
      ['r2', false],
      ['r3', false],
    ]);
    expect(await stateBytes(host.session)).toBeLessThan(full);
    const object = (n: number) => join(host.state, 'objects', contentOfBytes(`content ${n}`).sha256);
    expect([0, 1, 2].map((n) => existsSync(object(n)))).toEqual([false, true, true]);
  });
});
