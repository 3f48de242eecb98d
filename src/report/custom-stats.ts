import type { CustomStats } from '../journal/index.ts';

/** Gives what `set_stats` collected, as Ansible prints it with `show_custom_stats`: a line for each host, and one for the run. */
export function customStatsLines({ run, hosts }: CustomStats): string[] {
  const ofHosts = Object.keys(hosts)
    .sort()
    .map((host) => `\t${host}: ${inOneLine(hosts[host])}`);
  return [...ofHosts, '', ...(Object.keys(run).length > 0 ? [`\tRUN: ${inOneLine(run)}`, ''] : [])];
}

/** JSON with sorted keys, indented by a blank a level, with the line ends taken out: scripts take the figures from it. */
function inOneLine(value: unknown, depth = 1): string {
  const indent = ' '.repeat(depth);
  const enclosed = (open: string, parts: string[], close: string) =>
    parts.length === 0
      ? open + close
      : `${open}${indent}${parts.join(`,${indent}`)}${indent.slice(1)}${close}`;
  if (Array.isArray(value))
    return enclosed(
      '[',
      value.map((item) => inOneLine(item, depth + 1)),
      ']',
    );
  if (!isPlain(value)) return JSON.stringify(value) ?? 'null';
  const parts = Object.keys(value)
    .sort()
    .map((key) => `${JSON.stringify(key)}: ${inOneLine(value[key], depth + 1)}`);
  return enclosed('{', parts, '}');
}

/** Numbers of kinds that JavaScript lacks are objects too, and write themselves. */
function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !('toJSON' in value);
}
