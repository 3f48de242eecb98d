import type { CustomStats, RunEvent } from '../journal/index.ts';
import { BigInteger, Float, integerOf, isMapping, mergeDeep, namesOf, put } from '../values/index.ts';

type Figures = Record<string, unknown>;

/**
 * Collects what `set_stats` (or a module of one's own, by `ansible_stats` in its result) keeps for the end of the run, from
 * the run's events: what failed or was passed over adds nothing, and what `no_log` hides stays hidden.
 */
export class StatsCollector {
  private readonly run: Figures = {};
  private readonly hosts = new Map<string, Figures>();

  observe(event: RunEvent): void {
    if (event.type !== 'item-result' && event.type !== 'host-result') return;
    // The items of a loop told theirs one by one.
    if (event.type === 'host-result' && event.loop) return;
    if (event.status !== 'ok' && event.status !== 'changed') return;
    const told = event.result.ansible_stats;
    if (!isMapping(told) || !isMapping(told.data)) return;
    const figures = told.per_host === true ? this.ofHost(event.host) : this.run;
    for (const name of namesOf(told.data)) {
      const value = told.data[name];
      put(figures, name, told.aggregate === false ? value : added(figures[name], value));
    }
  }

  /** Everything collected; undefined when there is nothing. */
  collected(): CustomStats | undefined {
    if (this.hosts.size === 0 && Object.keys(this.run).length === 0) return undefined;
    return { run: this.run, hosts: Object.fromEntries(this.hosts) };
  }

  private ofHost(host: string): Figures {
    const figures = this.hosts.get(host) ?? {};
    this.hosts.set(host, figures);
    return figures;
  }
}

/** Ansible's sum: of one kind only. What is of another kind than what is there adds nothing; a boolean counts as a whole number where one is there. */
function added(before: unknown, value: unknown): unknown {
  if (before === undefined) return value;
  if (typeof before === 'string' && typeof value === 'string') return before + value;
  if (Array.isArray(before) && Array.isArray(value)) return [...before, ...value];
  if (isMapping(before) && isMapping(value)) return mergeDeep(before, value);
  if (typeof before === 'boolean')
    return typeof value === 'boolean' ? Number(before) + Number(value) : before;
  const whole = [before, value].map(wholeNumber);
  if (whole[0] !== undefined && whole[1] !== undefined) return integerOf(whole[0] + whole[1]);
  return isReal(before) && isReal(value) ? real(Number(before) + Number(value)) : before;
}

function wholeNumber(value: unknown): bigint | undefined {
  if (typeof value === 'boolean' || (typeof value === 'number' && Number.isInteger(value)))
    return BigInt(value);
  return value instanceof BigInteger ? value.value : undefined;
}

const isReal = (value: unknown): boolean =>
  value instanceof Float || (typeof value === 'number' && !Number.isInteger(value));

const real = (value: number): number | Float => (Number.isInteger(value) ? new Float(value) : value);
