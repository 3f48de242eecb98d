import { z } from 'zod';
import {
  type CommandResult,
  commandOutput,
  contentOfBytes,
  fileContent,
  type Probe,
  runCommand,
  setFile,
} from '../../resources/index.ts';
import { isUnknown } from '../../values/index.ts';
import { answer, unknownPlan } from '../answer.ts';
import { commandFailure } from '../command/result.ts';
import { choice, text } from '../params.ts';
import { defineModule } from '../types.ts';

const params = z.strictObject({
  name: text
    .refine((name) => /^[\w-]+$/.test(name), 'is no module name')
    .describe('Name of the kernel module.'),
  state: choice('present', 'absent').default('present').describe('Whether it shall be loaded.'),
  params: text.default('').describe('Parameters of the module.'),
  persistent: choice('disabled', 'present', 'absent')
    .default('disabled')
    .describe('Whether it is loaded at every start of the system: `disabled` leaves that alone.'),
});

/** Modules of the kernel, now and at the start of the system. */
export default defineModule({
  name: 'modprobe',
  summary: 'Loads and unloads kernel modules.',
  params,
  needs: (given) => [loaded(given.name), ...(given.persistent === 'disabled' ? [] : atStart(given.name))],
  plan(given, seen) {
    const said = answer(seen, loaded(given.name));
    if (isUnknown(said)) return unknownPlan(said);
    if (said.rc === NO_MODULES)
      return { changes: [], failed: 'the kernel loads no modules: there is no /proc/modules' };
    const isLoaded = said.stdout.trim() === 'yes';
    const changes = [];
    if (isLoaded !== (given.state === 'present')) {
      const words = given.params.split(/\s+/).filter((word) => word !== '');
      const argv =
        given.state === 'present' ? ['modprobe', given.name, ...words] : ['modprobe', '-r', given.name];
      changes.push(runCommand({ argv }, { undo: 'irreversible' }));
    }
    if (given.persistent !== 'disabled') {
      const texts = [
        `${given.name}\n`,
        given.params === '' ? undefined : `options ${given.name} ${given.params}\n`,
      ];
      for (const [index, probe] of atStart(given.name).entries()) {
        const state = answer(seen, probe);
        if (isUnknown(state)) return unknownPlan(state);
        const wanted = given.persistent === 'present' ? texts[index] : undefined;
        if (wanted !== undefined) {
          changes.push(...setFile(state, { type: 'file', content: contentOfBytes(wanted), mode: '0644' }));
        } else if (given.persistent === 'absent') changes.push(...setFile(state, { type: 'absent' }));
      }
    }
    return {
      changes,
      result: (outcomes) => ({
        name: given.name,
        params: given.params,
        state: given.state,
        ...commandFailure(outcomes),
      }),
    };
  },
});

/** How the question ends on a kernel that was built without loadable modules. */
const NO_MODULES = 3;

/** Built into the kernel counts as loaded. */
function loaded(name: string): Probe<CommandResult> {
  const script = `[ -r /proc/modules ] || exit ${NO_MODULES}
name=$(printf %s "$1" | tr - _)
if [ -d "/sys/module/$name" ] || grep -q "^$name " /proc/modules; then echo yes; exit 0; fi
tr - _ <"/lib/modules/$(uname -r)/modules.builtin" 2>/dev/null | grep -q "/$name\\.ko" && echo yes
exit 0`;
  return commandOutput({ argv: ['/bin/sh', '-c', script, 'sh', name] });
}

/** modules-load.d(5) and modprobe.d(5). */
function atStart(name: string): ReturnType<typeof fileContent>[] {
  return [fileContent(`/etc/modules-load.d/${name}.conf`), fileContent(`/etc/modprobe.d/${name}.conf`)];
}
