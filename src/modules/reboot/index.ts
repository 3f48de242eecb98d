import { type CommandSpec, commandOutput, runCommand } from '../../resources/index.ts';
import { isUnknown } from '../../values/index.ts';
import { answer, unknownPlan } from '../answer.ts';
import { endedCommand } from '../command/result.ts';
import { number, paths, text, withAliases } from '../params.ts';
import { defineModule, type PlanContext } from '../types.ts';

const FOLDERS = ['/sbin', '/bin', '/usr/sbin', '/usr/bin', '/usr/local/sbin'];

const params = withAliases(
  {
    pre_reboot_delay_sec: 'pre_reboot_delay',
    post_reboot_delay_sec: 'post_reboot_delay',
    reboot_timeout_sec: 'reboot_timeout',
    connect_timeout_sec: 'connect_timeout',
  },
  {
    pre_reboot_delay: number
      .default(0)
      .describe('Seconds before the host goes down; shutdown counts in minutes, rounded down.'),
    post_reboot_delay: number.default(0).describe('Seconds to leave the host alone before the first look.'),
    reboot_timeout: number
      .default(600)
      .describe('Seconds in which the host must have started anew and passed test_command.'),
    connect_timeout: number.optional().describe('Seconds for one attempt to connect.'),
    test_command: text.default('whoami').describe('Must succeed before the task is done.'),
    msg: text.default('Reboot initiated by Cutover').describe('What users at terminals are told.'),
    search_paths: paths.default(FOLDERS).describe('Folders in which the shutdown command is looked for.'),
    boot_time_command: text
      .default('cat /proc/sys/kernel/random/boot_id')
      .describe('Prints something that differs after every start of the host.'),
    reboot_command: text
      .optional()
      .describe('In place of shutdown -r (or systemctl reboot, or reboot where there is none).'),
  },
);

/** Restarts the host, and is done when it runs commands again under another boot id. */
export default defineModule({
  name: 'reboot',
  summary: 'Restarts the target and waits until it is back.',
  params,
  needs: (given, _seen, context) => (here(context) ? [] : [bootId(given.boot_time_command)]),
  plan(given, seen, context) {
    if (here(context)) {
      return {
        changes: [],
        failed: 'a local connection leads to the controller itself, which is not rebooted',
        result: () => ({ rebooted: false, elapsed: 0 }),
      };
    }
    const probe = bootId(given.boot_time_command);
    const before = answer(seen, probe);
    if (isUnknown(before)) return unknownPlan(before);
    if (before.rc !== 0) {
      const said = before.stderr.trim() || `exit code ${before.rc}`;
      return { changes: [], failed: `boot_time_command does not tell when the target started: ${said}` };
    }
    return {
      changes: [runCommand(goDown(given), { undo: 'irreversible', summary: 'reboot the host' })],
      endsLink: true,
      effects: [
        {
          kind: 'await-connection',
          what: 'the target came back',
          delaySeconds: given.post_reboot_delay,
          timeoutSeconds: given.reboot_timeout,
          sleepSeconds: 1,
          connectTimeoutSeconds: given.connect_timeout,
          differs: { spec: probe.query as CommandSpec, from: before.stdout.trim() },
          accepts: { script: `${given.test_command}\n` },
        },
      ],
      result(outcomes) {
        const ended = endedCommand(outcomes[0]);
        if (!ended || ended.rc === 0) return { rebooted: true, elapsed: 0 };
        const said = ended.stderr.trim() || ended.stdout.trim() || `exit code ${ended.rc}`;
        return {
          failed: true,
          rebooted: false,
          elapsed: 0,
          rc: ended.rc,
          msg: `the reboot command failed: ${said}`,
        };
      },
    };
  },
});

function here(context: PlanContext): boolean {
  return context.local === true;
}

/** A question of its own each time: the same text asked earlier may have another answer by now. */
function bootId(command: string) {
  return { ...commandOutput({ script: `${command}\n` }), volatile: true, evenInDoubt: true };
}

function goDown(given: {
  readonly pre_reboot_delay: number;
  readonly msg: string;
  readonly search_paths: readonly string[];
  readonly reboot_command?: string | undefined;
}): CommandSpec {
  const minutes = String(Math.max(0, Math.floor(given.pre_reboot_delay / 60)));
  const folders = given.search_paths.join(':');
  return given.reboot_command === undefined
    ? { argv: ['/bin/sh', '-c', SHUT_DOWN, 'sh', folders, minutes, given.msg] }
    : { argv: ['/bin/sh', '-c', `PATH=$1:$PATH\n${given.reboot_command}`, 'sh', folders] };
}

const SHUT_DOWN = `
PATH=$1:$PATH
if command -v shutdown >/dev/null 2>&1; then shutdown -r "$2" "$3"
elif command -v systemctl >/dev/null 2>&1; then sleep "$((60 * $2))"; systemctl reboot
else sleep "$((60 * $2))"; reboot
fi
`;
