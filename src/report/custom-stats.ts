import type { CustomStats } from '../journal/index.ts';
import { sortedJson } from './sorted-json.ts';

/** Gives what `set_stats` collected, as Ansible prints it with `show_custom_stats`: a line for each host, and one for the run. */
export function customStatsLines({ run, hosts }: CustomStats): string[] {
  const ofHosts = Object.keys(hosts)
    .sort()
    .map((host) => `\t${host}: ${inOneLine(hosts[host])}`);
  return [...ofHosts, '', ...(Object.keys(run).length > 0 ? [`\tRUN: ${inOneLine(run)}`, ''] : [])];
}

const inOneLine = (figures: unknown): string => sortedJson(figures, { indent: 1, lineEnd: '' });
