import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { buildFrame } from '../../src/resources/change-frame.ts';
import { FrameBuilder } from '../../src/resources/frame.ts';
import {
  type Change,
  contentOfBytes,
  fileContent,
  fileState,
  prelude,
  readJournal,
  removeTree,
  setFile,
  setTree,
  treeState,
} from '../../src/resources/index.ts';
import type { Archive } from '../../src/resources/tree/archive.ts';
import { manifestOf, type TestHost, testHost, undo } from './host.ts';

/**
 * The sweep: every program that a change starts is replaced by one that kills the whole frame, the first time before it
 * does its work and the second time after, at the first program, the second, and so on, until the change survives.
 */
const TOOLS = [
  'cat',
  'chmod',
  'chown',
  'cp',
  'date',
  'find',
  'ln',
  'mkdir',
  'mv',
  'rm',
  'rmdir',
  'sed',
  'sha256sum',
  'stat',
  'sync',
  'tail',
  'tar',
  'tr',
  'xargs',
  'sort',
  'touch',
  'head',
];

interface Scene {
  readonly name: string;
  prepare(root: string): void;
  changes(host: TestHost): Promise<Change[]>;
}

const text = contentOfBytes('new\n');
const SCENES: Scene[] = [
  {
    name: 'a file that is there',
    prepare: (root) => writeFileSync(join(root, 'x'), 'old\n', { mode: 0o640 }),
    changes: async (host) =>
      setFile(await host.ask(fileState(join(host.root, 'x'))), {
        type: 'file',
        content: text,
        mode: '0600',
        owner: '1',
      }),
  },
  {
    name: 'a new file and a new folder',
    prepare: () => {},
    changes: async (host) => [
      ...setFile(await host.ask(fileState(join(host.root, 'a/b c'))), { type: 'directory', mode: '0750' }),
      ...setFile(await host.ask(fileState(join(host.root, 'x'))), { type: 'file', content: text }),
    ],
  },
  {
    name: 'owner and mode',
    prepare: (root) => writeFileSync(join(root, 'x'), 'old\n'),
    changes: async (host) =>
      setFile(await host.ask(fileContent(join(host.root, 'x'))), {
        type: 'file',
        mode: '0600',
        owner: '7',
        group: '8',
      }),
  },
  {
    name: 'a link, and a removed file',
    prepare: (root) => {
      mkdirSync(join(root, 'v1'));
      symlinkSync('v1', join(root, 'current'));
      writeFileSync(join(root, 'gone'), 'g');
    },
    changes: async (host) => [
      ...setFile(await host.ask(fileState(join(host.root, 'current'))), { type: 'link', target: 'v2' }),
      ...setFile(await host.ask(fileState(join(host.root, 'gone'))), { type: 'absent' }),
    ],
  },
  {
    name: 'a removed tree',
    prepare: (root) => {
      mkdirSync(join(root, 'tree/sub'), { recursive: true });
      writeFileSync(join(root, 'tree/sub/x'), 'x');
    },
    changes: async (host) => removeTree(await host.ask(treeState(join(host.root, 'tree')))),
  },
  {
    name: 'a merged tree',
    prepare: (root) => {
      mkdirSync(join(root, 'tree/sub'), { recursive: true });
      writeFileSync(join(root, 'tree/sub/x'), 'x');
      writeFileSync(join(root, 'tree/sub/old'), 'o');
      chmodSync(join(root, 'tree/sub'), 0o700);
    },
    changes: async (host) =>
      setTree(await host.ask(treeState(join(host.root, 'tree'))), {
        root: join(host.root, 'tree'),
        entries: [
          { path: 'sub', type: 'directory', mode: '0755' },
          { path: 'sub/x', type: 'file', content: text, owner: '3' },
          { path: 'new/y', type: 'file', content: text },
        ],
        delete: ['sub/old'],
      }),
  },
];

describe.each(SCENES)('a kill in the middle of $name', (scene) => {
  it.each(['before', 'after'])(
    '%s each program leaves a state that the journal explains and undo puts back',
    async (when) => {
      const host = await testHost('dash');
      const bench = join(host.root, 'bench');
      mkdirSync(join(bench, 'bin'), { recursive: true });
      for (const tool of TOOLS) writeFileSync(join(bench, 'bin', tool), trap(tool, bench), { mode: 0o755 });
      let step = 1;
      for (let survived = false; !survived; step++) {
        expect(step).toBeLessThan(150);
        const root = join(host.root, `step ${step}`);
        const stage: TestHost = { ...host, root, session: { ...host.session, run: `run-${step}` } };
        mkdirSync(root);
        scene.prepare(root);
        const before = manifestOf(root);
        survived = await applyAndDie(stage, await scene.changes(stage), bench, `${step} ${when}`);
        const left = manifestOf(root);
        const entries = await readJournal(stage.session, stage.session.run);
        if (survived) expect(left).not.toBe(before);
        // Nothing was announced, so nothing but a temporary name may be there.
        if (entries.length === 0) expect(withoutParts(left)).toBe(before);
        if (!existsSync(join(host.state, 'runs', stage.session.run, 'undo.sh'))) continue;
        const statuses = await undo(stage);
        const good = statuses.every((status) => status === 'undone' || status === 'already');
        expect(good, `step ${step}: ${statuses}\n${left}`).toBe(true);
        expect(manifestOf(root), `step ${step} ${when}`).toBe(before);
      }
      // The sweep really met the change's programs.
      expect(step).toBeGreaterThan(12);
    },
  );
});

/** Temporary names that nobody had announced yet. */
function withoutParts(manifest: string): string {
  return manifest
    .split('\n')
    .filter((line) => !/\.run-\d+-\d+\.part/.test(line))
    .join('\n');
}

/** Runs a frame by itself and kills it at program number `step` (`7 before`). Tells whether it came to its end. */
async function applyAndDie(host: TestHost, changes: Change[], bench: string, step: string): Promise<boolean> {
  const builder = new FrameBuilder(() => join(bench, 'up'));
  const archives: Archive[] = [];
  const numbered = changes.map((change, index) => ({ change, seq: index + 1 }));
  const script = await buildFrame(host.session, numbered, builder, archives, true);
  for (const { source, path } of builder.uploads) writeFileSync(path, source as Uint8Array);
  writeFileSync(join(bench, 'payload'), builder.payload ?? '');
  writeFileSync(join(bench, 'count'), '0\n');
  writeFileSync(join(bench, 'step'), `${step}\n`);
  writeFileSync(
    join(bench, 'frame'),
    `${prelude}PATH='${bench}/bin':$PATH; payload='${bench}/payload'\n${script}`,
  );
  const child = spawn('/bin/dash', [join(bench, 'frame')], { detached: true, stdio: 'ignore' });
  const signal = await new Promise((resolve) => child.once('exit', (_, killed) => resolve(killed)));
  // Programs of one pipeline count at the same time, so a number may be passed over: the frame lives then, and the sweep goes on.
  return signal === null && Number(readFileSync(join(bench, 'count'), 'latin1')) < Number(step.split(' ')[0]);
}

/** Counts itself, and kills the whole process group when it is its turn. */
function trap(tool: string, bench: string): string {
  return `#!/bin/dash
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
read -r n <'${bench}/count'
read -r step when <'${bench}/step'
n=$((n + 1))
echo $n >'${bench}/count'
[ "$n $when" = "$step before" ] && kill -9 0
[ "$n" != "$step" ] && exec ${tool} "$@"
${tool} "$@"
kill -9 0
`;
}
