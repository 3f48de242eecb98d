import { expect, it } from 'vitest';
import { digestAnswer } from '../../src/resources/http/digest.ts';

const REQUEST = { method: 'GET', path: '/dir/index.html', user: 'Mufasa', password: 'Circle of Life' };
const NONCE = '7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v';
const CNONCE = 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ';
const OPAQUE = 'FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS';
const challenge = (algorithm: string) =>
  `Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm=${algorithm}, nonce="${NONCE}", opaque="${OPAQUE}"`;

// RFC 7616, 3.9.1, and RFC 2069 without qop.
it.each([
  ['MD5', challenge('MD5'), '8ca523f5e9506fed4657c9700eebdbec'],
  ['SHA-256', challenge('SHA-256'), '753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1'],
  ['behind another way', `Basic realm="a, b", ${challenge('MD5')}`, '8ca523f5e9506fed4657c9700eebdbec'],
])('answers a challenge of %s', (_name, asked, response) => {
  const answer = digestAnswer(asked, REQUEST, CNONCE);
  expect(answer).toMatch(/^Digest username="Mufasa", realm="http-auth@example.org", /);
  expect(answer).toContain(`uri="/dir/index.html", response="${response}"`);
  expect(answer).toContain(`opaque="${OPAQUE}", qop=auth, nc=00000001, cnonce="${CNONCE}"`);
});

it('answers one without qop', () => {
  const asked = 'Digest realm="testrealm@host.com", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093"';
  const answer = digestAnswer(asked, { ...REQUEST, password: 'CircleOfLife' });
  expect(answer).toContain('response="1949323746fe6a43ef61f9606e7febea"');
  expect(answer).not.toContain('cnonce');
});

it.each([
  ['another way', 'Basic realm="x"'],
  ['a hash that nobody knows', 'Digest realm="x", nonce="y", algorithm=ROT13'],
  ['a digest of the body too', 'Digest realm="x", nonce="y", qop="auth-int"'],
])('gives nothing for %s', (_name, asked) => {
  expect(digestAnswer(asked, REQUEST)).toBeUndefined();
});
