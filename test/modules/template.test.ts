import { expect, test } from 'vitest';
import template from '../../src/modules/template/index.ts';
import { isUnknown, Unknown } from '../../src/values/index.ts';
import { run } from './paper-host.ts';

const local = { 'a.j2': 'name={{ name }}\n' };

test('renders to a file', async () => {
  const ran = await run(
    template,
    { src: 'a.j2', dest: '/f', mode: '0640' },
    { local, variables: { name: 'x' } },
  );
  expect(ran.text('/f')).toBe('name=x\n');
  expect(ran.result).toMatchObject({ dest: '/f', mode: '0640', size: 7 });
  expect((await ran.again()).changes).toEqual([]);
});

test('a folder as dest keeps the name', async () => {
  const ran = await run(
    template,
    { src: 'a.j2', dest: '/d/' },
    { local, variables: { name: 'x' }, files: { '/d': { dir: true } } },
  );
  expect(ran.result.dest).toBe('/d/a.j2');
});

test('the diff names the template', async () => {
  const ran = await run(
    template,
    { src: 'a.j2', dest: '/f' },
    { local, variables: { name: 'x' }, files: { '/f': 'old\n' } },
  );
  expect(ran.changes[0]!.diff).toMatchObject({
    before: 'old\n',
    after: 'name=x\n',
    beforeHeader: '/f',
    afterHeader: expect.stringMatching(/a\.j2$/),
  });
});

test('what the template needs may be unknown in a dry run', async () => {
  const ran = await run(
    template,
    { src: 'a.j2', dest: '/f' },
    { local, variables: { name: new Unknown('not run') }, checkMode: true },
  );
  expect(isUnknown(ran.plan.changed)).toBe(true);
  expect(ran.changes).toEqual([]);
});

test('templates see their own names, and ansible_managed whatever is set', async () => {
  const own = {
    'a.j2': '{{ ansible_managed }} {{ template_path }} {{ template_destpath }}',
  };
  const ran = await run(template, { src: 'a.j2', dest: '/f' }, { local: own });
  expect(ran.text('/f')).toBe('Ansible managed a.j2 /f');
  const set = await run(
    template,
    { src: 'a.j2', dest: '/f' },
    { local: own, variables: { ansible_managed: 'Mine' } },
  );
  expect(set.text('/f')).toMatch(/^Ansible managed /);
});

test.each([
  ['latin-1', 'ü', [0xfc]],
  ['windows-1252', '€', [0x80]],
  ['cp1252', '€', [0x80]],
  ['iso8859_15', '€', [0xa4]],
  ['UTF-16', 'a', [0xff, 0xfe, 0x61, 0]],
  ['utf-16-be', 'a', [0, 0x61]],
])('another encoding: %s', async (output_encoding, text, bytes) => {
  const ran = await run(template, { src: 'a.j2', dest: '/f', output_encoding }, { local: { 'a.j2': text } });
  expect((ran.changes[0]!.detail as { content: { from: { bytes: Buffer } } }).content.from.bytes).toEqual(
    Buffer.from(bytes),
  );
});

test('a character that the encoding does not have is an error, not another character', async () => {
  const ran = run(
    template,
    { src: 'a.j2', dest: '/f', output_encoding: 'ascii' },
    { local: { 'a.j2': 'café' } },
  );
  await expect(ran).rejects.toThrow("'ascii' codec can't encode character 'é' in position 3");
});
