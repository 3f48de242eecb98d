import type { HostStats } from '../journal/index.ts';

/** Gives the recap of a run as Ansible prints it, one line per host, hosts sorted by name. */
export function recapLines(stats: Readonly<Record<string, HostStats>>): string[] {
  return Object.keys(stats)
    .sort()
    .map((host) => {
      const counts = stats[host]!;
      const cell = (name: string, value: number) => `${name}=${String(value).padEnd(4)}`;
      return [
        `${host.padEnd(26)} :`,
        cell('ok', counts.ok + counts.unknown),
        cell('changed', counts.changed),
        cell('unreachable', counts.unreachable),
        cell('failed', counts.failed),
        cell('skipped', counts.skipped),
        cell('rescued', counts.rescued),
        cell('ignored', counts.ignored),
      ].join(' ');
    });
}
