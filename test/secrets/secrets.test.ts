import { describe, expect, it } from 'vitest';
import { createSecrets } from '../../src/secrets/index.ts';

const SECRET = `pa"ss'w/ord+1`;

describe('mask', () => {
  it.each([
    ['as it is', `login with ${SECRET} now`],
    ['JSON', JSON.stringify({ password: SECRET })],
    ['URL', `https://host/?p=${encodeURIComponent(SECRET)}`],
    ['shell', `curl -u 'me:${SECRET.replaceAll("'", `'\\''`)}'`],
    ['hex', Buffer.from(SECRET).toString('hex')],
    ['base64, alone', Buffer.from(SECRET).toString('base64')],
    ['base64, behind 1 byte', Buffer.from(`:${SECRET}`).toString('base64')],
    ['base64, behind 2 bytes', Buffer.from(`u:${SECRET}`).toString('base64')],
    ['base64, behind 6 bytes', Buffer.from(`admin:${SECRET}!`).toString('base64')],
  ])('%s', (_, text) => {
    const secrets = createSecrets();
    secrets.add(SECRET);
    const masked = secrets.mask(text);
    expect(masked).toContain('********');
    expect(masked).not.toContain('ord+1');
    expect(masked).not.toContain('w/ord');
  });

  it('hides short secrets where they stand alone, and leaves words whole', () => {
    const secrets = createSecrets();
    secrets.add('abc');
    expect(secrets.mask('abc abcd x=abc')).toBe('******** abcd x=********');
  });

  it('hides each line of a key', () => {
    const secrets = createSecrets();
    secrets.add('-----BEGIN KEY-----\nMIIEvAIBADANBg\n-----END KEY-----');
    expect(secrets.mask('  MIIEvAIBADANBg')).toBe('  ********');
  });

  it('goes into lists, mappings and their keys', () => {
    const secrets = createSecrets();
    secrets.add('hunter2');
    expect(secrets.maskDeep({ a: ['x hunter2'], hunter2: 1 })).toEqual({ a: ['x ********'], '********': 1 });
  });
});

describe('derive', () => {
  it('makes secret what was computed from a secret', () => {
    const secrets = createSecrets();
    secrets.add('hunter2');
    secrets.derive('hunter2', 'HUNTER2');
    expect(secrets.mask('HUNTER2')).toBe('********');
    secrets.derive({ password: 'hunter2', name: 'node-one' }, 'node-one');
    expect(secrets.mask('node-one')).toBe('node-one');
    secrets.derive({ changed: true, password: 'hunter2' }, [['changed', true]]);
    expect(secrets.mask('changed')).toBe('changed');
    secrets.derive(['hunter2', 'present', 'absent'], 'present');
    expect(secrets.mask('present')).toBe('present');
    secrets.derive('harmless', 'HARMLESS');
    expect(secrets.mask('HARMLESS')).toBe('HARMLESS');
  });
});
