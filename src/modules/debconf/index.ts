import type { z } from 'zod';
import { commandOutput } from '../../resources/index.ts';
import { isUnknown } from '../../values/index.ts';
import { answer, unknownPlan } from '../answer.ts';
import { commandFailure, complaintOf } from '../command/result.ts';
import { changeSetting, settingProbe } from '../setting.ts';
import { defineModule, type Plan } from '../types.ts';
import { debconfParams } from './params.ts';
import { type Answer, questionSetting, readAnswer, readQuestions, writeAnswer } from './question.ts';

type Params = z.infer<typeof debconfParams>;

/** Answers in the database of debconf, given before a package asks. */
export default defineModule({
  name: 'debconf',
  summary: "Answers a Debian package's questions ahead of its installation.",
  params: debconfParams,
  needs: (given) => [
    shownQuestions(given),
    ...(given.question === undefined ? [] : [settingProbe(questionSetting(given.name, given.question))]),
  ],
  plan(given, seen, context): Plan {
    const said = answer(seen, shownQuestions(given));
    if (isUnknown(said)) return unknownPlan(said);
    if (said.rc !== 0) return { changes: [], failed: `debconf-show: ${complaintOf(said)}` };
    const unchanged: Plan = {
      changes: [],
      result: () => ({ current: readQuestions(said.stdout), msg: '' }),
    };
    const { question } = given;
    if (question === undefined) return unchanged;
    const setting = questionSetting(given.name, question);
    const present = answer(seen, settingProbe(setting));
    if (isUnknown(present)) return unknownPlan(present);
    if (present.rc !== 0) return { changes: [], failed: `debconf: ${complaintOf(present)}` };
    const before = readAnswer(present.stdout);
    if (before === undefined && given.vtype === 'seen') {
      return { changes: [], failed: `there is no question ${question} that could have been seen` };
    }
    const wanted = wantedAnswer(given, before);
    if (before && isAnswered(given, before, wanted)) return unchanged;
    const secret = given.vtype === 'password' || before?.type === 'password';
    const shownAs = (value: string) => (secret ? '(password omitted)' : value);
    const value = shownAs(given.vtype === 'seen' ? given.value! : wanted.value);
    const previous = shownAs(before?.value ?? '');
    const change = changeSetting(setting, {
      before: present,
      // The answer may be a secret, which must not be among the arguments.
      act: {
        argv: ['debconf-set-selections', ...(given.unseen ? ['--unseen'] : [])],
        stdin: `${given.name} ${question} ${given.vtype} ${given.vtype === 'seen' ? wanted.seen : wanted.value}\n`,
      },
      after: writeAnswer(wanted),
      summary: given.vtype === 'seen' ? `mark ${question}: seen ${wanted.seen}` : `answer ${question}`,
      diff: { before: `${question}: ${previous}\n`, after: `${question}: ${value}\n` },
    });
    return {
      changes: [change],
      result: (outcomes) => ({
        current: { [question]: value },
        previous: { [question]: previous },
        diff: context.diffMode ? { before: { [question]: previous }, after: { [question]: value } } : {},
        msg: '',
        ...commandFailure(outcomes),
      }),
    };
  },
});

/** Shows all that a package asks; passwords are left out, and nothing is locked. */
function shownQuestions({ name }: Params): ReturnType<typeof commandOutput> {
  return commandOutput({
    argv: ['debconf-show', name],
    env: { DEBCONF_NOWARNINGS: 'yes', LC_ALL: 'C.UTF-8' },
  });
}

function wantedAnswer(given: Params, before: Answer | undefined): Answer {
  const value = given.value!;
  if (given.vtype === 'seen' && before) return { ...before, seen: isTrue(value) };
  return {
    owned: true,
    type: given.vtype!,
    seen: given.unseen ? (before?.seen ?? false) : true,
    value: given.vtype === 'boolean' ? value.toLowerCase() : value,
  };
}

/** Neither another type nor another mark of being seen is a reason to answer anew. */
function isAnswered(given: Params, before: Answer, wanted: Answer): boolean {
  if (given.vtype === 'seen') return before.seen === wanted.seen;
  return before.owned && before.value === wanted.value;
}

function isTrue(value: string): boolean {
  return /^(?:true|yes|1)$/i.test(value);
}
