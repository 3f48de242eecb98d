import { CutoverError } from '../errors/index.ts';
import type { GroupDetail, UserDetail } from './account/detail.ts';
import { groupScript, userScript } from './account/script.ts';
import type { CommandDetail } from './command/change.ts';
import { commandScript } from './command/script.ts';
import type { FileDetail } from './file/detail.ts';
import { fileScript } from './file/script.ts';
import type { FrameBuilder } from './frame.ts';
import type { Numbered } from './outcome.ts';
import { undoScript } from './runtime.ts';
import type { ServiceDetail } from './service/change.ts';
import { serviceScript } from './service/script.ts';
import { startFolder, stateFolder } from './session.ts';
import { escapeField, quote } from './shell.ts';
import type { Archive } from './tree/archive.ts';
import type { TreeDetail } from './tree/change.ts';
import { treeScript } from './tree/script.ts';
import type { Change, Session } from './types.ts';

/**
 * Gives the script of one frame that makes these changes in order and stops at the first that fails. Contents go into
 * `builder`; archives that were built are added to `archives`, whose owner removes them. `withUndo`: undo.sh goes along.
 */
export async function buildFrame(
  session: Session,
  group: readonly Numbered[],
  builder: FrameBuilder,
  archives: Archive[],
  withUndo: boolean,
): Promise<string> {
  const body: string[] = [];
  for (const { change, seq } of group) {
    const lines = await changeLines(session, change, builder, archives);
    body.push(`co_new; co_s=${seq} co_k=${escapeField(change.key)} co_u=${change.undo}`, ...lines);
    body[body.length - 1] += ' || return 0';
  }
  const undo = withUndo ? [builder.bytes(Buffer.from(undoScript)).replace('co_blob', 'co_put_undo')] : [];
  return [
    stateFolder(session),
    'co_all() {',
    ...body,
    '}',
    `if co_begin "$co_state" ${quote(session.run)}; then`,
    ...undo,
    'co_all',
    'co_end',
    'fi',
    ...builder.uploads.map(({ path }) => `rm -f ${quote(path)}`),
  ].join('\n');
}

async function changeLines(
  session: Session,
  change: Change,
  builder: FrameBuilder,
  archives: Archive[],
): Promise<string[]> {
  switch (change.resource) {
    case 'file':
      return fileScript(change.detail as FileDetail, builder);
    case 'tree': {
      const { lines, archive } = await treeScript(change.detail as TreeDetail, builder);
      if (archive) archives.push(archive);
      return lines;
    }
    case 'command': {
      const { environment, lane } = session;
      const { spec, inverse, expect } = change.detail as CommandDetail;
      const start = startFolder(session);
      const { outputLimit } = session;
      const lines = commandScript(spec, builder, {
        folder: lane.folder,
        start,
        environment,
        query: false,
        outputLimit,
      });
      const kept = inverse === undefined ? '' : quote(builder.bytes(Buffer.from(inverse)));
      const planned = inverse === undefined ? 'command' : "'shown,*'";
      return [
        `co_r=command co_q=- co_a=${planned} co_inverse=${kept} co_e=${quote(expect ?? '*')}`,
        ...lines,
      ];
    }
    case 'service':
      return serviceScript(change.detail as ServiceDetail);
    case 'user':
      return userScript(change.detail as UserDetail, builder);
    case 'group':
      return groupScript(change.detail as GroupDetail);
    default:
      throw new CutoverError('internal', `no resource kind is called ${change.resource}`);
  }
}
