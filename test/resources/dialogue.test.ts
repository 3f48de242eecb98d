import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, test } from 'vitest';
import { Replies } from '../../src/resources/dialogue/replies.ts';
import { applyChanges, type Dialogue, readJournal, runCommand } from '../../src/resources/index.ts';
import { SHELLS, type TestHost, testHost } from './host.ts';

const ASK = `printf 'Name? '; read -r n; echo "hello $n"
stty -echo; printf 'Password: '; read -r p; stty echo; echo; echo "got $p"
for i in 1 2; do printf 'Question %s: ' $i; read -r a; echo "<$a>"; done
[ -t 0 ] && stty size
exit "\${1:-0}"
`;
const ANSWERS: Dialogue['answers'] = [
  { question: 'Name', replies: 'bob' },
  { question: '(?i)password', replies: 's3cret word' },
  { question: 'Question \\d', replies: ['one', "t'wo"] },
];
const TALK: Dialogue = { answers: ANSWERS, echo: false, timeoutMs: 20_000 };

/** Whether a process does anything still: one that nobody has taken note of yet has ended too. */
function runs(pid: string): boolean {
  const status = `/proc/${pid}/status`;
  return existsSync(status) && !/^State:\s+Z/m.test(readFileSync(status, 'utf8'));
}

describe('answers', () => {
  const turns = (answers: Dialogue['answers'], ...heard: string[]) => {
    const replies = new Replies({ answers, echo: false });
    return heard.flatMap((text) => {
      replies.hear(text);
      const said = [];
      for (let turn = replies.next(); turn && said.length < 5; turn = replies.next())
        said.push('type' in turn ? turn.type : turn);
      return said;
    });
  };
  test.each<[string, Dialogue['answers'], string[], unknown[]]>([
    ['a text every time', [{ question: 'a', replies: 'x' }], ['a', 'a a'], ['x\n', 'x\n', 'x\n']],
    [
      'a list in turn',
      [{ question: 'a', replies: ['x', 'y'] }],
      ['aa', 'a'],
      ['x\n', 'y\n', { missing: 'a' }],
    ],
    ['in pieces', [{ question: 'Name:', replies: 'x' }], ['Na', 'me', ': '], ['x\n']],
    [
      'the first in the text',
      [
        { question: 'b', replies: '2' },
        { question: 'a', replies: '1' },
      ],
      ['ab'],
      ['1\n', '2\n'],
    ],
    [
      'the first written of two at one place',
      [
        { question: 'a', replies: '1' },
        { question: 'a', replies: '2' },
      ],
      ['a'],
      ['1\n'],
    ],
    ['over lines', [{ question: 'a.*b', replies: '1' }], ['a\r\n', 'b'], ['1\n']],
    ['not twice for one question', [{ question: 'a', replies: '1' }], ['a', 'b'], ['1\n']],
    ['in the last 2000 characters', [{ question: 'ab', replies: '1' }], ['a', `${'x'.repeat(2000)}b`], []],
    ['no empty match', [{ question: 'x*', replies: '1' }], ['a'], []],
  ])('%s', (_name, answers, heard, said) => {
    expect(turns(answers, ...heard)).toEqual(said);
  });
});

// busybox of Debian has no script(1).
describe.each(SHELLS.filter((shell) => shell !== 'busybox'))('conversations under %s', (shell) => {
  const talk = async (host: TestHost, dialogue: Dialogue, ...words: string[]) => {
    const file = join(host.root, 'ask');
    writeFileSync(file, ASK);
    const argv = words.length > 0 ? words : ['/bin/sh', file];
    const [outcome] = await applyChanges(host.session, [
      runCommand({ argv, dialogue }, { undo: 'irreversible' }),
    ]);
    const left = readdirSync(host.session.lane.folder).filter((name) => name.startsWith('talk'));
    expect(left).toEqual([]);
    return outcome!;
  };

  it('answer at a terminal, and are journaled like other commands', async () => {
    const host = await testHost(shell);
    const outcome = await talk(host, TALK);
    expect(outcome.result).toMatchObject({
      rc: 0,
      stdout:
        "Name? hello bob\r\nPassword: \r\ngot s3cret word\r\nQuestion 1: one\r\n<one>\r\nQuestion 2: t'wo\r\n<t'wo>\r\n24 80\r\n",
    });
    expect(await readJournal(host.session, 'run-1')).toMatchObject([{ state: 'done', resource: 'command' }]);
    expect(readFileSync(join(host.state, 'runs/run-1/journal'), 'utf8')).not.toContain('s3cret');
    const file = join(host.root, 'ask');
    expect((await talk(host, TALK, '/bin/sh', file, '7')).result).toMatchObject({ rc: 7 });
  });

  it('show what is typed when they shall', async () => {
    const host = await testHost(shell);
    const { result } = await talk(host, { ...TALK, echo: true });
    expect(result?.stdout).toContain('Name? bob\r\nhello bob\r\nPassword: \r\ngot s3cret word');
  });

  it('end with their program when nobody knows an answer, or time is up', async () => {
    const host = await testHost(shell);
    const few = { ...TALK, answers: [...ANSWERS.slice(0, 2), { question: 'Question', replies: ['one'] }] };
    expect((await talk(host, few)).result).toMatchObject({ unanswered: 'Question' });
    const pid = join(host.root, 'pid');
    const program = ['/bin/sh', '-c', 'trap "" HUP; echo $$ >"$1"; exec sleep 1000', 'sh', pid];
    const { result } = await talk(host, { ...TALK, timeoutMs: 1000 }, ...program);
    expect(result).toMatchObject({ timedOut: true });
    await expect.poll(() => runs(readFileSync(pid, 'utf8').trim())).toBe(false);
  });

  it('cannot be held with a program that is not there', async () => {
    const host = await testHost(shell);
    expect((await talk(host, TALK, '/no/such/program')).result).toMatchObject({
      rc: 127,
      stderr: 'The command was not found or was not executable: /no/such/program.\n',
    });
  });
});
