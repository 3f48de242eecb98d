import { readFile } from 'node:fs/promises';
import { posix } from 'node:path';
import type { z } from 'zod';
import { compileRegex } from '../../regex/index.ts';
import { contentOfBytes, fileContent, type Observed, type Probe, treeState } from '../../resources/index.ts';
import { isUnknown, Unknown } from '../../values/index.ts';
import { unknownPlan } from '../answer.ts';
import { readFolder } from '../controller-folder.ts';
import { digestOfBytes } from '../digests.ts';
import { boolean, path, plainPath, regex, text, withAliases } from '../params.ts';
import { type Place, placement, placeParams, planPlacing } from '../placing.ts';
import { defineModule, type PlanContext } from '../types.ts';
import { assembleFragments, type Fragment } from './fragments.ts';

const params = withAliases(
  { attr: 'attributes' },
  {
    src: plainPath.describe('Folder with the fragments.'),
    dest: path.describe('File that they become.'),
    remote_src: boolean.default(true).describe('src is a folder of the target; otherwise of the controller.'),
    delimiter: text.optional().describe('Line between two fragments.'),
    regexp: regex.optional().describe('Python regular expression that names of fragments must hold.'),
    ignore_hidden: boolean.default(false).describe('Leave names out that begin with a dot.'),
    decrypt: boolean.default(true).describe('Accepted; vault files are always read decrypted.'),
    ...placeParams,
  },
);

type AssembleParams = z.output<typeof params>;

export default defineModule<AssembleParams>({
  name: 'assemble',
  summary: 'Makes one file of the fragments in a folder, in the order of their names.',
  params,
  whenMissing: () => 'src and dest are required',
  pathsAsWritten: (p) => (p.remote_src ? [] : ['src']),
  needs: (p, seen, context) => [
    ...(p.remote_src ? remoteNeeds(p, seen) : []),
    ...placement(placeOf(p), seen, context).needs,
  ],
  plan: async (p, seen, context) => {
    const fragments = p.remote_src ? remoteFragments(p, seen) : await localFragments(p, context);
    if (isUnknown(fragments)) return unknownPlan(fragments, { dest: p.dest });
    if (!Array.isArray(fragments)) return { changes: [], failed: noFolder(p, seen) };
    const bytes = assembleFragments(fragments, p.delimiter);
    return planPlacing(
      placeOf(p),
      {
        content: contentOfBytes(bytes),
        result: {
          src: p.src,
          checksum: digestOfBytes(bytes, 'sha1'),
          md5sum: digestOfBytes(bytes, 'md5'),
          msg: 'OK',
        },
      },
      seen,
      context,
    );
  },
});

function placeOf(p: AssembleParams): Place {
  return { dest: p.dest, name: undefined, params: p };
}

function isFragment(p: AssembleParams, name: string): boolean {
  if (p.ignore_hidden && name.startsWith('.')) return false;
  return p.regexp === undefined || compileRegex(p.regexp).find(name) !== undefined;
}

async function localFragments(p: AssembleParams, context: PlanContext): Promise<Fragment[]> {
  const entries = await readFolder(context.findFile(p.src, 'files'), true);
  const files = entries.filter(
    (entry) => entry.type === 'file' && !entry.path.includes('/') && isFragment(p, entry.path),
  );
  return Promise.all(
    files.map(async ({ path: name, file }) => {
      const { bytes } = await context.readFile(file);
      return { name, bytes: bytes ? Buffer.from(bytes) : await readFile(file) };
    }),
  );
}

function folderProbe(p: AssembleParams) {
  return treeState(p.src, { checksum: false, maxDepth: 1 });
}

function remoteNeeds(p: AssembleParams, seen: Observed): Probe[] {
  return [folderProbe(p), ...(fragmentProbes(p, seen) ?? []).map(([, probe]) => probe)];
}

function fragmentProbes(p: AssembleParams, seen: Observed) {
  const folder = seen.get(folderProbe(p));
  if (folder === undefined || isUnknown(folder) || folder.root.type !== 'directory') return undefined;
  return [...folder.entries]
    .filter(([name, state]) => (state.type === 'file' || state.type === 'link') && isFragment(p, name))
    .map(([name]) => [name, fileContent(posix.join(p.src, name), { follow: true })] as const);
}

function noFolder(p: AssembleParams, seen: Observed): string {
  const folder = seen.get(folderProbe(p));
  const missing = folder !== undefined && !isUnknown(folder) && folder.root.type === 'absent';
  return `Source (${p.src}) ${missing ? 'does not exist' : 'is not a directory'}`;
}

function remoteFragments(p: AssembleParams, seen: Observed): Fragment[] | Unknown | undefined {
  const folder = seen.get(folderProbe(p));
  if (isUnknown(folder)) return folder;
  const fragments: Fragment[] = [];
  for (const [name, probe] of fragmentProbes(p, seen) ?? []) {
    const file = seen.get(probe);
    if (file === undefined || isUnknown(file)) return file ?? new Unknown(`${name} was not looked at`);
    if (file.type === 'file' && file.bytes) fragments.push({ name, bytes: file.bytes });
  }
  return folder?.root.type === 'directory' ? fragments : undefined;
}
