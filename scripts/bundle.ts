/**
 * Puts the program into a few files: reading seven hundred small ones takes longer than a whole run that changes nothing.
 * Entries keep their places, so that modules are still found by folder and background programs by path.
 */
import { globSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import { type Plugin, rolldown } from 'rolldown';

const source = resolve('src');
const entries = [
  'index.ts',
  'cli/main.ts',
  'lab/embedded/main.ts',
  'lab/wso2/server/main.ts',
  ...globSync('modules/*/index.ts', { cwd: source }),
];

const LIBRARIES = /node_modules\/(?:zod|yaml|diff)\//;
/** What not every run needs, and all that loads ssh2 or `node:http`: files of their own, read when they are asked for. */
const APART =
  /src\/(?:index\.ts|cli|lab|engine\/lint|modules\/[^/]+\/|report\/terminal|resources\/http\/(?:exchange|trust)|transport\/ssh)/;

/** `import.meta.url` keeps naming the place of the source file, for what lies beside it: shell texts, modules, package.json. */
const places: Plugin = {
  name: 'places',
  transform(code, id) {
    if (!id.startsWith(source) || !code.includes('import.meta.url')) return null;
    const place = relative(source, id).replace(/\.ts$/, '.js');
    return { code: code.replaceAll('import.meta.url', `new URL('${place}', __root).href`) };
  },
  renderChunk(code, chunk) {
    if (!code.includes('__root')) return null;
    const up = relative(dirname(chunk.fileName), '.') || '.';
    return { code: `const __root = new URL('${up}/', import.meta.url);\n${code}` };
  },
};

const bundle = await rolldown({
  input: Object.fromEntries(entries.map((file) => [file.replace(/\.ts$/, ''), resolve(source, file)])),
  platform: 'node',
  // Loaded only by runs that reach a host over SSH, and by tasks that edit XML.
  external: ['ssh2', 'ssh2-sftp-client', 'libxml2-wasm'],
  plugins: [places],
});
await bundle.write({
  dir: 'dist',
  entryFileNames: '[name].js',
  chunkFileNames: 'chunks/[name].js',
  codeSplitting: {
    groups: [
      { name: 'start', test: /src\/errors|node_modules\/commander/, priority: 2 },
      {
        name: 'core',
        test: (id) => (id.startsWith(source) || LIBRARIES.test(id)) && !APART.test(id),
      },
    ],
  },
});
