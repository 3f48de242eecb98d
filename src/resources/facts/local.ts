import { parseJson } from '../../values/index.ts';
import type { RawFacts } from './raw.ts';

/** Gives the facts of `*.fact` files: JSON, else INI sections, from a text or from what an executable printed. A broken one says so as its value. */
export function localFacts(raw: RawFacts): Record<string, unknown> {
  const facts: Record<string, unknown> = {};
  for (const part of raw.names) {
    const file = /^local (.*)\.fact$/.exec(part)?.[1];
    if (file !== undefined) facts[file] = readFact(raw.text(part).trim(), file);
  }
  return facts;
}

function readFact(text: string, name: string): unknown {
  const failed = /(?:^|\n)#failed (\d+)$/.exec(text)?.[1];
  if (failed !== undefined) return `Failure executing fact script (${name}.fact), rc: ${failed}`;
  try {
    return parseJson(text);
  } catch {
    return readIni(text) ?? `error loading facts as JSON or ini - please check content: ${name}.fact`;
  }
}

/** Keys are lower case, as with Python's configparser, which people's fact files were written for. */
function readIni(text: string): Record<string, Record<string, string>> | undefined {
  const sections: Record<string, Record<string, string>> = {};
  let section: Record<string, string> | undefined;
  for (const line of text.split('\n')) {
    if (/^\s*([#;].*)?$/.test(line)) continue;
    const [, name] = /^\[([^\]]+)\]\s*$/.exec(line) ?? [];
    const [, key, value] = /^([^=:]+?)\s*[=:]\s*(.*)$/.exec(line) ?? [];
    if (name !== undefined) {
      section = sections[name] ?? {};
      sections[name] = section;
    } else if (section && key !== undefined) section[key.toLowerCase()] = value!.trim();
    else return undefined;
  }
  return sections;
}
