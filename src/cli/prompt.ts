import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import type { Prompt } from '../engine/index.ts';
import { CutoverError } from '../errors/index.ts';

/** Asks at the terminal; one question at a time, because hosts run side by side. Undefined when nobody is there. */
export function terminalPrompt(): Prompt | undefined {
  if (!process.stdin.isTTY) return undefined;
  let turn: Promise<unknown> = Promise.resolve();
  return (text, options) => {
    const answer = turn.then(() => ask(text, options.echo));
    turn = answer.catch(() => undefined);
    return answer;
  };
}

function ask(text: string, echo: boolean): Promise<string> {
  return new Promise((resolve, reject) => {
    const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
    const lines = createInterface({
      input: process.stdin,
      output: echo ? process.stderr : silent,
      terminal: true,
    });
    if (!echo) process.stderr.write(text);
    lines.question(echo ? text : '', (answer) => {
      lines.close();
      if (!echo) process.stderr.write('\n');
      resolve(answer);
    });
    lines.on('SIGINT', () => {
      lines.close();
      reject(new CutoverError('interrupted', 'interrupted at a question'));
    });
  });
}
