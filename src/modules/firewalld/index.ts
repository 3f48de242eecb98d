import { isUnknown, Unknown } from '../../values/index.ts';
import { answer, unknownPlan } from '../answer.ts';
import { complaintOf, endedCommand, outputKeys } from '../command/result.ts';
import { changeSetting, settingProbe } from '../setting.ts';
import { defineModule, type Plan } from '../types.ts';
import { firewalldParams } from './params.ts';
import { firewallSetting, scriptWords, sets } from './script.ts';
import { thingOf, wantedOf } from './thing.ts';

/** The firewall of Red Hat and its relatives. */
export default defineModule({
  name: 'firewalld',
  summary: 'Sets the firewall firewalld: services, ports, rules, zones.',
  params: firewalldParams,
  needs: (given) => [settingProbe(firewallSetting(given))],
  plan(given, seen, context): Plan {
    const before = answer(seen, settingProbe(firewallSetting(given)));
    if (isUnknown(before)) return unknownPlan(before);
    if (before.rc !== 0) {
      const failed = `ERROR: ${complaintOf(before)}`;
      return context.checkMode ? unknownPlan(new Unknown(failed)) : { changes: [], failed };
    }
    const [first = '', ...lines] = before.stdout.trim().split('\n');
    const [state, zone = ''] = first.split(' ');
    if (state === 'offline' && sets(given)) {
      const failed =
        'firewall is not currently running, unable to perform immediate actions without a running firewall daemon';
      return context.checkMode ? unknownPlan(new Unknown(failed)) : { changes: [], failed };
    }
    const wanted = wantedOf(given);
    const after = [first, ...lines.map((line) => line.replace(/ .*/, ` ${wanted}`))]
      .map((line) => `${line}\n`)
      .join('');
    const differs = after !== `${before.stdout.trim()}\n`;
    const says = thingOf(given).message(zone, wanted !== 'no');
    const change = changeSetting(firewallSetting(given), {
      before,
      act: { argv: scriptWords(given, 'set'), stdin: after },
      summary: `firewalld: ${says}`,
      after,
    });
    const msg = [
      !given.permanent
        ? 'Non-permanent operation'
        : sets(given)
          ? 'Permanent and Non-Permanent(immediate) operation'
          : 'Permanent operation',
      ...(differs ? [says] : []),
      ...(state === 'offline' ? ['(offline operation: only on-disk configs were altered)'] : []),
    ].join(', ');
    return {
      changes: differs ? [change] : [],
      result(outcomes) {
        const ended = endedCommand(outcomes[0]);
        if (ended && ended.rc !== 0)
          return { ...outputKeys(ended), failed: true, changed: false, msg: `ERROR: ${complaintOf(ended)}` };
        return context.checkMode && differs ? {} : { msg };
      },
    };
  },
});
