/** The questions that a shell answers: files, trees, accounts, services, facts, commands. */
import { CutoverError } from '../errors/index.ts';
import { type AccountQuery, accountProbeScript, readGroups, readUsers } from './account/probe.ts';
import { commandScript, readCommand } from './command/script.ts';
import { type ContentQuery, contentScript, readContents } from './content/probe.ts';
import { Cursor } from './cursor.ts';
import { type FactsQuery, factsProbeScript, readFacts } from './facts/probe.ts';
import { type FileQuery, fileProbeScript, readFileProbe } from './file/probe.ts';
import { FrameBuilder } from './frame.ts';
import { readServices, type ServiceQuery, serviceProbeScript } from './service/probe.ts';
import { bringUploads, complaint, stagePath, startFolder } from './session.ts';
import { quote } from './shell.ts';
import type { CommandSpec } from './specs.ts';
import type { CommandResult, FileState } from './states.ts';
import { readTrees, type TreeQuery, treeProbeScript } from './tree/probe.ts';
import type { Probe, Session } from './types.ts';

/** The shell walks upwards from a path: one that does not start at the root has no end. */
function refuseRelative(queries: readonly { readonly path: string }[]): void {
  const relative = queries.find(({ path }) => !path.startsWith('/'));
  if (relative)
    throw new CutoverError('playbook', `the path "${relative.path}" is not absolute`, {
      hint: 'write it from / on',
    });
}

interface Questions {
  readonly files: FileQuery[];
  readonly contents: ContentQuery[];
  readonly trees: TreeQuery[];
  readonly users: AccountQuery[];
  readonly groups: AccountQuery[];
  readonly services: ServiceQuery[];
  readonly facts: FactsQuery[];
  readonly commands: CommandSpec[];
}

/**
 * Asks in one frame what a shell can answer, and puts the answers under their keys. Throws what the lane throws, and
 * CutoverError('command') when the host cannot answer.
 */
export async function askShell(
  session: Session,
  probes: readonly Probe[],
  answers: Map<string, unknown>,
): Promise<void> {
  const questions = sortQuestions(probes);
  refuseRelative([...questions.files, ...questions.contents, ...questions.trees]);
  const roots: FileQuery[] = [
    ...questions.contents.map(({ path, follow }) => ({ path, follow, checksum: true })),
    ...questions.trees.map(({ path, follow }) => ({ path, follow, checksum: false })),
  ];
  const files = [...questions.files, ...roots];
  const builder = new FrameBuilder(() => stagePath(session));
  const { lane, environment } = session;
  const script = [
    `co_dir=${quote(lane.folder)}`,
    ...(files.length > 0 ? fileProbeScript(files) : []),
    ...treeProbeScript(questions.trees),
    ...accountProbeScript('user', questions.users),
    ...accountProbeScript('group', questions.groups),
    ...serviceProbeScript(questions.services),
    ...factsProbeScript(questions.facts),
    ...questions.commands.flatMap((spec) => [
      'co_s=0',
      ...commandScript(spec, builder, {
        folder: lane.folder,
        start: startFolder(session),
        environment,
        query: true,
        outputLimit: session.outputLimit,
      }),
    ]),
    ...contentScript(questions.contents),
    'exit 0',
  ].join('\n');
  await bringUploads(session, builder.uploads, 'probe');
  const { payload } = builder;
  const { timeoutMs } = session;
  const result = await lane.run({ script, ...(payload && { payload }), ...(timeoutMs && { timeoutMs }) });
  if (result.code !== 0)
    throw new CutoverError(
      'command',
      `cannot look at the host: ${complaint(result.stderr) ?? `code ${result.code}`}`,
      {
        host: session.connection.host,
      },
    );
  const cursor = new Cursor(result.stdout);
  const states = files.length > 0 ? readFileProbe(cursor, files) : [];
  const own = states.splice(0, questions.files.length);
  const ofContents: FileState[] = states.splice(0, questions.contents.length);
  const found: Record<string, unknown[]> = {
    file: own,
    tree: readTrees(cursor, questions.trees, states),
    user: readUsers(cursor, questions.users),
    group: readGroups(cursor, questions.groups),
    service: readServices(cursor, questions.services),
    facts: readFacts(cursor, questions.facts),
    command: questions.commands.map(() => readCommandProbe(cursor)),
    content: await readContents(session, cursor, questions.contents, ofContents),
  };
  for (const { resource, key } of probes) answers.set(key, found[resource]!.shift());
}

function sortQuestions(probes: readonly Probe[]): Questions {
  const of = <Query>(resource: string) =>
    probes.filter((probe) => probe.resource === resource).map((probe) => probe.query as Query);
  return {
    files: of('file'),
    contents: of('content'),
    trees: of('tree'),
    users: of('user'),
    groups: of('group'),
    services: of('service'),
    facts: of('facts'),
    commands: of('command'),
  };
}

function readCommandProbe(cursor: Cursor): CommandResult {
  return readCommand(cursor.line().replace(/^@ 0 done /, ''), cursor);
}
