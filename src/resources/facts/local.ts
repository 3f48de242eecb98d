import { INI_DEFAULTS, interpolated, parseJson, readIni } from '../../values/index.ts';
import type { RawFacts } from './raw.ts';

/** Gives the facts of the `*.fact` files of a folder: JSON, else INI sections, from a text or from what an executable printed. A broken one says so as its value, in the words of Ansible. */
export function localFacts(raw: RawFacts, folder: string): Record<string, unknown> {
  const facts: Record<string, unknown> = {};
  for (const part of raw.names) {
    const name = /^local (.*)\.fact$/.exec(part)?.[1];
    if (name !== undefined) facts[name] = readFact(raw.text(part).trim(), `${folder}/${name}.fact`);
  }
  return facts;
}

function readFact(text: string, path: string): unknown {
  // What facts.sh says of a file stands on its last lines: how its program ended and what it complained of, or that there is nothing to read.
  const [, code, complaint = ''] = /(?:^|\n)#failed (\d+)(?:\n([\s\S]*))?$/.exec(text) ?? [];
  if (code !== undefined) return `Failure executing fact script (${path}), rc: ${code}, err: ${complaint}`;
  if (text === '#gone')
    return `Could not stat fact (${path}): [Errno 2] No such file or directory: '${path}'`;
  const unreadable = `error loading facts as JSON or ini - please check content: ${path}`;
  if (/(?:^|\n)#unreadable$/.test(text)) return unreadable;
  try {
    return parseJson(text);
  } catch {
    return sectionsOf(text) ?? unreadable;
  }
}

function sectionsOf(text: string): Record<string, Record<string, string>> | undefined {
  const fail = (problem: string): never => {
    throw new Error(problem);
  };
  try {
    const sections = readIni(text, { file: '', fold: true, allowNoValue: false }, fail);
    return Object.fromEntries(
      [...sections]
        .filter(([name]) => name !== INI_DEFAULTS)
        .map(([name, section]) => [
          name,
          Object.fromEntries(
            [...section].map(([key, value]) => [key, interpolated(value ?? '', section, true, fail)]),
          ),
        ]),
    );
  } catch {
    return undefined;
  }
}
