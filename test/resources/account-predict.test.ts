import { expect, it } from 'vitest';
import { setUser } from '../../src/resources/index.ts';

const seenAfter = (...[before, wanted]: Parameters<typeof setUser>) => setUser(before, wanted)[0]!.predicts!;

it('a new account brings its home, whose mode the host chooses', () => {
  const seen = seenAfter({ name: 'ann', exists: false }, { state: 'present', home: '/srv/ann' });
  expect(seen.get('user:ann')).toMatchObject({ exists: true, comment: '', home: '/srv/ann' });
  expect(seen.get('file:/srv/ann')).toMatchObject({ type: 'directory', owner: 'ann', group: 'ann' });
  expect((seen.get('file:/srv/ann') as { mode?: number }).mode).toBeUndefined();
});

it('a home keeps the slash that somebody wrote, as in passwd; its folder has none', () => {
  const seen = seenAfter({ name: 'ann', exists: false }, { state: 'present', home: '/srv/ann/' });
  expect(seen.get('user:ann')).toMatchObject({ home: '/srv/ann/' });
  expect(seen.get('file:/srv/ann')).toMatchObject({ type: 'directory', path: '/srv/ann' });
});

it('an account without a home brings none', () => {
  const seen = seenAfter({ name: 'ann', exists: false }, { state: 'present', createHome: false });
  expect([...seen.keys()]).toEqual(['user:ann']);
});

it('an account that goes takes its home along only when asked', () => {
  const ann = { name: 'ann', exists: true, home: '/home/ann', homeExists: true };
  expect([...seenAfter(ann, { state: 'absent' }).keys()]).toEqual(['user:ann']);
  expect(seenAfter(ann, { state: 'absent', remove: true }).get('file:/home/ann')).toMatchObject({
    type: 'absent',
  });
});
