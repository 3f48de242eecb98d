import type { Params } from './params.ts';

/** What is set, in words of firewall-cmd(1). */
interface Thing {
  /** Says yes or no; `--get-target` and `--get-zones` print what there is. */
  readonly query: string;
  readonly add: string;
  readonly remove: string;
  /** What the result says of a change. */
  message(zone: string, on: boolean): string;
}

/** Gives what a task is about. */
export function thingOf(given: Params): Thing {
  const named: [name: string, value: string | undefined, called?: string][] = [
    ['service', given.service],
    ['port', given.port],
    ['protocol', given.protocol],
    ['rich-rule', given.rich_rule, 'rich_rule'],
    ['icmp-block', given.icmp_block],
    ['forward-port', forwardOf(given), 'port_forward'],
  ];
  for (const [name, value, called = name] of named)
    if (value !== undefined) return plain(name, value, () => `Changed ${called} ${value} to ${given.state}`);
  const { source, zone: own = '' } = given;
  const between = (what: string) => (zone: string, on: boolean) =>
    on ? `Added ${what} to zone ${zone}` : `Removed ${what} from zone ${zone}`;
  if (source !== undefined) return plain('source', source, between(source));
  if (given.masquerade !== undefined) return plain('masquerade', undefined, between('masquerade'));
  if (given.icmp_block_inversion !== undefined)
    return plain(
      'icmp-block-inversion',
      undefined,
      () => `Changed icmp-block-inversion ${given.icmp_block_inversion ? 'True' : 'False'} to ${given.state}`,
    );
  if (given.interface !== undefined) {
    const name = given.interface;
    const message = (zone: string, on: boolean) =>
      on ? `Changed ${name} to zone ${zone}` : `Removed ${name} from zone ${zone}`;
    // An interface of another zone is moved.
    return { ...plain('interface', name, message), add: `--change-interface=${name}` };
  }
  if (given.target !== undefined)
    return {
      query: '--get-target',
      add: '--set-target',
      remove: '--set-target',
      message: (zone) => `Set zone ${zone} target to ${targetOf(given)}`,
    };
  return {
    query: '--get-zones',
    add: `--new-zone=${own}`,
    remove: `--delete-zone=${own}`,
    message: (_, on) => `${on ? 'Added' : 'Removed'} zone ${own}, Changed zone ${own} to ${given.state}`,
  };
}

function plain(name: string, value: string | undefined, message: Thing['message']): Thing {
  const option = (verb: string) => `--${verb}-${name}${value === undefined ? '' : `=${value}`}`;
  return { query: option('query'), add: option('add'), remove: option('remove'), message };
}

function forwardOf({ port_forward: list }: Params): string | undefined {
  const one = list?.[0];
  return one && `port=${one.port}:proto=${one.proto}:toport=${one.toport}:toaddr=${one.toaddr}`;
}

function targetOf({ state, target = 'default' }: Params): string {
  return state === 'absent' || state === 'disabled' ? 'default' : target;
}

/** What shall be: `yes`, `no`, or the target of a zone. */
export function wantedOf(given: Params): string {
  if (given.target !== undefined) return targetOf(given);
  const on = given.state === 'enabled' || given.state === 'present';
  return on && given.masquerade !== false && given.icmp_block_inversion !== false ? 'yes' : 'no';
}
