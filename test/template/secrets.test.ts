import { describe, expect, it } from 'vitest';
import { createSecrets } from '../../src/secrets/index.ts';
import { VaultText } from '../../src/values/index.ts';
import { scopeOf, templarWith } from './scope.ts';

describe('secrets', () => {
  it.each([
    ['{{ password | upper }}'],
    ['{{ password | reverse }}'],
    ['{{ password[::-1] }}'],
    ['{{ password.replace("h", "H") }}'],
    ['{{ password | hash("sha256") }}'],
    ['{{ [password] | map("upper") | first }}'],
    ['{{ password.split("-") | first | upper }}'],
    ['{{ "%s" | format(password | upper) }}'],
  ])('what is made of a secret is a secret: %s', (text) => {
    const secrets = createSecrets();
    secrets.add('hunter2-long');
    const made = templarWith({}, { secrets }).render(text, scopeOf({ password: 'hunter2-long' }));
    expect(secrets.mask(`log: ${made}`)).toBe('log: ********');
  });

  it('a vault value is a secret from its first use', () => {
    const secrets = createSecrets();
    const templar = templarWith({}, { secrets });
    expect(templar.render('{{ v }}', scopeOf({ v: new VaultText('cipher') }))).toBe('opened cipher');
    expect(secrets.has('opened cipher')).toBe(true);
    expect(templar.renderDeep({ x: new VaultText('other') }, scopeOf({}))).toEqual({ x: 'opened other' });
    expect(secrets.has('opened other')).toBe(true);
  });
});
