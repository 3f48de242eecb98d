import { bare, withEnd } from '../text-file.ts';

/** Three words by which a rule of pam.d(5) is found. */
export interface RuleKey {
  readonly type: string;
  readonly control: string;
  readonly path: string;
}

/** A rule, its arguments word by word; `comment` is what stands behind them. */
export interface Rule extends RuleKey {
  readonly args: readonly string[];
  readonly comment: string;
}

/** One line of a service file with those that continue it; `rule` unless it is a comment, empty or an include. */
export interface Entry {
  readonly text: string;
  readonly rule: Rule | undefined;
}

const WORD = String.raw`\[(?:\\.|[^\]\\])*\]|[^\s#]\S*`;
const RULE = new RegExp(
  String.raw`^\s*(-?(?:account|auth|password|session))\s+(${WORD})\s+([^\s#]\S*)((?:\s+(?:${WORD}))*)\s*(#.*)?$`,
);

/** Reads a service file. Joined again, the texts of the entries are the file. */
export function readRules(file: string): Entry[] {
  const entries = file.match(/(?:[^\n\\]|\\[^\n]|\\\n)+\n?|\n|\\$/g) ?? [];
  return entries.map((text) => ({ text, rule: ruleOf(bare(text).replace(/\\\n/g, ' ')) }));
}

function ruleOf(line: string): Rule | undefined {
  const [whole, type, control, path, args, comment = ''] = RULE.exec(line) ?? [];
  if (whole === undefined) return undefined;
  return { type: type!, control: control!, path: path!, args: wordsOf(args!), comment };
}

/** Gives the words of arguments; what is in brackets is one. */
export function wordsOf(text: string): string[] {
  return text.match(new RegExp(WORD, 'g')) ?? [];
}

/** A line of its own for a rule. */
export function writeRule({ type, control, path, args, comment }: Rule): Entry['text'] {
  return withEnd(
    [`${type.padEnd(10)} ${control}`, path, ...args, comment].filter((word) => word !== '').join(' '),
  );
}

/** Whether a rule is the one that is meant: each of the three words as it is written. */
export function isRule(rule: RuleKey | undefined, key: RuleKey): rule is Rule {
  return rule?.type === key.type && rule.control === key.control && rule.path === key.path;
}
