import type { ChangeOutcome, CommandResult, Probe } from '../../resources/index.ts';
import { isUnknown, Unknown } from '../../values/index.ts';
import { answer, unknownPlan } from '../answer.ts';
import { complaintOf, endedCommand } from '../command/result.ts';
import { changeSetting, shown } from '../setting.ts';
import { defineModule, type Plan, type PlanContext } from '../types.ts';
import { acting, lookOf, readActed, serverSetting, waitProbe } from './act.ts';
import { haproxyParams, type Params } from './params.ts';
import { readServers, type Server, serversProbe, UNREACHABLE, writeServers } from './socket.ts';
import { differs, isAsTold, isReached, stepsFor, wishedServer } from './wish.ts';

/** What a task says that told haproxy nothing. */
const IDLE = { command: [], output: [] };

/** Servers of haproxy, taken out of rotation and put back. Nothing is kept in its configuration. */
export default defineModule({
  name: 'haproxy',
  summary: 'Takes servers of haproxy out of rotation, and puts them back.',
  params: haproxyParams,
  needs(given, seen, context) {
    const probe = asked(given, context);
    const said = seen.get(probe);
    if (said === undefined || isUnknown(said) || said.rc !== 0) return [probe];
    const waiting = waitFor(given, readServers(said.stdout), context);
    return [probe, ...(waiting ? [waiting] : [])];
  },
  plan(given, seen, context): Plan {
    const said = answer(seen, asked(given, context));
    if (isUnknown(said)) return unknownPlan(said);
    if (said.rc !== 0) {
      const failed = complaintOf(said);
      // What is not there in a dry run may be the work of a task before.
      return context.checkMode && said.rc === UNREACHABLE
        ? unknownPlan(new Unknown(failed))
        : { changes: [], failed };
    }
    const servers = readServers(said.stdout);
    if (servers.length === 0) return notFound(given);
    if (servers.some((server) => differs(given, server))) return telling(given, servers, context);
    const waiting = waitFor(given, servers, context);
    return waiting
      ? waited(servers, answer(seen, waiting))
      : { changes: [], result: () => ({ ...IDLE, ...told(servers) }) };
  },
});

function asked(given: Params, { checkMode }: PlanContext): Probe<CommandResult> {
  return serversProbe(given, given.wait && !checkMode);
}

/** The question that takes its time, when nothing is to be told and a server is not there yet. */
function waitFor(given: Params, servers: readonly Server[], { checkMode }: PlanContext) {
  const late = servers.filter((server) => !isReached(given, server));
  if (checkMode || late.length === 0 || servers.some((server) => differs(given, server))) return undefined;
  return waitProbe(
    given,
    late.flatMap((server) => stepsFor(given, server)),
  );
}

function waited(before: readonly Server[], said: CommandResult | Unknown): Plan {
  if (isUnknown(said)) return unknownPlan(said);
  if (said.rc !== 0) return { changes: [], failed: complaintOf(said) };
  return { changes: [], result: () => ({ ...IDLE, ...told(before, readServers(said.stdout)) }) };
}

function notFound({ backend, host, fail_on_not_found: fails }: Params): Plan {
  if (!fails) return { changes: [], result: () => ({ state_before: null, state_after: null }) };
  const failed =
    backend === undefined
      ? `The server '${host}' was found in no backend!`
      : `The specified backend '${backend}/${host}' was not found!`;
  return { changes: [], failed };
}

function telling(given: Params, before: readonly Server[], context: PlanContext): Plan {
  const steps = before.flatMap((server) => stepsFor(given, server));
  const after = before.map((server) => wishedServer(given, server));
  const change = changeSetting(serverSetting(given), {
    before: shown(lookOf(given, before)),
    act: acting(given, steps),
    summary: `haproxy: ${given.state} ${before.map(({ backend }) => `${backend}/${given.host}`).join(', ')}`,
    diff: { before: sketch(given, before), after: sketch(given, after) },
  });
  const command = steps.flatMap((step) => (step.kind === 'tell' ? [step.line] : []));
  const predicts = new Map<string, unknown>([[asked(given, context).key, shown(writeServers(after))]]);
  return {
    changes: [{ ...change, predicts }],
    result: (outcomes) => ({ command, ...came(given, before, after, outcomes) }),
  };
}

function came(
  given: Params,
  before: readonly Server[],
  foreseen: readonly Server[],
  outcomes: readonly ChangeOutcome[],
): Record<string, unknown> {
  const ended = endedCommand(outcomes[0]);
  if (ended === undefined) return told(before, foreseen);
  const { answers, rows } = readActed(ended.stdout);
  const after = readServers(rows);
  const result = { output: answers, ...told(before, after) };
  const failed = { ...result, failed: true, changed: lookOf(given, before) !== lookOf(given, after) };
  if (ended.rc !== 0) return { ...failed, msg: complaintOf({ ...ended, stdout: '' }) };
  const stubborn = after.find((server) => !isAsTold(given, server));
  if (stubborn === undefined) return result;
  const why = complaintOf({ rc: 1, stdout: '', stderr: answers.join('\n') });
  return { ...failed, msg: `${stubborn.backend}/${given.host} is not ${given.state}: ${why}` };
}

/** What `register` keeps of servers, as texts. */
function told(before: readonly Server[], after = before): Record<string, unknown> {
  const states = (servers: readonly Server[]) =>
    servers.map(({ sessions, status, effective }) => ({
      scur: String(sessions),
      status,
      weight: effective,
    }));
  return { state_before: states(before), state_after: states(after) };
}

/** A line for each server, for the difference. */
function sketch(given: Params, servers: readonly Server[]): string {
  return servers
    .map(
      ({ backend, state, weight, health, agent, sessions }) =>
        `${backend}/${given.host}: ${state}, weight ${weight}, health checks ${health}, agent ${agent}, sessions ${sessions}\n`,
    )
    .join('');
}
