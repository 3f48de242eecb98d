import { type Change, type CommandResult, quote } from '../../resources/index.ts';
import { isUnknown } from '../../values/index.ts';
import { answer, unknownPlan } from '../answer.ts';
import { commandFailure, complaintOf } from '../command/result.ts';
import { changeSetting, settingProbe } from '../setting.ts';
import { defineModule } from '../types.ts';
import { iptablesParams, type Params } from './params.ts';
import { ruleWords } from './rule.ts';
import { firewallSetting, program } from './settings.ts';

/** Rules of the packet filter in the running kernel. */
export default defineModule({
  name: 'iptables',
  summary: 'Adds and removes packet filter rules of the running kernel.',
  params: iptablesParams,
  needs: (given) => questions(given).map(settingProbe),
  plan(given, seen) {
    const rule = given.flush || given.policy !== undefined ? [] : ruleWords(given);
    const known = questions(given).map((setting) => answer(seen, settingProbe(setting)));
    const states: CommandResult[] = [];
    for (const state of known) {
      if (isUnknown(state)) return unknownPlan(state);
      if (state.rc !== 0) return { changes: [], failed: `${program(given)}: ${complaintOf(state)}` };
      states.push(state);
    }
    return {
      changes: changesFor(given, rule, states),
      result: (outcomes) => ({
        table: given.table,
        chain: given.chain ?? null,
        ip_version: given.ip_version,
        state: given.state,
        flush: given.flush,
        chain_management: given.chain_management,
        rule: rule.join(' '),
        ...(given.policy === undefined ? {} : { policy: given.policy }),
        ...commandFailure(outcomes),
      }),
    };
  },
});

/** What has to be seen: one thing, and before it the chain where that is ours to make. */
function questions(given: Params) {
  if (given.flush) return [firewallSetting(given, given.chain === undefined ? 'table' : 'chain')];
  if (given.policy !== undefined) return [firewallSetting(given, 'policy')];
  const rule = ruleWords(given);
  const needed = [];
  if (given.chain_management || given.state === 'absent') needed.push(firewallSetting(given, 'chain'));
  if (!given.chain_management || rule.length > 0) needed.push(firewallSetting(given, 'rule', rule));
  return needed;
}

function changesFor(given: Params, rule: readonly string[], states: readonly CommandResult[]): Change[] {
  const [first, last] = [states[0]!, states.at(-1)!];
  if (given.flush) return flushed(given, first);
  if (given.policy !== undefined) return withPolicy(given, given.policy, first);
  const alone = given.chain_management && rule.length === 0;
  if (given.state === 'absent') {
    const there = alone ? first.stdout !== '' : last.stdout.trim() === 'present';
    // A chain is put back as a whole: the place of a rule matters.
    return there ? [act(given, 'chain', first, alone ? ['-X'] : ['-D'], rule)] : [];
  }
  const changes: Change[] = [];
  if (given.chain_management && first.stdout === '') {
    const after = `:${given.chain} - [0:0]\n`;
    changes.push(act(given, 'chain', first, ['-N'], [], after));
  }
  if (!alone && last.stdout.trim() !== 'present') {
    const where = given.action === 'insert' ? ['-I', given.rule_num ?? ''] : ['-A'];
    changes.push(act(given, 'rule', last, where, rule, 'present\n'));
  }
  return changes;
}

function flushed(given: Params, before: CommandResult): Change[] {
  const after = before.stdout.replace(/^-A .*\n/gm, '');
  if (after === before.stdout) return [];
  return [act(given, given.chain === undefined ? 'table' : 'chain', before, ['-F'], [], after)];
}

function withPolicy(given: Params, policy: string, before: CommandResult): Change[] {
  return before.stdout.trim() === policy
    ? []
    : [act(given, 'policy', before, ['-P'], [policy], `${policy}\n`)];
}

/** `command`: the option of iptables, and what stands between the chain and the rule. */
function act(
  given: Params,
  kind: Parameters<typeof firewallSetting>[1],
  before: CommandResult,
  [command, place = '']: readonly string[],
  rule: readonly string[],
  after?: string,
): Change {
  const words = [command!, given.chain ?? '', place].filter((word) => word !== '');
  const argv = [program(given), '-t', given.table, ...words, ...rule];
  return changeSetting(firewallSetting(given, kind, kind === 'rule' ? rule : []), {
    before,
    act: { argv },
    summary: argv.map(quote).join(' '),
    ...(after === undefined ? {} : { after }),
    diff: { prepared: argv.slice(3).map(quote).join(' ') },
  });
}
