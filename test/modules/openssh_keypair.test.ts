import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, test } from 'vitest';
import keypair from '../../src/modules/openssh_keypair/index.ts';
import { MAKE, pairProbe, readPair } from '../../src/modules/openssh_keypair/pair.ts';
import { hasProgram } from '../machine.ts';
import { run } from './paper-host.ts';
import { ended } from './task-plan.ts';

const PAIR = '256 SHA256:abc me (ED25519)\nssh-ed25519 AAAA me\n';
const around = (said: string) => ({
  files: { '/k/id': { text: 'x', mode: 0o600 }, '/k/id.pub': 'ssh-ed25519 AAAA me\n' },
  answers: {
    'command:{"argv":["/bin/sh","-c","if [ -e': ended(0, said === 'absent\n' ? said : '1 1\n'),
    command: ended(0, said),
  },
});

describe('openssh_keypair', () => {
  const wish = { path: '/k/id', type: 'ed25519' };
  test.each<[string, Record<string, unknown>, string, RegExp | undefined]>([
    ['none', {}, 'absent\n', /^make the ed25519 key/],
    ['right', {}, `open ${PAIR}`, undefined],
    ['another kind', { type: 'ecdsa' }, `open ${PAIR}`, /^make the ecdsa key/],
    ['another kind may stay', { type: 'ecdsa', regenerate: 'never' }, `open ${PAIR}`, undefined],
    ['in any case', { force: true }, `open ${PAIR}`, /^make the ed25519 key/],
    ['cannot be read', { regenerate: 'full_idempotence' }, 'broken\n', /^make the ed25519 key/],
    ['locked, as it shall be', { passphrase: 'p' }, `locked ${PAIR}`, undefined],
    ['no public key', {}, 'open 256 SHA256:abc me (ED25519)\n', /^make the public key/],
  ])('%s', async (_name, args, said, summary) => {
    const ran = await run(keypair, { ...wish, ...args }, around(said));
    expect(ran.plan.failed).toBeUndefined();
    expect(ran.summaries).toEqual(summary ? [expect.stringMatching(summary)] : []);
    // Only a pair in an empty place can be taken back.
    for (const { undo } of ran.changes)
      expect(undo).toBe(said === 'absent\n' ? 'invertible' : 'irreversible');
  });

  test.each<[Record<string, unknown>, string, RegExp]>([
    [{}, `locked ${PAIR}`, /Unable to read the key/],
    [{ passphrase: 'p' }, `open ${PAIR}`, /Unable to read the key/],
    [{}, 'broken\n', /Unable to read the key/],
    [{ type: 'rsa', regenerate: 'fail' }, `open ${PAIR}`, /is a ed25519 key of 256 bits, not rsa of 4096/],
    [{ path: '/no/such/id' }, 'absent\n', /does not exist/],
  ])('fails: %j, %j', async (args, said, message) => {
    const ran = await run(keypair, { ...wish, ...args }, around(said));
    expect(ran.plan.failed).toMatch(message);
    expect(ran.changes).toEqual([]);
  });

  it('changes comment and mode alone, and tells the key', async () => {
    const ran = await run(keypair, { ...wish, comment: 'you', mode: '0640' }, around(`open ${PAIR}`));
    expect(ran.text('/k/id.pub')).toBe('ssh-ed25519 AAAA you\n');
    expect(ran.state('/k/id')?.mode).toBe(0o640);
    expect(ran.result).toMatchObject({
      filename: '/k/id',
      type: 'ed25519',
      size: 256,
      fingerprint: 'SHA256:abc',
      public_key: 'ssh-ed25519 AAAA',
      comment: 'you',
    });
  });

  it('removes both files', async () => {
    const ran = await run(keypair, { ...wish, state: 'absent' }, around(`open ${PAIR}`));
    expect([ran.state('/k/id')?.type, ran.state('/k/id.pub')?.type]).toEqual(['absent', 'absent']);
    expect((await ran.again()).changes).toEqual([]);
  });

  it('keeps the passphrase out of arguments', async () => {
    const ran = await run(keypair, { ...wish, passphrase: 's3cret' }, around('absent\n'));
    const { spec } = ran.changes[0]!.detail as { spec: { argv: string[]; stdin: string } };
    expect(spec.argv.join(' ')).not.toContain('s3cret');
    expect(spec.stdin).toBe('s3cret\n');
  });
});

describe.runIf(hasProgram('ssh-keygen'))('with the ssh-keygen of this machine', () => {
  const make = (path: string, passphrase: string, ...words: string[]) =>
    readPair(
      execFileSync('/bin/sh', ['-c', MAKE, 'sh', path, ...words], {
        input: `${passphrase}\n`,
        encoding: 'utf8',
      }),
    );
  const look = (path: string) => {
    const [program, ...words] = (pairProbe(path).query as { argv: string[] }).argv;
    return readPair(execFileSync(program!, words, { encoding: 'utf8' }));
  };

  it('makes pairs, open and locked, and the public key anew', () => {
    const folder = mkdtempSync(join(tmpdir(), 'cutover-pair-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const open = join(folder, 'open');
    expect(look(open).state).toBe('absent');
    const made = make(open, '', 'ed25519', '256', 'a b');
    expect(made).toMatchObject({ state: 'open', bits: 256, type: 'ed25519' });
    expect(made.publicKey?.[2]).toBe('a b');
    expect(statSync(open).mode & 0o777).toBe(0o600);
    expect(statSync(`${open}.pub`).mode & 0o777).toBe(0o644);
    expect(look(open)).toEqual(made);
    const text = readFileSync(`${open}.pub`, 'utf8');
    rmSync(`${open}.pub`);
    expect(make(open, '', 'public', '256', '').publicKey?.slice(0, 2)).toEqual(made.publicKey?.slice(0, 2));
    expect(readFileSync(`${open}.pub`, 'utf8')).toBe(text);
    const locked = join(folder, 'locked');
    expect(make(locked, 'pass word', 'ecdsa', '384', '')).toMatchObject({
      state: 'locked',
      bits: 384,
      type: 'ecdsa',
    });
  });
});
