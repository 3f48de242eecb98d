import { describe, expect, it, test } from 'vitest';
import localeGen from '../../src/modules/locale_gen/index.ts';
import { archiveName, sourceOf, withLocale } from '../../src/modules/locale_gen/locales.ts';
import { run } from './paper-host.ts';
import { ended } from './task-plan.ts';

const GEN = '# Locales\n# de_CH.UTF-8 UTF-8\n# de_DE ISO-8859-1\nen_US.UTF-8 UTF-8\n';
const SUPPORTED = 'command:{"argv":["/bin/sh","-c","cat';
const answers = (there: boolean) => ({
  [SUPPORTED]: ended(0, 'de_CH.UTF-8 UTF-8\nde_DE ISO-8859-1\nfr_FR.UTF-8 UTF-8\n'),
  command: ended(0, there ? 'present\n' : 'absent\n'),
});

describe('locales', () => {
  test.each([
    ['de_CH.UTF-8', 'de_CH.utf8'],
    ['de_DE', 'de_DE'],
    ['de_DE.ISO-8859-15@euro', 'de_DE.iso885915@euro'],
    ['ca_ES@valencia', 'ca_ES@valencia'],
  ])('%s is %s', (name, own) => {
    expect(archiveName(name)).toBe(own);
  });
  test.each([
    ['switched on', 'de_CH.UTF-8 UTF-8', true, GEN.replace('# de_CH', 'de_CH')],
    ['switched off', 'en_US.UTF-8 UTF-8', false, GEN.replace('en_US', '# en_US')],
    ['added', 'xx_XX UTF-8', true, `${GEN}xx_XX UTF-8\n`],
    ['not there', 'xx_XX UTF-8', false, GEN],
  ])('%s', (_name, source, on, after) => {
    expect(withLocale(GEN, source, on)).toBe(after);
  });
  it('are found in a list', () => {
    expect(sourceOf('de_DE', ' de_DE.UTF-8 UTF-8\nde_DE  ISO-8859-1 \n')).toBe('de_DE ISO-8859-1');
    expect(sourceOf('de', 'de_DE UTF-8\n')).toBeUndefined();
  });
});

describe('locale_gen', () => {
  const files = { '/etc/locale.gen': GEN };
  it('makes a locale', async () => {
    const ran = await run(localeGen, { name: 'de_CH.UTF-8' }, { files, answers: answers(false) });
    expect(ran.text('/etc/locale.gen')).toBe(GEN.replace('# de_CH', 'de_CH'));
    expect(ran.summaries.at(-1)).toBe('make the locale de_CH.UTF-8');
    expect(ran.changes.at(-1)).toMatchObject({
      undo: 'invertible',
      detail: { spec: { argv: ['locale-gen'] } },
    });
    expect((await ran.again()).changes).toEqual([]);
  });
  it('removes one, and leaves what is right', async () => {
    const gone = await run(localeGen, { name: 'de_DE', state: 'absent' }, { files, answers: answers(true) });
    expect(gone.summaries).toEqual(['remove the locale de_DE']);
    const right = await run(localeGen, { name: 'fr_FR.UTF-8' }, { files, answers: answers(true) });
    expect(right.changes).toEqual([]);
  });
  it('says what it cannot make', async () => {
    const unknown = await run(localeGen, { name: 'xx_YY.UTF-8' }, { files, answers: answers(false) });
    expect(unknown.plan.failed).toMatch(/not available on your system/);
    const bare = await run(localeGen, { name: 'de_CH.UTF-8' }, { answers: answers(false) });
    expect(bare.plan.failed).toMatch(/install the package locales/);
  });
});
