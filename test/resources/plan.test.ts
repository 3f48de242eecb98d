import { spawnSync } from 'node:child_process';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  contentOfBytes,
  type FileContent,
  fileContent,
  fileState,
  quote,
  resolveMode,
  setFile,
  setTree,
  type TreeState,
} from '../../src/resources/index.ts';
import { decodePath, encodePath, escapeField, unescapeField } from '../../src/resources/shell.ts';
import { splitWords } from '../../src/resources/words.ts';
import { Unknown } from '../../src/values/index.ts';
import { seed } from '../fuzz.ts';
import { SHELLS } from './host.ts';

const file = (text: string): FileContent => ({
  path: '/etc/x',
  type: 'file',
  mode: 0o644,
  uid: 0,
  gid: 0,
  owner: 'root',
  group: 'root',
  size: text.length,
  sha256: contentOfBytes(text).sha256,
  bytes: Buffer.from(text),
  umask: 0o022,
});

describe('modes', () => {
  const TABLE: [string | number, number, boolean, number][] = [
    ['0644', 0, false, 0o644],
    ['644', 0, false, 0o644],
    ['4755', 0, false, 0o4755],
    [0o600, 0o777, false, 0o600],
    ['u=rw,g=r,o=', 0o777, false, 0o640],
    ['u+x', 0o644, false, 0o744],
    ['a+X', 0o644, false, 0o644],
    ['a+X', 0o744, false, 0o755],
    ['u=rwX,g=rX,o=rX', 0o600, true, 0o755],
    ['g=u', 0o740, false, 0o770],
    ['o-rwx,u+s,+t', 0o755, true, 0o5750],
    ['+w', 0o444, false, 0o644],
    ['go=', 0o2777, true, 0o700],
    ['u=rwX,go=rX', 0o2644, true, 0o755],
    // Both look at the mode as it was found.
    ['a=,u+X', 0o711, false, 0o100],
    ['u+x,g=u', 0o644, false, 0o764],
    ['=r', 0o777, false, 0o444],
  ];
  it.each(TABLE)('%s on %o (directory: %s)', (mode, present, directory, wanted) => {
    expect(resolveMode(mode, present, { directory, umask: 0o022 })).toBe(wanted);
  });
  it.each(['rw', 'u=q', '0888', 'z+x', ''])('%j is none', (mode) => {
    expect(() => resolveMode(mode, 0, { directory: false, umask: 0 })).toThrow(
      'is neither octal nor symbolic',
    );
  });
});

describe('words for shells', () => {
  it('stand for exactly the text, in every shell', () => {
    const texts = [
      "'",
      "a'b",
      '$x `y` \\z',
      'a\nb\n',
      '',
      ' ',
      '*',
      '~',
      '-n',
      '!',
      'ü\ud800'.slice(0, 1),
      decodePath(Buffer.from([97, 255, 10, 39, 10])),
    ];
    for (const shell of SHELLS) {
      const args = shell === 'busybox' ? ['sh', '-s'] : ['-s'];
      const path = shell === 'busybox' ? '/usr/bin/busybox' : `/bin/${shell}`;
      const script = texts.map((text) => `printf '%s|' ${quote(text)}`).join('\n');
      const { stdout } = spawnSync(path, args, { input: script });
      expect(stdout, shell).toEqual(
        Buffer.concat(texts.flatMap((text) => [encodePath(text), Buffer.from('|')])),
      );
    }
  });

  it('in journals come back, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        const path = decodePath(Buffer.from(bytes));
        const field = escapeField(path);
        expect(field).toMatch(/^[A-Za-z0-9_./@+:=%-]+$/);
        expect(encodePath(unescapeField(field))).toEqual(Buffer.from(bytes));
      }),
      { seed },
    );
  });

  it.each([
    ['uptime', ['uptime']],
    ['visudo -cf %s', ['visudo', '-cf', '%s']],
    [`a 'b c'"d \\" e"\\ f '' x`, ['a', 'b cd " e f', '', 'x']],
    ['  ls  -l\t/x ', ['ls', '-l', '/x']],
    [`printf '%s\\n' "a b" c\\ d`, ['printf', '%s\\n', 'a b', 'c d']],
    [`grep "it's" 'say "hi"'`, ['grep', "it's", 'say "hi"']],
    [`a"b c"'d e'f`, ['ab cd ef']],
    [`x "" ''`, ['x', '', '']],
    [`"\\$HOME \\"q\\" \\\\"`, ['\\$HOME "q" \\']],
    ['one \\\ntwo', ['one', 'two']],
    ['echo a|b;c&d', ['echo', 'a|b;c&d']],
  ])('are split as a shell would: %j', (line, words) => {
    expect(splitWords(line)).toEqual(words);
  });

  it('have closed quotes', () => {
    expect(() => splitWords('echo "oops')).toThrow(/a " is never closed in the command: echo "oops/);
  });
});

