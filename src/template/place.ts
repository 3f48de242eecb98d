/** Turns an offset in a template into file, line and column. */
import { CutoverError, type SourcePosition } from '../errors/index.ts';
import type { PluginName, TemplateFault } from './faults.ts';

/** Gives the error of a fault: with its exact place for a template file, with the place of the text for one in a playbook. */
export function explain(
  fault: TemplateFault,
  text: string,
  at: SourcePosition | undefined,
  elsewhere: (plugin: PluginName) => string | undefined,
): CutoverError {
  const file = fault.source?.file;
  const written = fault.source?.text ?? text;
  const position =
    file === undefined
      ? inPlaybook(fault.offset, written, at)
      : inFile(fault.offset ?? 0, written, file, fault.source?.firstLine ?? 1);
  return new CutoverError('template', fault.message, {
    position,
    hint: (fault.plugin && elsewhere(fault.plugin)) ?? fault.hint,
    cause: fault,
  });
}

function lineAndColumn(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset);
  const line = before.split('\n').length;
  return { line, column: offset - before.lastIndexOf('\n') };
}

function inFile(offset: number, text: string, file: string, firstLine: number): SourcePosition {
  const { line, column } = lineAndColumn(text, offset);
  return { file, line: line + firstLine - 1, column };
}

/** A text of one line stands behind its key; of a block text only the beginning is known. */
function inPlaybook(
  offset: number | undefined,
  text: string,
  at: SourcePosition | undefined,
): SourcePosition | undefined {
  if (!at || offset === undefined || text.trimEnd().includes('\n')) return at;
  return { ...at, column: at.column + offset };
}
