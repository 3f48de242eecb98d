import type { Params } from './params.ts';

/** Gives the arguments of iptables(8) that say what a rule is, without command and chain. */
export function ruleWords(given: Params): string[] {
  const { jump, limit, limit_burst } = given;
  const loaded = new Set(given.match);
  /** Options of an extension, which is named first unless the task did. */
  const extension = (name: string, words: readonly string[]): readonly string[] => {
    if (words.length === 0 || loaded.has(name)) return words;
    loaded.add(name);
    return ['-m', name, ...words];
  };
  const logs = given.log_prefix !== undefined || given.log_level !== undefined;
  const target = jump ?? (given.reject_with === undefined ? (logs ? 'LOG' : undefined) : 'REJECT');
  return [
    option('-w', given.wait?.toString()),
    option('-p', given.protocol),
    option('-s', given.source),
    option('-d', given.destination),
    given.match.flatMap((name) => ['-m', name]),
    tcpFlags(given),
    option('-j', target),
    option('--gateway', given.gateway),
    option('--log-prefix', given.log_prefix),
    option('--log-level', given.log_level),
    option('--to-destination', given.to_destination),
    option('--to-source', given.to_source),
    option('-g', given.goto),
    option('-i', given.in_interface),
    option('-o', given.out_interface),
    fragment(given.fragment),
    given.set_counters === undefined ? [] : ['-c', ...given.set_counters.trim().split(/[\s,]+/)],
    option('--source-port', given.source_port),
    option('--destination-port', given.destination_port),
    extension('multiport', option('--dports', given.destination_ports?.join(','))),
    option('--to-ports', given.to_ports),
    option('--set-dscp', given.set_dscp_mark),
    option('--set-dscp-class', given.set_dscp_mark_class),
    { ignore: [], match: ['--syn'], negate: ['!', '--syn'] }[given.syn],
    states(given, extension),
    extension('iprange', [
      ...option('--src-range', given.src_range),
      ...option('--dst-range', given.dst_range),
    ]),
    given.match_set === undefined
      ? []
      : extension('set', [...option('--match-set', given.match_set), given.match_set_flags ?? 'src']),
    extension('limit', [...option('--limit', limit), ...option('--limit-burst', limit_burst)]),
    extension('owner', [
      ...option('--uid-owner', given.uid_owner),
      ...option('--gid-owner', given.gid_owner),
    ]),
    option('--reject-with', given.reject_with),
    option(given.ip_version === 'ipv6' ? '--icmpv6-type' : '--icmp-type', given.icmp_type),
    extension('comment', option('--comment', given.comment)),
  ].flat();
}

/** A `!` before the value stands before the option. */
function option(name: string, value: string | undefined): readonly string[] {
  if (value === undefined) return [];
  return value.startsWith('!') ? ['!', name, value.slice(1).trim()] : [name, value];
}

/** `-f` takes no value: whatever is written stands for yes. */
function fragment(value: string | undefined): readonly string[] {
  if (value === undefined) return [];
  return value.startsWith('!') ? ['!', '-f'] : ['-f'];
}

function tcpFlags({ tcp_flags: { flags, flags_set } }: Params): readonly string[] {
  return flags && flags_set ? ['--tcp-flags', flags.join(','), flags_set.join(',')] : [];
}

/** Who asks for the old extension `state` gets it. */
function states(
  { ctstate, match }: Params,
  extension: (name: string, words: readonly string[]) => readonly string[],
): readonly string[] {
  if (ctstate.length === 0) return [];
  const old = match.includes('state') && !match.includes('conntrack');
  return old ? ['--state', ctstate.join(',')] : extension('conntrack', ['--ctstate', ctstate.join(',')]);
}