describe('setFile', () => {
  it('gives nothing when nothing differs', () => {
    const same = {
      type: 'file',
      content: contentOfBytes('a\n'),
      mode: '0644',
      owner: 'root',
      group: 0,
    } as const;
    expect(setFile(file('a\n'), same)).toEqual([]);
    expect(setFile({ path: '/x', type: 'absent' }, { type: 'absent' })).toEqual([]);
    const link = { path: '/x', type: 'link', target: 'y' } as const;
    expect(setFile(link, { type: 'link', target: 'y', mode: '0777' })).toEqual([]);
  });

  it('says what differs, in a line and in a diff', () => {
    const [change] = setFile(file('a\n'), { type: 'file', content: contentOfBytes('b\n'), mode: '0600' });
    expect(change).toMatchObject({
      key: 'file:/etc/x',
      summary: 'write /etc/x (0600 2 bytes)',
      undo: 'restorable',
      diff: { beforeHeader: '/etc/x', before: 'a\n', after: 'b\n', prepared: 'mode: 0644 -> 0600' },
    });
  });

  it('never shows a secret, what is no text, or what is too long', () => {
    const shown = (text: string | Buffer, secret: boolean) =>
      JSON.stringify(
        setFile(file('old s3cret'), { type: 'file', content: contentOfBytes(text) }, { secret })[0]?.diff,
      );
    expect(shown('new s3cret', true)).not.toContain('s3cret');
    expect(shown(Buffer.from([0, 1]), false)).toContain('content: ');
    expect(shown('x'.repeat(200_000), false).length).toBeLessThan(300);
  });

  it('predicts what later probes will see', () => {
    const wanted = { type: 'file', content: contentOfBytes('new'), mode: '0600', owner: 'app' } as const;
    const [change] = setFile({ path: '/srv/x', type: 'absent', umask: 0o022 }, wanted);
    const state = change?.predicts?.get(fileState('/srv/x').key);
    expect(state).toMatchObject({
      type: 'file',
      mode: 0o600,
      owner: 'app',
      size: 3,
      sha256: wanted.content.sha256,
    });
    expect(change?.predicts?.get(fileContent('/srv/x', { follow: true }).key)).toMatchObject({
      bytes: Buffer.from('new'),
    });
    expect(setFile(state as FileContent, wanted)).toEqual([]);
  });

  it('predicts created parents, and contents that nobody holds as unknown', () => {
    const absent = { path: '/srv/a/b/c', type: 'absent', firstMissing: '/srv/a', umask: 0o022 } as const;
    const [folder] = setFile(absent, { type: 'directory', mode: '0750' });
    for (const path of ['/srv/a', '/srv/a/b', '/srv/a/b/c'])
      expect(folder?.predicts?.get(fileState(path).key), path).toMatchObject({
        type: 'directory',
        mode: 0o750,
      });
    const content = { sha256: 'ff', size: 9, from: { file: '/controller/file' } };
    const [big] = setFile({ path: '/x', type: 'absent' }, { type: 'file', content });
    expect(big?.predicts?.get(fileContent('/x').key)).toBeInstanceOf(Unknown);
    expect(big?.predicts?.get(fileState('/x').key)).toMatchObject({ size: 9 });
  });
});

describe('setTree', () => {
  it('predicts every entry, the tree itself, and needs nothing more after that', () => {
    const before: TreeState = { root: { path: '/srv/t', type: 'absent', umask: 0o022 }, entries: new Map() };
    const wanted = {
      root: '/srv/t',
      mode: '0640',
      entries: [{ path: 'd/f', type: 'file' as const, content: contentOfBytes('x') }],
    };
    const [change] = setTree(before, wanted);
    expect(change?.predicts?.get(fileState('/srv/t/d').key)).toMatchObject({ type: 'directory' });
    expect(change?.predicts?.get(fileState('/srv/t/d/f').key)).toMatchObject({ type: 'file', mode: 0o640 });
    const after = change?.predicts?.get('tree:/srv/t') as TreeState;
    expect([...after.entries.keys()]).toEqual(['d', 'd/f']);
    expect(setTree(after, wanted)).toEqual([]);
  });
});

describe('the shell runtime', () => {
  it('is clean by shellcheck', () => {
    const folder = new URL('../../src/resources/runtime/', import.meta.url).pathname;
    const { stdout, status } = spawnSync('sh', ['-c', 'shellcheck -s sh "$1"/*.sh', 'x', folder], {
      encoding: 'utf8',
    });
    expect(stdout).toBe('');
    expect(status).toBe(0);
  });
});
