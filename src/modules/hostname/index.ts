import { z } from 'zod';
import { fileContent } from '../../resources/index.ts';
import { isUnknown } from '../../values/index.ts';
import { answer, unknownPlan } from '../answer.ts';
import { commandFailure } from '../command/result.ts';
import { text } from '../params.ts';
import { changeSetting, type Setting, settingProbe } from '../setting.ts';
import { writeText } from '../text-file.ts';
import { defineModule } from '../types.ts';

const params = z.strictObject({
  name: text
    .refine((name) => /^[A-Za-z0-9]([A-Za-z0-9.-]{0,62}[A-Za-z0-9])?$/.test(name), 'is no host name')
    .describe('The name that the target shall have.'),
  use: text.optional().describe('Accepted; /etc/hostname and the running system are set everywhere.'),
});

const system: Setting = {
  key: 'hostname',
  look: ['uname', '-n'],
  back: ['/bin/sh', '-c', 'read -r name && hostname "$name"'],
};
const running = settingProbe(system);
const kept = fileContent('/etc/hostname', { follow: true });

/** Sets the name of the running system, and the one that it starts with. */
export default defineModule({
  name: 'hostname',
  summary: 'Sets the name of the target.',
  params,
  needs: () => [running, kept],
  plan(given, seen) {
    const [now, file] = [answer(seen, running), answer(seen, kept)];
    if (isUnknown(now)) return unknownPlan(now);
    if (isUnknown(file)) return unknownPlan(file);
    const { name } = given;
    const same = file.bytes?.toString('utf8').trim() === name;
    const changes = same ? [] : writeText(file, `${name}\n`);
    if (now.stdout.trim() !== name) {
      changes.push(
        changeSetting(system, {
          before: now,
          act: { argv: ['hostname', name] },
          after: `${name}\n`,
          summary: `call the running system ${name}`,
          diff: { prepared: `hostname: ${now.stdout.trim()} -> ${name}` },
        }),
      );
    }
    const [short, ...domain] = name.split('.');
    const facts = {
      hostname: short,
      nodename: name,
      ...(domain.length > 0 ? { fqdn: name, domain: domain.join('.') } : {}),
    };
    const named = Object.fromEntries(Object.entries(facts).map(([key, value]) => [`ansible_${key}`, value]));
    return {
      changes,
      result: (outcomes) => ({ name, ansible_facts: named, ...commandFailure(outcomes) }),
    };
  },
});
