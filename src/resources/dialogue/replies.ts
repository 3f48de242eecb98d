import { compileRegex, type Regex } from '../../regex/index.ts';
import type { Dialogue } from '../specs.ts';

/** A question can only be recognised in so many of the last characters, as pexpect has it. */
const WINDOW = 2000;

/** What to do next: type something, give up because an answer is missing, or nothing yet. */
export type Turn = { readonly type: string } | { readonly missing: string } | undefined;

/** Listens to a program and knows what to answer: of the questions that stand in what was heard, the first one. */
export class Replies {
  private heard = '';
  private readonly questions: {
    readonly pattern: string;
    readonly regex: Regex;
    readonly replies: string[];
  }[];
  private readonly forever: ReadonlySet<string>;

  constructor({ answers }: Dialogue) {
    this.questions = answers.map(({ question, replies }) => ({
      pattern: question,
      regex: compileRegex(question, { dotAll: true }),
      replies: typeof replies === 'string' ? [replies] : [...replies],
    }));
    const single = answers.filter(({ replies }) => typeof replies === 'string');
    this.forever = new Set(single.map(({ question }) => question));
  }

  /** Takes what the program printed; call `next` until it gives nothing. */
  hear(text: string): void {
    this.heard += text;
  }

  /** Throws RegexFault when a pattern takes too long. */
  next(): Turn {
    const found = this.questions
      .map((question) => ({ question, match: question.regex.find(this.heard) }))
      .filter(({ match }) => match !== undefined && match[0] !== '')
      .sort((a, b) => a.match!.index - b.match!.index)[0];
    if (!found) {
      this.heard = this.heard.slice(-WINDOW);
      return undefined;
    }
    const { question, match } = found;
    this.heard = this.heard.slice(match!.index + match![0].length);
    const reply = this.forever.has(question.pattern) ? question.replies[0] : question.replies.shift();
    return reply === undefined ? { missing: question.pattern } : { type: `${reply.replace(/\n+$/, '')}\n` };
  }
}
