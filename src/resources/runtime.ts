import { readFileSync } from 'node:fs';

/** Shell functions for lanes: evaluated once per lane (`Target.prelude`), called by every frame of this room. */
export const prelude: string = [
  'core.sh',
  'accounts.sh',
  'services.sh',
  'probe.sh',
  'apply.sh',
  'apply-file.sh',
  'output-cap.sh',
  'apply-command.sh',
  'apply-tree.sh',
  'apply-account.sh',
  'apply-service.sh',
]
  .map(load)
  .join('');

/** Shell functions that keep the outputs of a command from growing without end: for whoever runs one outside of a frame. */
export const outputCap: string = load('output-cap.sh');

/** The text of `runs/<run>/undo.sh`: self-contained, for a person on a console as much as for the controller. */
export const undoScript: string = makeUndoScript();

/** Gives the text of a runtime file without comments and indentation. */
export function load(name: string): string {
  return minify(read(name));
}

function read(name: string): string {
  return readFileSync(new URL(`runtime/${name}`, import.meta.url), 'utf8');
}

function minify(text: string): string {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => `${line}\n`)
    .join('');
}

function makeUndoScript(): string {
  const body = read('undo.sh');
  const header = body.slice(body.indexOf('\n') + 1, body.search(/^[^#]/m));
  const shared = ['core.sh', 'accounts.sh', 'services.sh'].map(load).join('');
  const walk = ['file', 'tree', 'account', 'service', 'command', 'main']
    .map((name) => load(`undo-${name}.sh`))
    .join('');
  return `#!/bin/sh\n${header}LC_ALL=C\nexport LC_ALL\nunset CDPATH ENV\n${shared}${minify(body)}${walk}`;
}
