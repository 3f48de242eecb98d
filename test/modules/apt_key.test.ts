import { describe, expect, test } from 'vitest';
import aptKey from '../../src/modules/apt_key/index.ts';
import { armored, withoutArmor } from '../../src/modules/openpgp/armor.ts';
import { keyId, type PublicKey, readKeys } from '../../src/modules/openpgp/keys.ts';
import rpmKey from '../../src/modules/rpm_key/index.ts';
import type { CommandSpec } from '../../src/resources/index.ts';
import { run } from './paper-host.ts';
import { ended } from './task-plan.ts';

// Made by gpg 2.2, which also told the fingerprint.
const REAL = `-----BEGIN PGP PUBLIC KEY BLOCK-----

mDMEawQDTxYJKwYBBAHaRw8BAQdAE9Fo9iSJoJCsES3TPo7r3ovuWAOFtHzUdOiR
D5DJS8q0F1Rlc3QgMiA8dDJAZXhhbXBsZS5vcmc+iJAEExYIADgWIQQcDCJ7z7Cc
8D9fGT6AZ/zSVLzhXQUCawQDTwIbAwULCQgHAgYVCgkICwIEFgIDAQIeAQIXgAAK
CRCAZ/zSVLzhXTBnAQDMlqJmB8smdCqViKXJG0qmjPX5DlVrwBXTjI+v31d/2wEA
3v/sVwppZhBYzLGXPb7j1VM0TtACHfBt61E2KhD7KAQ=
=GTSc
-----END PGP PUBLIC KEY BLOCK-----
`;
const REAL_PRINT = '1C0C227BCFB09CF03F5F193E8067FCD254BCE15D';

const packet = (tag: number, ...body: number[]) => Buffer.from([0xc0 | tag, body.length, ...body]);
const NAME = packet(13, 0x61);
/** A key that is none but in form, with a subkey. */
const madeUp = (seed: number) =>
  Buffer.concat([packet(6, 4, seed, 0, 0, 0, 1), NAME, packet(14, 4, seed, 1, 1, 1, 1), packet(12, 0)]);
const one = madeUp(1);
const two = madeUp(2);
const keyOf = (bytes: Buffer) => (readKeys(bytes) as PublicKey[])[0]!;
const [ONE, TWO] = [keyOf(one).fingerprint, keyOf(two).fingerprint];

describe('OpenPGP keys', () => {
  test('as gpg writes and names them', () => {
    expect(readKeys(Buffer.from(REAL))).toMatchObject([{ fingerprint: REAL_PRINT, subkeys: [] }]);
    const bytes = withoutArmor(Buffer.from(REAL));
    expect(armored(bytes)).toBe(REAL);
    expect(readKeys(bytes)).toEqual(readKeys(Buffer.from(`Comment\n${REAL.replaceAll('\n', '\r\n')}`)));
  });

  test('several, in several blocks, with headers', () => {
    const text = armored(one) + armored(two).replace('\n\n', '\nVersion: x\n\n');
    const keys = readKeys(Buffer.from(text)) as PublicKey[];
    expect(keys.map(({ bytes }) => bytes)).toEqual([one, two]);
    expect(readKeys(Buffer.alloc(0))).toEqual([]);
  });

  test.each([
    ['text', Buffer.from('hello\n'), /no OpenPGP/],
    ['a keybox', Buffer.from('\0\0\0\x20\x01\x01\0\x02KBXf\0'), /keybox/],
    ['cut off', one.subarray(0, one.length - 1), /no OpenPGP/],
    ['a signature', packet(2, 4, 0), /no OpenPGP/],
    ['a newer key', packet(6, 6, 0, 0), /version 6/],
  ])('not %s', (_, bytes, fault) => {
    expect(readKeys(bytes)).toEqual({ fault: expect.stringMatching(fault) });
  });

  test('lengths of both kinds', () => {
    const long = Buffer.alloc(300, 7);
    long[0] = 4;
    const head = (...bytes: number[]) => Buffer.concat([Buffer.from(bytes), long]);
    const prints = [
      head(0xc6, 192, 108),
      head(0xc6, 255, 0, 0, 1, 44),
      head(0x99, 1, 44),
      head(0x9a, 0, 0, 1, 44),
    ].map((bytes) => keyOf(bytes).fingerprint);
    expect(new Set(prints).size).toBe(1);
  });

  test.each([
    ['0x54bce15d', '54BCE15D'],
    [' 8067 FCD2 54BC E15D', '8067FCD254BCE15D'],
    ['54BCE15', undefined],
    ['xyz', undefined],
  ])('the id %j', (written, id) => {
    expect(keyId(written)).toBe(id);
  });
});

