import { posix } from 'node:path';
import type { z } from 'zod';
import { type FileState, fileState, type Probe } from '../../resources/index.ts';
import { isUnknown, Unknown } from '../../values/index.ts';
import { answer } from '../answer.ts';
import { ALGORITHMS, type Algorithm } from '../digests.ts';
import { boolean, choice, plainPathOrEmpty, withAliases } from '../params.ts';
import { statFacts } from '../stat-facts.ts';
import { defineModule } from '../types.ts';
import { type Extras, type ExtrasWish, extrasOf, extrasProbe } from './extras.ts';

const params = withAliases(
  {
    dest: 'path',
    name: 'path',
    checksum: 'checksum_algorithm',
    checksum_algo: 'checksum_algorithm',
    mime: 'get_mime',
    mime_type: 'get_mime',
    'mime-type': 'get_mime',
    attr: 'get_attributes',
    attributes: 'get_attributes',
  },
  {
    path: plainPathOrEmpty.describe('What to look at. Nothing is at an empty one.'),
    follow: boolean.default(false).describe('Look through links.'),
    get_checksum: boolean.default(true).describe('Give the checksum of a regular file.'),
    checksum_algorithm: choice(...ALGORITHMS)
      .default('sha1')
      .describe('Which checksum.'),
    get_md5: boolean.default(false).describe('Give the MD5 of a regular file too, as md5.'),
    get_mime: boolean.default(true).describe('Give mimetype and charset, as the command file guesses them.'),
    get_attributes: boolean.default(true).describe('Give version, flags and attributes, as lsattr does.'),
  },
);

type StatParams = z.output<typeof params>;

/** Gives the checksum that the host told, or why nobody knows it. */
type Digest = (algorithm: Algorithm) => unknown;

export default defineModule<StatParams>({
  name: 'stat',
  sideBySide: true,
  summary: 'Tells what stands at a path.',
  params,
  pathsAsWritten: (p) => (p.path === '' ? ['path'] : []),
  needs: (p, _seen, { checkMode }) =>
    p.path === '' ? [] : [stateProbe(p, checkMode), extrasProbe(wish(p, checkMode))],
  plan: (p, seen, { checkMode }) => {
    if (p.path === '') return { changes: [], result: () => ({ stat: { exists: false } }) };
    const state = answer(seen, stateProbe(p, checkMode));
    if (isUnknown(state)) return { changes: [], changed: false, result: () => ({ stat: state }) };
    const wanted = wish(p, checkMode);
    const told = answer(seen, extrasProbe(wanted));
    const extras: Extras = isUnknown(told) ? { keys: {}, digests: [] } : extrasOf(wanted, told);
    const digest: Digest = (algorithm) => {
      if (isUnknown(told)) return told;
      return 'failed' in extras ? undefined : extras.digests[wanted.digests.indexOf(algorithm)];
    };
    // A link that leads nowhere has nothing behind it.
    if (state.type === 'absent' || (p.follow && state.type === 'link'))
      return 'failed' in extras
        ? { changes: [], failed: extras.failed }
        : { changes: [], result: () => ({ stat: { exists: false } }) };
    const stat = {
      exists: true,
      ...statFacts(state),
      ...openFacts(state),
      readable: state.readable,
      writeable: state.writable,
      executable: state.executable,
      ...(state.type === 'link' && state.target !== undefined
        ? { lnk_target: state.target, lnk_source: posix.resolve(posix.dirname(p.path), state.target) }
        : {}),
      ...(p.get_checksum && state.type === 'file'
        ? { checksum: checksumOf(p, state, digest, checkMode) }
        : {}),
      ...(p.get_md5 && state.type === 'file' ? { md5: digest('md5') } : {}),
      ...('keys' in extras ? extras.keys : {}),
    };
    return { changes: [], result: () => ({ stat }) };
  },
});

/** What the host settles when it makes a path that a dry run only foresees. */
function openFacts(state: FileState): Record<string, Unknown> {
  if (state.inode !== undefined) return {};
  const open = new Unknown(`${state.path} is not there yet`);
  const keys = Object.entries(statFacts(state)).filter(([, value]) => value === undefined);
  return Object.fromEntries(keys.map(([key]) => [key, open]));
}

function wish(p: StatParams, checkMode: boolean): ExtrasWish {
  const own = wantsDigest(p) ? [p.checksum_algorithm, ...(checkMode ? ['sha256' as const] : [])] : [];
  return { ...p, digests: p.get_md5 ? [...own, 'md5'] : own };
}

/** SHA-256 comes with the state; anything else is asked for beside it. */
function wantsDigest(p: StatParams): boolean {
  return p.get_checksum && p.checksum_algorithm !== 'sha256';
}

function stateProbe(p: StatParams, checkMode: boolean): Probe<FileState> {
  const checksum = p.get_checksum && (p.checksum_algorithm === 'sha256' || checkMode);
  return fileState(p.path, { follow: p.follow, checksum });
}

/** In a dry run the file may be one that an earlier task only would have written: then the host's checksum is not its. */
function checksumOf(p: StatParams, state: FileState, digest: Digest, checkMode: boolean): unknown {
  if (!wantsDigest(p)) return state.sha256;
  const own = digest(p.checksum_algorithm);
  if (isUnknown(own) || !checkMode || digest('sha256') === state.sha256) return own;
  return new Unknown(`${p.path} is written by an earlier task of this dry run`);
}
