import { fileContent } from '../../resources/index.ts';
import { isUnknown } from '../../values/index.ts';
import { answer } from '../answer.ts';
import { plainPath, withAliases } from '../params.ts';
import { defineModule } from '../types.ts';

export default defineModule({
  name: 'slurp',
  sideBySide: true,
  summary: 'Reads a file of the target, as base64.',
  params: withAliases({ path: 'src' }, { src: plainPath.describe('File to read.') }),
  needs: (p) => [fileContent(p.src, { follow: true })],
  plan: (p, seen) => {
    const file = answer(seen, fileContent(p.src, { follow: true }));
    const result = { source: p.src, encoding: 'base64' };
    if (isUnknown(file)) return { changes: [], changed: false, result: () => ({ ...result, content: file }) };
    if (file.type === 'absent') return { changes: [], failed: `file not found: ${p.src}` };
    if (file.type === 'directory')
      return { changes: [], failed: `source is a directory and must be a file: ${p.src}` };
    if (!file.bytes) return { changes: [], failed: `file is not readable: ${p.src}` };
    const content = file.bytes.toString('base64');
    return { changes: [], result: () => ({ ...result, content }) };
  },
});