const MAIN = '/etc/apt/trusted.gpg';
const PARTS = '/etc/apt/trusted.gpg.d';
const trusting = (files: Record<string, string | Buffer> = {}) => ({
  files: Object.fromEntries([
    [PARTS, { dir: true as const }],
    ...Object.entries(files).map(([path, text]) => [path, { text }]),
  ]),
});
const ids = (...prints: string[]) => prints.map((print) => print.slice(-16));
const [SUB1, SUB2] = [keyOf(one).subkeys[0]!, keyOf(two).subkeys[0]!];

describe('apt_key', () => {
  test('a key is added to what apt trusts', async () => {
    const ran = await run(aptKey, { data: armored(one) }, trusting({ [`${PARTS}/two.asc`]: armored(two) }));
    expect(ran.text(MAIN)).toBe(one.toString());
    expect(ran.state(MAIN)!.mode).toBe(0o644);
    expect(ran.changes[0]!.undo).toBe('restorable');
    expect(ran.result).toEqual({
      id: ONE.slice(-16),
      key_id: ONE.slice(-16),
      fp: ONE.slice(-16),
      short_id: ONE.slice(-8),
      before: ids(TWO, SUB2),
      after: ids(ONE, SUB1, TWO, SUB2),
    });
    expect((await ran.again()).changes).toEqual([]);
  });

  test('to a keyring of its own, behind what is there, as text where it is text', async () => {
    const keyring = '/usr/share/keyrings/mine.gpg';
    const around = trusting({ [keyring]: two, '/srv/key': armored(one), [MAIN]: one });
    const ran = await run(aptKey, { file: '/srv/key', keyring }, around);
    expect(ran.text(keyring)).toBe(Buffer.concat([two, one]).toString());
    expect(ran.result.before).toEqual(ids(TWO, SUB2));
    const fresh = await run(aptKey, { file: '/srv/key', keyring: `${PARTS}/a.asc` }, around);
    expect(fresh.text(`${PARTS}/a.asc`)).toBe(armored(one));
  });

  test.each([
    ['the whole', ONE],
    ['long', ONE.slice(-16)],
    ['short', `0x${ONE.slice(-8).toLowerCase()}`],
    ["a subkey's", SUB1],
  ])('is there by its id (%s): nothing is fetched', async (_, id) => {
    const around = trusting({ [`${PARTS}/one.gpg`]: one });
    const ran = await run(aptKey, { id, url: 'http://x.example.org/key' }, around);
    expect(ran.changes).toEqual([]);
    expect(ran.result).toMatchObject({ id, short_id: id.slice(-8).toUpperCase() });
    expect(ran.result).not.toHaveProperty('after');
  });

  test.each([
    [{ url: 'http://x.example.org/key' }, 'http:GET http://x.example.org/key'],
    [
      { keyserver: 'keys.example.org', id: TWO },
      `http:GET http://keys.example.org:11371/pks/lookup?op=get&options=mr&search=0x${TWO}`,
    ],
    [
      { keyserver: 'hkps://keys.example.org/', id: TWO },
      `http:GET https://keys.example.org/pks/lookup?op=get&options=mr&search=0x${TWO}`,
    ],
    [
      { keyserver: 'hkp://keys.example.org:80', id: TWO },
      `http:GET http://keys.example.org:80/pks/lookup?op=get&options=mr&search=0x${TWO}`,
    ],
  ])('%j is asked', async (args, question) => {
    const reply = { status: 200, reason: 'OK', body: Buffer.from(armored(two)) };
    const ran = await run(aptKey, args, { ...trusting(), answers: { [question]: reply } });
    expect(ran.text(MAIN)).toBe(two.toString());
  });

  test('a key goes from every keyring, and a keyring with its last key', async () => {
    const around = trusting({
      [MAIN]: Buffer.concat([one, two]),
      [`${PARTS}/one.gpg`]: one,
      [`${PARTS}/t.asc`]: armored(two),
    });
    const ran = await run(aptKey, { id: ONE, state: 'absent' }, around);
    expect(ran.text(MAIN)).toBe(two.toString());
    expect(ran.state(`${PARTS}/one.gpg`)!.type).toBe('absent');
    expect(ran.changes).toHaveLength(2);
    expect(ran.result.after).toEqual(ids(TWO, SUB2, TWO, SUB2));
    expect((await run(aptKey, { id: 'AAAAAAAA', state: 'absent' }, around)).changes).toEqual([]);
  });

  test.each([
    [{ id: SUB1, state: 'absent' }, { [MAIN]: one }, /is a subkey of/],
    [{ id: TWO, data: armored(one) }, {}, /the key .* is not in data, which has/],
    [{ data: 'hello' }, {}, /no key could be had from data: it holds no/],
    [{ file: '/nope' }, {}, /\/nope: it is no readable file/],
    [{ id: ONE }, {}, /says where to get it/],
    [{ data: armored(one) }, { [MAIN]: 'rubbish' }, /trusted.gpg: it holds no OpenPGP/],
  ])('%# fails', async (args, files, failed) => {
    expect((await run(aptKey, args, trusting(files as Record<string, string>))).plan.failed).toMatch(failed);
  });

  test.each([
    [{ state: 'absent' }, /"id"/],
    [{ keyserver: 'x' }, /"id"/],
    [{ id: 'xyz' }, /is no id of a key/],
    [{ url: 'http://x', data: 'x' }, /one of/],
  ])('%j is refused', async (args, message) => {
    await expect(run(aptKey, args, trusting())).rejects.toThrow(message);
  });
});

