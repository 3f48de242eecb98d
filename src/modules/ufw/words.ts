import type { FirewallState } from './firewall.ts';
import type { Params } from './params.ts';

const DIRECTIONS = {
  in: 'incoming',
  incoming: 'incoming',
  out: 'outgoing',
  outgoing: 'outgoing',
  routed: 'routed',
} as const;

/** The direction that a default is about; without one it is what comes in. */
export function directionOf({ direction }: Params): keyof FirewallState['defaults'] {
  return direction === undefined ? 'incoming' : DIRECTIONS[direction];
}

/** Gives the words behind `ufw` that say the rule (ufw(8)). */
export function ruleWords(given: Params, state: FirewallState): string[] {
  const place = given.delete ? undefined : placeOf(given, state);
  const side =
    given.direction === undefined ? undefined : DIRECTIONS[given.direction] === 'outgoing' ? 'out' : 'in';
  return [
    given.route || given.direction === 'routed' ? ['route'] : [],
    given.delete ? ['delete'] : [],
    place === undefined ? [] : ['insert', String(place)],
    [given.rule!],
    given.direction !== undefined && given.direction !== 'routed' ? [side!] : [],
    pair('on', given.interface),
    pair('in', given.interface_in && 'on', given.interface_in),
    pair('out', given.interface_out && 'on', given.interface_out),
    given.log ? ['log'] : [],
    ['from', given.from_ip],
    pair('port', given.from_port),
    ['to', given.to_ip],
    pair('port', given.to_port),
    pair('proto', given.proto),
    pair('app', given.name),
    pair('comment', given.comment),
  ].flat();
}

function pair(...words: readonly (string | undefined)[]): string[] {
  return words.every((word) => word !== undefined && word !== '') ? (words as string[]) : [];
}

/** Number of a new rule; undefined for the end. ufw counts the rules of IPv4 first, then those of IPv6. */
function placeOf({ insert, insert_relative_to }: Params, { rules }: FirewallState): number | undefined {
  if (insert === undefined) return undefined;
  const [four, six] = [rules[0].length, rules[1].length];
  const from = {
    zero: 0,
    'first-ipv4': 1,
    'last-ipv4': Math.max(four, 1),
    'first-ipv6': four + 1,
    'last-ipv6': four + Math.max(six, 1),
  }[insert_relative_to];
  const place = insert + from;
  return insert_relative_to !== 'zero' && place > four + six ? undefined : place;
}
