import { randomInt } from 'node:crypto';
import { posix } from 'node:path';
import { fileState, setFile } from '../../resources/index.ts';
import { isUnknown } from '../../values/index.ts';
import { answer, unknownPlan } from '../answer.ts';
import { fileFacts, settled } from '../file-result.ts';
import { choice, plainPath, text, withAliases } from '../params.ts';
import { defineModule } from '../types.ts';

export default defineModule({
  name: 'tempfile',
  summary: 'Makes a file or folder of its own name, that only its owner can read.',
  params: withAliases(
    {},
    {
      state: choice('file', 'directory').default('file').describe('What to make.'),
      path: plainPath.default('/tmp').describe('Folder to make it in.'),
      prefix: text.default('ansible.').describe('How its name begins.'),
      suffix: text.default('').describe('How its name ends.'),
    },
  ),
  needs: (p) => [fileState(p.path, { follow: true, checksum: false })],
  plan: (p, seen) => {
    const folder = answer(seen, fileState(p.path, { follow: true, checksum: false }));
    if (isUnknown(folder)) return unknownPlan(folder);
    if (folder.type !== 'directory') return { changes: [], failed: `${p.path} is no folder` };
    const path = posix.join(folder.realPath ?? p.path, `${p.prefix}${randomName()}${p.suffix}`);
    const mode = p.state === 'file' ? '0600' : '0700';
    // The name has never been there, so it need not be asked for: the host checks it again before it acts.
    const changes = setFile(
      { path, type: 'absent', parent: 'directory' },
      { type: p.state, mode },
      { owned: p.state === 'directory' },
    );
    return {
      changes,
      result: (outcomes) => ({
        path,
        ...fileFacts(settled({ path, type: p.state, mode: Number.parseInt(mode, 8), size: 0 }, outcomes)),
      }),
    };
  },
});

function randomName(): string {
  const letters = 'abcdefghijklmnopqrstuvwxyz0123456789_';
  return Array.from({ length: 8 }, () => letters[randomInt(letters.length)]).join('');
}
