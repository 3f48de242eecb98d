/** `--step`: the operator is asked before each task. */
import { CutoverError } from '../../errors/index.ts';
import type { Prompt } from '../options.ts';
import { Limiter } from './strategy.ts';

/** Asks once per task, for all hosts that come to it. */
export class Stepper {
  private readonly prompt: Prompt;
  private readonly answers = new Map<string, Promise<boolean>>();
  private readonly oneByOne = new Limiter(1);
  private asking = true;

  /** Throws CutoverError('usage') when there is nobody to ask. */
  constructor(prompt: Prompt | undefined) {
    if (!prompt)
      throw new CutoverError('usage', '--step asks before each task, and nobody is at the terminal');
    this.prompt = prompt;
  }

  /** Whether the task that `key` stands for is to be carried out. */
  allows(key: string, name: string): Promise<boolean> {
    const known = this.answers.get(key);
    if (known) return known;
    const asked = this.oneByOne.run(() => this.ask(name));
    this.answers.set(key, asked);
    return asked;
  }

  private async ask(name: string): Promise<boolean> {
    if (!this.asking) return true;
    const answer = await this.prompt(`Perform task: TASK: ${name} (N)o/(y)es/(c)ontinue: `, { echo: true });
    const word = answer.trim().toLowerCase();
    if (word === 'c' || word === 'continue') this.asking = false;
    return ['y', 'yes', 'c', 'continue'].includes(word);
  }
}
