import { describe, expect, it } from 'vitest';
import { localHosts, runSite, workshop } from './workshop.ts';

/** Runs a play that asks, with answers in order; gives what it said and what was asked. */
async function asked(prompts: string, show: string, answers: readonly string[]) {
  const questions: string[] = [];
  const left = [...answers];
  const site = `
- hosts: all
  gather_facts: false
  vars_prompt:
${prompts}
  tasks: [{name: said, debug: {msg: "${show}"}}]
`;
  const ran = await runSite(workshop({ hosts: localHosts('h1'), 'site.yml': site }), {
    prompt: async (text: string) => {
      questions.push(text);
      return left.shift() ?? '';
    },
  });
  const said = ran.events.flatMap((event) => (event.type === 'host-result' ? [event.result.msg] : []));
  const errors = ran.events.flatMap((event) => (event.type === 'run-ended' ? [event.message] : []));
  return { said, questions, errors };
}

describe('vars_prompt', () => {
  it('hashes an answer as password_hash does', async () => {
    const { said } = await asked(
      `    - {name: a, prompt: A, encrypt: md5_crypt, salt: saltsalt}
    - {name: b, prompt: B, encrypt: bcrypt}
    - {name: c, prompt: C, encrypt: md5_crypt, salt_size: 3}`,
      "{{ [a == ('pw' | password_hash('md5', 'saltsalt')), b is match('.2b.12.'), (c | length) - 3] }}",
      ['pw', 'pw', 'pw'],
    );
    expect(said).toEqual([[true, true, 26]]);
  });

  it('says which prompt wants a hash that cannot be made', async () => {
    const { errors } = await asked('    - {name: a, encrypt: scrypt}', 'x', ['pw']);
    expect(errors).toEqual([
      expect.stringContaining('vars_prompt "a": password hashes of the kind "scrypt" are not built in'),
    ]);
  });

  it('asks again when the two answers differ', async () => {
    const { said, questions } = await asked(
      '    - {name: a, prompt: A, private: false, confirm: true}',
      '{{ a }}',
      ['one', 'two', 'three', 'three'],
    );
    expect(said).toEqual(['three']);
    expect(questions).toEqual(['A: ', 'confirm A: ', 'The two answers differ. A: ', 'confirm A: ']);
  });

  it('takes an unsafe answer as it is', async () => {
    const { said } = await asked('    - {name: a, private: false, unsafe: true}', '{{ a }}', ['{{ 1 + 1 }}']);
    expect(said).toEqual(['{{ 1 + 1 }}']);
  });
});
