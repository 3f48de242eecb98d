import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { isAbsolute, join, posix, resolve } from 'node:path';
import type { z } from 'zod';
import { fileContent } from '../../resources/index.ts';
import { isUnknown } from '../../values/index.ts';
import { answer, unknownPlan } from '../answer.ts';
import { isFolder } from '../controller-folder.ts';
import { digestOfBytes } from '../digests.ts';
import { boolean, plainPath, withAliases, writtenPath } from '../params.ts';
import { defineModule, type PlanContext } from '../types.ts';

const params = withAliases(
  {},
  {
    src: plainPath.describe('File of the target.'),
    dest: writtenPath.describe(
      'Folder of the controller: the file goes to dest/host/src. With flat: the file itself, or its folder.',
    ),
    flat: boolean.default(false).describe('Put the file at dest, without host and path.'),
    fail_on_missing: boolean.default(true).describe('A file that is not there is a failure.'),
    validate_checksum: boolean
      .default(true)
      .describe('What arrives is always checked; accepted for old playbooks.'),
  },
);

type FetchParams = z.output<typeof params>;

export default defineModule<FetchParams>({
  name: 'fetch',
  summary: 'Copies a file of the target to the controller.',
  params,
  whenMissing: () => 'src and dest are required',
  needs: (p) => [fileContent(p.src, { follow: true })],
  plan: async (p, seen, context) => {
    const file = answer(seen, fileContent(p.src, { follow: true }));
    if (isUnknown(file)) return unknownPlan(file);
    const missing = whyNotFetched(p.src, file.type, file.bytes !== undefined);
    if (missing && p.fail_on_missing) return { changes: [], failed: missing };
    if (missing) {
      const keys = { msg: ignored(missing), ...(file.type === 'absent' ? { file: p.src } : {}) };
      return { changes: [], result: () => keys };
    }
    const bytes = file.bytes!;
    const dest = destination(p, context);
    if (p.flat && (await isFolder(dest).catch(() => false)))
      return { changes: [], failed: FOLDER_IN_THE_WAY };
    const checksum = digestOfBytes(bytes, 'sha1');
    const same = (await present(dest))?.equals(bytes) ?? false;
    return {
      changes: [],
      changed: !same,
      effects: same || context.checkMode ? [] : [{ kind: 'write-local', path: dest, bytes }],
      result: () => ({
        src: p.src,
        file: p.src,
        dest,
        checksum,
        remote_checksum: checksum,
        remote_md5sum: null,
        md5sum: digestOfBytes(bytes, 'md5'),
      }),
    };
  },
});

function whyNotFetched(src: string, type: string, read: boolean): string | undefined {
  if (type === 'absent') return 'the remote file does not exist, not transferring, ignored';
  if (type === 'directory') return 'remote file is a directory, fetch cannot work on directories';
  return read ? undefined : `${src} cannot be read`;
}

/** Playbooks compare these words; what is not there is "ignored" even when it is a failure. */
function ignored(why: string): string {
  return why.endsWith(', ignored') ? why : `${why}, not transferring, ignored`;
}

const FOLDER_IN_THE_WAY =
  'dest is an existing directory, use a trailing slash if you want to fetch src into that directory';

/** Where the file goes. A relative folder starts at the playbook, `~` is the home of whoever runs Cutover. */
function destination(p: FetchParams, context: PlanContext): string {
  const home = p.dest.replace(/^~(?=\/|$)/, homedir());
  const start = context.scope.has('playbook_dir') ? String(context.scope.get('playbook_dir')) : process.cwd();
  const folder = isAbsolute(home) ? home : resolve(start, home) + (home.endsWith('/') ? '/' : '');
  if (!p.flat) return join(folder, context.host.replaceAll('/', '_'), posix.resolve('/', p.src));
  return folder.endsWith('/') ? join(folder, posix.basename(p.src)) : folder;
}

async function present(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path);
  } catch {
    return undefined;
  }
}
