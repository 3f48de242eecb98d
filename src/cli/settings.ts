import { type Config, loadConfig } from '../config/index.ts';

let known: Config | undefined;

/** Reads ansible.cfg and the environment, once. Throws ErrorList('usage'). */
export function settings(): Config {
  known ??= loadConfig({ cwd: process.cwd(), env: process.env });
  return known;
}

/** What an operator should know of them: what keeps a file from being read, always; what has no effect here, when more detail is wanted. */
export function settingNotes({ warnings, ignored }: Config, verbosity: number): readonly string[] {
  const notes = warnings.map((text) => `warning: ${text}`);
  if (verbosity < 1) return notes;
  for (const { name, from, hint } of ignored) {
    const place =
      from.kind === 'environment' ? 'the environment' : `${from.position.file}:${from.position.line}`;
    notes.push(`note: ${name} (${place}) has no effect here${hint ? `: ${hint}` : ''}`);
  }
  return notes;
}
