import type { HostStats, HostStatus } from '../../journal/index.ts';
import { isMapping, mapValues, mergeDeep } from '../../values/index.ts';
import type { Unseen } from '../variables/unseen.ts';

/** What a run knows of one host while it goes on. */
export class HostState {
  readonly name: string;
  /** Facts under the names that modules gave them, which are their names as variables. */
  facts: Readonly<Record<string, unknown>> = {};
  /** `set_fact` and `register`: one level, the later one wins. */
  readonly live: Record<string, unknown> = {};
  /** Names in `live` whose texts are those of hosts, programs or files. */
  readonly foreign = new Set<string>();
  /** `include_vars`. */
  readonly included: Record<string, unknown> = {};
  /** Ids of handlers that wait to run. */
  readonly notified = new Set<string>();
  /** Grows with each change of `live`, `included` or `facts`: caches of rendered values look at it. */
  version = 0;
  /** Set on paper, where no host is ever asked: what only the host can tell. */
  unseen: Unseen | undefined;
  status: 'active' | 'failed' | 'unreachable' | 'ended' = 'active';
  /** Left its play from within a `rescue`: Ansible counts it as failed in the exit code, though not in the recap. */
  leftInRescue = false;
  /** The failure ends the play for all hosts, unless it is rescued. */
  fatal = false;
  /** `meta: clear_host_errors` came by since the host's last failure. */
  forgiven = false;
  private readonly counts = {
    ok: 0,
    changed: 0,
    unreachable: 0,
    failed: 0,
    skipped: 0,
    rescued: 0,
    ignored: 0,
    unknown: 0,
  };

  /** A play or `gather_facts` has gathered its facts: with `gathering = smart` no play does so again. */
  gathered = false;

  constructor(name: string) {
    this.name = name;
  }

  /** `foreign` are the names whose texts come from hosts, programs or files. */
  setLive(values: Readonly<Record<string, unknown>>, foreign: Iterable<string> = []): void {
    assignOwn(this.live, values);
    for (const name of Object.keys(values)) this.foreign.delete(name);
    for (const name of foreign) this.foreign.add(name);
    this.version++;
  }

  /** `merges`: mappings are laid over those that earlier files gave (`hash_behaviour`). */
  setIncluded(values: Readonly<Record<string, unknown>>, merges = false): void {
    assignOwn(
      this.included,
      merges ? mapValues(values, (value, name) => this.laidOver(name, value)) : values,
    );
    this.version++;
  }

  private laidOver(name: string, value: unknown): unknown {
    const present = Object.hasOwn(this.included, name) ? this.included[name] : undefined;
    return isMapping(present) && isMapping(value) ? mergeDeep(present, value) : value;
  }

  /** Keeps facts under the names that a module gave them; what other modules gave stays. */
  addFacts(values: Readonly<Record<string, unknown>>): void {
    this.facts = { ...this.facts, ...values };
    this.version++;
  }

  clearFacts(): void {
    this.gathered = false;
    this.facts = {};
    this.version++;
  }

  /** Counts a result as Ansible's recap does: `changed` is also `ok`; an ignored failure is `ok` and `ignored`. */
  count(status: HostStatus, ignored: boolean, changed = false): void {
    if (ignored) {
      this.counts.ok++;
      this.counts.ignored++;
      if (changed) this.counts.changed++;
    } else if (status === 'changed') {
      this.counts.ok++;
      this.counts.changed++;
    } else {
      this.counts[status]++;
    }
  }

  /** A rescued failure counts as rescued, no longer as failed. */
  countRescue(status: 'failed' | 'unreachable'): void {
    this.counts[status]--;
    this.counts.rescued++;
  }

  stats(): HostStats {
    return { ...this.counts };
  }
}

/** Plain assignment, except that a key called `__proto__` is only a key. */
export function assignOwn(target: Record<string, unknown>, values: Readonly<Record<string, unknown>>): void {
  for (const [key, value] of Object.entries(values)) {
    Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
  }
}
