/** `vars_prompt`: what a play asks the operator before it begins. */
import { CutoverError } from '../../errors/index.ts';
import type { Play, VarsPrompt } from '../../playbook/index.ts';
import { hashPassword } from '../../template/index.ts';
import { UnsafeText } from '../../values/index.ts';
import type { RunContext } from '../context.ts';
import type { Prompt } from '../options.ts';

/** Gives the variables a play asks for, but for those that `-e` gives. Throws CutoverError without a terminal or a default. */
export async function askVariables(run: RunContext, play: Play): Promise<Readonly<Record<string, unknown>>> {
  const answers: Record<string, unknown> = {};
  for (const wish of play.varsPrompt) {
    if (run.options.extraVars.some((layer) => Object.hasOwn(layer, wish.name))) continue;
    const answer = await answerTo(wish, run.options.prompt, play);
    if (wish.private && answer !== wish.default) run.secrets.add(answer);
    const value = wish.encrypt === undefined ? answer : hashOf(answer, wish, wish.encrypt, play);
    if (value !== answer) run.secrets.derive(answer, value);
    answers[wish.name] = wish.unsafe ? new UnsafeText(value) : value;
  }
  return answers;
}

async function answerTo(wish: VarsPrompt, prompt: Prompt | undefined, play: Play): Promise<string> {
  if (!prompt) {
    if (wish.default !== undefined) return wish.default;
    throw new CutoverError('usage', `the play asks for "${wish.name}" and nobody is at the terminal`, {
      position: play.position,
      hint: `give it with -e ${wish.name}=...`,
    });
  }
  const hint = wish.default === undefined ? '' : ` [${wish.private ? '********' : wish.default}]`;
  const question = `${wish.prompt}${hint}: `;
  const echo = !wish.private;
  for (let again = ''; ; again = 'The two answers differ. ') {
    const answer = await prompt(again + question, { echo });
    if (wish.confirm && (await prompt(`confirm ${question}`, { echo })) !== answer) continue;
    return answer === '' && wish.default !== undefined ? wish.default : answer;
  }
}

function hashOf(answer: string, wish: VarsPrompt, kind: string, play: Play): string {
  const { salt, saltSize } = wish;
  return hashPassword(answer, { kind, salt, saltSize }, (message, hint) => {
    throw new CutoverError('playbook', `vars_prompt "${wish.name}": ${message}`, {
      position: play.position,
      hint,
    });
  });
}