describe('rpm_key', () => {
  const around = (text: string) => ({
    ...trusting({ '/srv/key': armored(one) }),
    answers: { command: ended(0, text) },
  });
  const spec = (ran: { changes: readonly { detail: unknown }[] }) =>
    (ran.changes[0]!.detail as { spec: CommandSpec }).spec;

  test('a key is imported once', async () => {
    const ran = await run(rpmKey, { key: '/srv/key' }, around(''));
    expect(ran.summaries).toEqual([`import key ${ONE}`]);
    expect(spec(ran).stdin).toBe(armored(one));
    expect(ran.changes[0]!.undo).toBe('invertible');
    expect((await run(rpmKey, { key: '/srv/key' }, around('a key\n'))).changes).toEqual([]);
  });

  test('a key goes by its id, or by a file that has it', async () => {
    for (const key of [ONE.slice(-8), '/srv/key']) {
      const ran = await run(rpmKey, { key, state: 'absent' }, around('a key\n'));
      expect(spec(ran).argv!.slice(-2)).toEqual(['back', `gpg-pubkey-${ONE.slice(-8).toLowerCase()}`]);
      expect((await run(rpmKey, { key, state: 'absent' }, around(''))).changes).toEqual([]);
    }
  });

  test('the fingerprint is checked before anything is done', async () => {
    const good = { key: '/srv/key', fingerprint: ONE.replace(/..../g, '$& ').toLowerCase() };
    expect((await run(rpmKey, good, around(''))).changes).toHaveLength(1);
    const bad = await run(rpmKey, { ...good, fingerprint: TWO }, around(''));
    expect(bad.plan.failed).toBe(`the key in /srv/key has the fingerprint ${ONE}, not ${TWO}`);
  });

  test.each([
    [{ key: '/nope' }, /\/nope: it is no readable file/],
    [{ key: ONE }, /rpm has no key/],
  ])('%j fails', async (args, failed) => {
    expect((await run(rpmKey, args, around(''))).plan.failed).toMatch(failed);
  });

  test('without rpm nothing can be known', async () => {
    const missing = {
      ...trusting(),
      answers: { command: ended(127, '', 'there is no rpm on the target\n') },
    };
    expect((await run(rpmKey, { key: ONE }, missing)).plan.failed).toBe('rpm: there is no rpm on the target');
  });
});
