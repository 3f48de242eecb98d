import { z } from 'zod';
import { boolean, choice, integer, strings, text } from '../params.ts';

const word = (what: string) => text.optional().describe(what);
const negatable = (what: string) => text.optional().describe(`${what} A \`!\` in front means every other.`);

/** What the `iptables` module takes. */
export const iptablesParams = z
  .strictObject({
    table: choice('filter', 'nat', 'mangle', 'raw', 'security').default('filter').describe('The table.'),
    chain: word('The chain: `INPUT`, `FORWARD`, `OUTPUT`, `PREROUTING`, `POSTROUTING` or one of your own.'),
    state: choice('present', 'absent').default('present').describe('Whether the rule shall be there.'),
    action: choice('append', 'insert')
      .default('append')
      .describe('Where a new rule goes: at the end or at the beginning of the chain.'),
    rule_num: word('Place of an inserted rule, from 1.'),
    ip_version: choice('ipv4', 'ipv6').default('ipv4').describe('`iptables` or `ip6tables`.'),
    policy: choice('ACCEPT', 'DROP', 'QUEUE', 'RETURN')
      .optional()
      .describe(
        'What becomes of a packet that no rule of a built-in chain takes. Everything else is ignored then.',
      ),
    flush: boolean
      .default(false)
      .describe(
        'Take all rules out of the chain, or of the table when there is no chain. All else is ignored.',
      ),
    chain_management: boolean
      .default(false)
      .describe('Make the chain when it is missing; with `state: absent` and no rule, delete it.'),
    protocol: negatable('Protocol.'),
    source: negatable('Where packets come from: address, network, name.'),
    destination: negatable('Where they go to.'),
    match: strings.default([]).describe('Extensions to match with.'),
    tcp_flags: z
      .strictObject({
        flags: strings.optional().describe('Flags to look at.'),
        flags_set: strings.optional().describe('Flags of these that must be set.'),
      })
      .default({})
      .describe('TCP flags: `flags` that are looked at, `flags_set` of them that must be set.'),
    jump: word('What becomes of the packet: `ACCEPT`, `DROP`, `LOG`, a chain ...'),
    goto: word('Chain to go on in, without coming back to this one.'),
    gateway: word('Where `jump: TEE` sends a copy.'),
    in_interface: negatable('Interface it came in by; with `+` at the end, all that begin so.'),
    out_interface: negatable('Interface it will leave by.'),
    fragment: negatable('Only second and later fragments.'),
    set_counters: word('Packet and byte counter of a new rule.'),
    source_port: negatable('Port or range (first:last) that it comes from.'),
    destination_port: negatable('Port or range that it goes to.'),
    destination_ports: strings.optional().describe('Several ports and ranges that it may go to.'),
    to_ports: word('Port of `jump: REDIRECT`.'),
    to_destination: word('New target of `jump: DNAT`.'),
    to_source: word('New source of `jump: SNAT`.'),
    syn: choice('ignore', 'match', 'negate')
      .default('ignore')
      .describe('Packets that open a TCP connection.'),
    set_dscp_mark: word('DSCP mark of `jump: DSCP`.'),
    set_dscp_mark_class: word('The same as a DiffServ class.'),
    comment: word('A comment in the rule.'),
    ctstate: strings.default([]).describe('States of the connection: NEW, ESTABLISHED, RELATED ...'),
    src_range: negatable('Range of source addresses (first-last).'),
    dst_range: negatable('Range of target addresses.'),
    match_set: negatable('An ipset.'),
    match_set_flags: choice('src', 'dst', 'src,dst', 'dst,src')
      .optional()
      .describe('What is looked up in it.'),
    limit: word('Highest mean rate: 5/second, 3/m ...'),
    limit_burst: word('How many may come at once before the limit counts.'),
    uid_owner: negatable('User whose packets they are.'),
    gid_owner: negatable('Group whose packets they are.'),
    reject_with: word('Answer of a rejection. `jump: REJECT` is implied.'),
    icmp_type: word('ICMP type.'),
    log_prefix: word('Text before lines in the log. `jump: LOG` is implied.'),
    log_level: choice(
      ...(['0', '1', '2', '3', '4', '5', '6', '7', 'emerg', 'alert', 'crit', 'error'] as const),
      ...(['warning', 'notice', 'info', 'debug'] as const),
    )
      .optional()
      .describe('Level of `jump: LOG`, which is implied.'),
    wait: integer.optional().describe('Seconds to wait for whoever else changes rules at the moment.'),
  })
  .superRefine((given, refine) => {
    const fault = (message: string) => refine.addIssue({ code: 'custom', message });
    if (given.chain === undefined && !given.flush) fault('needs chain or flush');
    const logs = given.log_prefix !== undefined || given.log_level !== undefined;
    if (logs && given.jump !== undefined && given.jump !== 'LOG')
      fault('takes log_prefix and log_level only with `jump: LOG`');
    if (given.set_dscp_mark !== undefined && given.set_dscp_mark_class !== undefined)
      fault('takes set_dscp_mark or set_dscp_mark_class, not both');
    if ((given.match_set === undefined) !== (given.match_set_flags === undefined))
      fault('takes match_set and match_set_flags only together');
    if (given.rule_num !== undefined && !/^[1-9]\d*$/.test(given.rule_num))
      fault('rule_num must be a number from 1');
  });

/** The parameters as the module gets them. */
export type Params = z.output<typeof iptablesParams>;
