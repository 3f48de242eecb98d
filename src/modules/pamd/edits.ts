import { withEnd } from '../text-file.ts';
import { type Entry, isRule, type Rule, type RuleKey, readRules, writeRule } from './rules.ts';

/** What shall become of the rules that `key` finds. */
export interface RuleWish {
  readonly key: RuleKey;
  readonly state: 'absent' | 'before' | 'after' | 'args_absent' | 'args_present' | 'updated';
  /** Words of the rule that is written. */
  readonly to: Partial<RuleKey>;
  readonly args: readonly string[] | undefined;
}

/** Gives the file with the rules as they are wished, and how many were touched. Other lines stay as they are. */
export function withRules(file: string, wish: RuleWish): { readonly text: string; readonly count: number } {
  const entries = readRules(file);
  let count = 0;
  const texts = entries.map((entry, index) => {
    if (!isRule(entry.rule, wish.key)) return entry.text;
    const text = edited(entry, entry.rule, wish, (step) => neighbour(entries, index, step));
    if (text !== entry.text) count++;
    return text;
  });
  return { text: texts.join(''), count };
}

function edited(entry: Entry, rule: Rule, wish: RuleWish, beside: (step: 1 | -1) => Entry['rule']): string {
  const { state, to, args } = wish;
  if (state === 'absent') return '';
  if (state === 'before' || state === 'after') {
    const added: Rule = { ...rule, ...to, args: args ?? [], comment: '' };
    if (isRule(beside(state === 'before' ? -1 : 1), added)) return entry.text;
    return state === 'before'
      ? `${writeRule(added)}${entry.text}`
      : `${withEnd(entry.text)}${writeRule(added)}`;
  }
  const now = state === 'updated' ? { ...rule, ...to, args: args ?? rule.args } : withArgs(rule, wish);
  return same(now, rule) ? entry.text : writeRule(now);
}

function withArgs(rule: Rule, { state, args = [] }: RuleWish): Rule {
  if (state === 'args_absent') return { ...rule, args: rule.args.filter((word) => !args.includes(word)) };
  return { ...rule, args: args.reduce<readonly string[]>(withWord, rule.args) };
}

/** `name=value` takes the place of the last one with this name. */
function withWord(words: readonly string[], word: string): readonly string[] {
  const [name, ...value] = word.split('=');
  const last =
    value.length === 0
      ? words.indexOf(word)
      : words.findLastIndex((other) => other === word || other.startsWith(`${name}=`));
  return last === -1 ? [...words, word] : words.with(last, word);
}

const same = (a: Rule, b: Rule): boolean => isRule(a, b) && a.args.join('\0') === b.args.join('\0');

/** The next rule in a direction; comments and empty lines between do not count, anything else does. */
function neighbour(entries: readonly Entry[], from: number, step: 1 | -1): Entry['rule'] {
  for (let index = from + step; ; index += step) {
    const entry = entries[index];
    if (!entry || entry.rule || !/^\s*(?:#|$)/.test(entry.text)) return entry?.rule;
  }
}
