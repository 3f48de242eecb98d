import { describe, expect, it, test } from 'vitest';
import htpasswd from '../../src/modules/htpasswd/index.ts';
import { entryOf, hashOf, isHashOf, SCHEMES, withEntry } from '../../src/modules/htpasswd/passwords.ts';
import { run } from './paper-host.ts';

describe('hashes', () => {
  // By openssl passwd and openssl sha1.
  test.each([
    ['x', '$apr1$abcdefgh$82JubPF2dQkt1tVfvLnXS.'],
    ['x', '$1$abcdefgh$znAnv9M.XU2pRYfmSs46h/'],
    ['x', '{SHA}EfatjsUqKYSrqv18O1FlA3hcIHI='],
    ['x', 'x'],
  ])('of %s: %s', (password, hash) => {
    expect(isHashOf(hash, password)).toBe(true);
    expect(isHashOf(hash, `${password}y`)).toBe(false);
  });

  test.each(SCHEMES.map((scheme) => [scheme]))('are known again: %s', (scheme) => {
    const hash = hashOf('ä b', scheme, 'seed');
    expect(isHashOf(hash, 'ä b')).toBe(true);
    expect(isHashOf(hash, 'ä c')).toBe(false);
    expect(hashOf('ä b', scheme, 'seed')).toBe(hash);
    const salted = !['ldap_sha1', 'plaintext'].includes(scheme);
    expect(hashOf('ä b', scheme, 'other') !== hash).toBe(salted);
  });
});

describe('entries', () => {
  const text = '# mine\n\na:1\nab:2';
  test.each([
    ['changed', 'a', '9', '# mine\n\na:9\nab:2'],
    ['added', 'c', '9', '# mine\n\na:1\nab:2\nc:9\n'],
    ['taken out', 'a', undefined, '# mine\n\nab:2'],
    ['not there', 'b', undefined, text],
  ])('%s', (_name, user, hash, after) => {
    expect(withEntry(text, user, hash)).toBe(after);
  });
  it('are found', () => {
    expect(entryOf(text, 'ab')).toBe('2');
    expect(entryOf(text, 'b')).toBeUndefined();
  });
});

describe('htpasswd', () => {
  const args = { path: '/etc/web/users', name: 'ann', password: 'secret', mode: '0640' };

  it('makes the file with a user, once', async () => {
    const ran = await run(htpasswd, args, { files: { '/etc/web': { dir: true } } });
    expect(ran.text('/etc/web/users')).toMatch(/^ann:\$apr1\$[\w.]{8}\$[\w./]{22}\n$/);
    expect(ran.result.msg).toContain('Created /etc/web/users and added ann');
    const again = await ran.again();
    expect(again.changes).toEqual([]);
    expect(again.result.msg).toBe('ann already present');
  });

  it('changes a password, takes a user out', async () => {
    const files = { '/etc/web/users': { text: 'ann:old\nbob:x\n', mode: 0o640 } };
    const ran = await run(htpasswd, { ...args, crypt_scheme: 'ldap_sha1' }, { files });
    expect(ran.text('/etc/web/users')).toBe('ann:{SHA}5en6G6MezRroT3XKqkdPOmY/BfQ=\nbob:x\n');
    const gone = await run(htpasswd, { path: '/etc/web/users', name: 'bob', state: 'absent' }, { files });
    expect(gone.text('/etc/web/users')).toBe('ann:old\n');
    expect(gone.result.msg).toBe('Remove bob');
  });

  it('leaves what is not there', async () => {
    const absent = await run(htpasswd, { path: '/no', name: 'bob', state: 'absent' }, {});
    expect(absent.changes).toEqual([]);
    expect(absent.result.msg).toBe('bob not present');
    const closed = await run(htpasswd, { ...args, create: false }, {});
    expect(closed.plan.failed).toBe('Destination /etc/web/users does not exist');
  });

  test.each([[{ name: 'a:b' }], [{ password: undefined }], [{ crypt_scheme: 'des_crypt' }]])(
    'refuses %j',
    async (odd) => {
      await expect(run(htpasswd, { ...args, ...odd })).rejects.toThrow();
    },
  );
});
