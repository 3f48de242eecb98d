import { setTimeout as sleep } from 'node:timers/promises';
import { asCutoverError, CutoverError } from '../../errors/index.ts';
import type { Effect } from '../../modules/index.ts';
import {
  type CommandResult,
  type CommandSpec,
  commandOutput,
  probeAll,
  type Session,
} from '../../resources/index.ts';
import type { PlayContext } from '../context.ts';
import type { Prepared } from './prepare.ts';

type Wait = Effect & { readonly kind: 'await-connection' };

/**
 * Logs in anew, again and again, until the host runs commands (and says what is asked of it), or the time is over. Gives
 * the seconds that it took. Throws CutoverError('timeout'): that is a failure of the task, the host may still be there.
 */
export async function awaitConnection(
  play: PlayContext,
  prepared: Prepared,
  wait: Wait,
): Promise<Record<string, unknown>> {
  const { knowledge, place, task } = prepared;
  const stop = play.run.options.interrupt?.stop;
  const rest = (seconds: number) =>
    sleep(seconds * 1000, undefined, stop ? { signal: stop } : {}).catch(() => undefined);
  const started = Date.now();
  const seconds = () => Math.round((Date.now() - started) / 1000);
  await rest(wait.delaySeconds);
  for (;;) {
    if (place?.target.connection !== 'local') await play.run.fleet.forget(place!.target);
    const obstacle = await lookOnce(play, prepared, wait).catch(
      (error) => asCutoverError(error, 'connect').message,
    );
    if (obstacle === undefined) {
      knowledge.forgetAll();
      return { elapsed: seconds() };
    }
    if (play.run.stopping() || Date.now() - started >= wait.timeoutSeconds * 1000) {
      throw new CutoverError('timeout', `timed out waiting until ${wait.what}: ${obstacle}`, {
        position: task.position,
        host: prepared.onHost.name,
      });
    }
    await rest(wait.sleepSeconds);
  }
}

/** Gives what is still in the way, or undefined. */
async function lookOnce(play: PlayContext, prepared: Prepared, wait: Wait): Promise<string | undefined> {
  const session = await openAnew(play, prepared, wait.connectTimeoutSeconds);
  if (wait.differs) {
    const { rc, stdout } = await ask(session, wait.differs.spec);
    if (rc !== 0 || stdout.trim() === wait.differs.from) return 'it has not started anew yet';
  }
  if (!wait.accepts) return undefined;
  const { rc, stdout, stderr } = await ask(session, wait.accepts);
  return rc === 0 ? undefined : stderr.trim() || stdout.trim() || `the test command ended with ${rc}`;
}

async function ask(session: Session, spec: CommandSpec): Promise<CommandResult> {
  const probe = commandOutput(spec);
  return (await probeAll(session, [probe])).get(probe.key) as CommandResult;
}

function openAnew(
  play: PlayContext,
  prepared: Prepared,
  connectSeconds: number | undefined,
): Promise<Session> {
  const { place, onHost, task, environment } = prepared;
  const { target, identity, stateDir } = place!;
  const limit = connectSeconds === undefined ? {} : { connectTimeoutMs: connectSeconds * 1000 };
  return play.run.fleet.session({
    host: onHost,
    target: { ...target, ...limit },
    identity,
    stateDir,
    run: play.run.id,
    task: task.id,
    environment,
    timeoutMs: undefined,
    onArm: async () => {},
  });
}
