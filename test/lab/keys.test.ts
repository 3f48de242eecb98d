import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ssh2 from 'ssh2';
import { expect, test } from 'vitest';
import { makeKeyPair } from '../../src/lab/keys.ts';

test('makes keys that ssh2 reads, leading zeros or not', () => {
  const { parseKey } = ssh2.utils;
  // One key in 128 starts with a zero byte somewhere: with so many, some do.
  for (const pair of Array.from({ length: 1500 }, () => makeKeyPair('a comment'))) {
    const [whole, half] = [parseKey(pair.private), parseKey(pair.public)];
    if (whole instanceof Error || half instanceof Error) throw new Error(`unreadable: ${pair.private}`);
    expect(whole.getPublicSSH().equals(half.getPublicSSH())).toBe(true);
    const signature = whole.sign(Buffer.from('text'));
    expect(half.verify(Buffer.from('text'), signature as Buffer)).toBe(true);
  }
});

test('makes keys that ssh-keygen reads', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'keys-'));
  const pair = makeKeyPair('a comment');
  await writeFile(join(folder, 'key'), pair.private, { mode: 0o600 });
  const out = execFileSync('sh', ['-c', 'ssh-keygen -y -f key'], { cwd: folder }).toString();
  expect(out).toBe(`${pair.public}\n`);
  await rm(folder, { recursive: true });
});
