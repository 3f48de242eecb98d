import { type Change, type CommandResult, commandOutput, type Probe, quote } from '../../resources/index.ts';
import { isUnknown } from '../../values/index.ts';
import { answer, unknownPlan } from '../answer.ts';
import { commandFailure, complaintOf } from '../command/result.ts';
import { changeSetting, settingProbe } from '../setting.ts';
import { defineModule } from '../types.ts';
import { type FirewallState, firewall, readFirewall, wouldChange } from './firewall.ts';
import { type Params, ufwParams } from './params.ts';
import { directionOf, ruleWords } from './words.ts';

const looked = settingProbe(firewall);

/** The firewall of Ubuntu and Debian. What a rule would do is rehearsed by ufw itself. */
export default defineModule({
  name: 'ufw',
  summary: 'Sets the firewall ufw: on or off, its defaults, its rules.',
  params: ufwParams,
  needs(given, seen) {
    const said = seen.get(looked);
    if (given.rule === undefined || said === undefined || isUnknown(said) || said.rc !== 0) return [looked];
    return [looked, rehearsal(given, readFirewall(said.stdout))];
  },
  plan(given, seen) {
    const before = answer(seen, looked);
    if (isUnknown(before)) return unknownPlan(before);
    if (before.rc !== 0) return { changes: [], failed: `ufw: ${complaintOf(before)}` };
    const state = readFirewall(before.stdout);
    const commands = [...settings(given, state)];
    if (given.rule !== undefined) {
      const said = answer(seen, rehearsal(given, state));
      if (isUnknown(said)) return unknownPlan(said);
      if (said.rc !== 0) return { changes: [], failed: `ufw: ${complaintOf(said)}` };
      if (wouldChange(said.stdout, state)) commands.push(ruleWords(given, state));
    }
    const changes = commands.map((words, index) => act(words, index === 0 ? before : undefined));
    return {
      changes,
      result: (outcomes) => ({
        commands: commands.map((words) => ['ufw', ...words].map(quote).join(' ')),
        ...commandFailure(outcomes),
      }),
    };
  },
});

function rehearsal(given: Params, state: FirewallState): Probe<CommandResult> {
  return commandOutput({ argv: ['ufw', '--dry-run', ...ruleWords(given, state)], env: { LC_ALL: 'C' } });
}

/** What has to be called besides the rule, in the order in which ufw takes it. */
function settings(given: Params, state: FirewallState): string[][] {
  const commands: string[][] = [];
  if (given.state === 'enabled' && !state.on) commands.push(['-f', 'enable']);
  if (given.state === 'disabled' && state.on) commands.push(['-f', 'disable']);
  if (given.state === 'reloaded' && state.on) commands.push(['-f', 'reload']);
  if (given.state === 'reset') commands.push(['-f', 'reset']);
  const { logging } = given;
  const logs = state.logging !== 'off';
  if (logging !== undefined && (logging === 'on' ? !logs : logging !== state.logging))
    commands.push(['logging', logging]);
  const direction = directionOf(given);
  if (given.default !== undefined && given.default !== state.defaults[direction])
    commands.push(['default', given.default, direction]);
  return commands;
}

function act(words: readonly string[], before: CommandResult | undefined): Change {
  const argv = ['ufw', ...words];
  const summary = argv.map(quote).join(' ');
  return changeSetting(firewall, { before, act: { argv }, summary, diff: { prepared: summary } });
}
