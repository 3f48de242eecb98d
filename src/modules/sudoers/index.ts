import { posix } from 'node:path';
import { z } from 'zod';
import { contentOfBytes, type FileState, fileState, type Probe, setFile } from '../../resources/index.ts';
import { isUnknown } from '../../values/index.ts';
import { answer, unknownPlan } from '../answer.ts';
import { seenThroughLink } from '../file-result.ts';
import { boolean, choice, path, strings, text } from '../params.ts';
import { makeParents, parentNeeds, withParent } from '../parents.ts';
import { defineModule } from '../types.ts';

const params = z
  .strictObject({
    name: text
      .refine((name) => name !== '', 'must not be empty')
      .describe('Name of the file that holds the rule.'),
    user: text.optional().describe('Who may; takes `user` or `group`, not both.'),
    group: text.optional().describe('The group that may.'),
    commands: strings.optional().describe('What they may run, with full paths, or `ALL`.'),
    host: text.default('ALL').describe('The host on which the rule holds.'),
    runas: text.optional().describe('As whom they may run it.'),
    nopassword: boolean.default(true).describe('No password is asked for.'),
    setenv: boolean.default(false).describe('They may keep their environment.'),
    state: choice('present', 'absent').default('present').describe('Whether there shall be such a rule.'),
    sudoers_path: path.default('/etc/sudoers.d').describe('The folder of the file.'),
    validation: choice('detect', 'required', 'absent')
      .default('detect')
      .describe(
        'Whether visudo must accept the rule: `detect` when there is one, `required` always, `absent` never.',
      ),
  })
  .superRefine((given, refine) => {
    const fault = (message: string) => refine.addIssue({ code: 'custom', message });
    if (given.user && given.group) fault('takes user or group, not both');
    if (given.state === 'absent') return;
    if (given.commands === undefined) fault('needs the parameter "commands"');
    if (!given.user && !given.group) fault('needs the parameter "user" or "group"');
  });

type Params = z.infer<typeof params>;

/** What looks at a rule before it goes live: one that is wrong locks everybody out of sudo. */
const VALIDATORS = {
  absent: {},
  required: { validate: 'visudo -c -f %s' },
  detect: { validate: `sh -c 'if command -v visudo >/dev/null; then visudo -c -f "$1"; fi' sh %s` },
};

/** A rule of sudo in a file of its own. */
export default defineModule({
  name: 'sudoers',
  summary: 'Adds and removes files with a rule of sudo.',
  params,
  needs: (given, seen) => [probeOf(given), ...parentNeeds(seen.get(probeOf(given)))],
  plan(given, seen) {
    const probe = probeOf(given);
    const found = answer(seen, probe);
    if (isUnknown(found)) return unknownPlan(found);
    const file = withParent(found, seen);
    if (file.type === 'directory' || file.type === 'other')
      return { changes: [], failed: `${file.path} is no regular file` };
    const parents = given.state === 'present' ? makeParents(file, seen, false) : [];
    if (typeof parents === 'string') return { changes: [], failed: parents };
    const written =
      given.state === 'absent'
        ? setFile(file, { type: 'absent' })
        : setFile(
            file,
            { type: 'file', content: contentOfBytes(ruleOf(given)), mode: '0440' },
            VALIDATORS[given.validation],
          );
    return { changes: seenThroughLink(written, file) };
  },
});

/** A link goes by itself, and is written through. */
function probeOf({ sudoers_path: folder, name, state }: Params): Probe<FileState> {
  return fileState(posix.resolve(folder, name), { follow: state === 'present' });
}

/** The rule as sudoers(5) has it, in the spelling that community.general gives it, so that neither changes what the other wrote. */
function ruleOf(given: Params): string {
  const who = given.user || `%${given.group}`;
  const as = given.runas === undefined ? '' : `(${given.runas})`;
  const tags = `${given.nopassword ? 'NOPASSWD:' : ''}${given.setenv ? 'SETENV:' : ''}`;
  return `${who} ${given.host}=${as}${tags} ${given.commands?.join(', ')}\n`;
}
