import { z } from 'zod';
import { commandOutput } from '../../resources/index.ts';
import { isUnknown } from '../../values/index.ts';
import { answer, unknownPlan } from '../answer.ts';
import { commandFailure, complaintOf } from '../command/result.ts';
import { boolean, text } from '../params.ts';
import { changeSetting, type Setting, settingProbe } from '../setting.ts';
import { defineModule } from '../types.ts';

const params = z.strictObject({
  name: text.refine((name) => /^\w+$/.test(name), 'is no name of a boolean').describe('Name of the boolean.'),
  state: boolean.describe('Whether it shall be on.'),
  persistent: boolean.default(false).describe('Also after the next start of the system.'),
  ignore_selinux_state: boolean
    .default(false)
    .describe('Go on where SELinux looks switched off (in a chroot).'),
});

/** Switches of the SELinux policy. */
export default defineModule({
  name: 'seboolean',
  summary: 'Sets booleans of the SELinux policy.',
  params,
  needs: (given) => [enabled, settingProbe(sebool(given)), kept(given.name)],
  plan(given, seen) {
    const [on, before, local] = [
      answer(seen, enabled),
      answer(seen, settingProbe(sebool(given))),
      answer(seen, kept(given.name)),
    ];
    if (isUnknown(on)) return unknownPlan(on);
    if (isUnknown(before)) return unknownPlan(before);
    if (isUnknown(local)) return unknownPlan(local);
    if (on.stdout.trim() !== 'yes' && !given.ignore_selinux_state)
      return { changes: [], failed: 'SELinux is disabled on this host.' };
    if (before.rc !== 0) return { changes: [], failed: `${given.name}: ${complaintOf(before)}` };
    const wanted = given.state ? 'on' : 'off';
    const lasting = local.stdout.trim() === (given.state ? '1' : '0');
    const right = before.stdout.trim() === wanted && (lasting || !given.persistent);
    const argv = ['setsebool', ...(given.persistent ? ['-P'] : []), given.name, wanted];
    const change = changeSetting(sebool(given), {
      before,
      act: { argv },
      summary: argv.join(' '),
      after: `${wanted}\n`,
      diff: { prepared: `${given.name}: ${before.stdout.trim()} -> ${wanted}` },
    });
    return {
      changes: right ? [] : [change],
      result: (outcomes) => ({
        name: given.name,
        state: given.state,
        persistent: given.persistent,
        ...commandFailure(outcomes),
      }),
    };
  },
});

const enabled = commandOutput({
  argv: ['/bin/sh', '-c', 'if selinuxenabled 2>/dev/null; then echo yes; else echo no; fi'],
});

/** The value that counts now. */
function sebool({ name, persistent }: { readonly name: string; readonly persistent: boolean }): Setting {
  const look = 'said=$(getsebool "$1") || exit 1; case $said in *on) echo on ;; *) echo off ;; esac';
  const back = `read -r value && setsebool ${persistent ? '-P ' : ''}"$1" "$value"`;
  return {
    key: `seboolean:${name}`,
    look: ['/bin/sh', '-c', look, 'sh', name],
    back: ['/bin/sh', '-c', back, 'sh', name],
  };
}

/** The value that somebody asked to be kept: 1, 0 or nothing. */
function kept(name: string) {
  const script = 'cat /var/lib/selinux/*/active/booleans.local 2>/dev/null | sed -n "s/^$1=//p" | tail -n 1';
  return commandOutput({ argv: ['/bin/sh', '-c', script, 'sh', name] });
}
