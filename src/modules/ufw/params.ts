import type { z } from 'zod';
import { boolean, choice, integer, text, withAliases } from '../params.ts';

const word = (what: string) => text.optional().describe(what);

/** What the `ufw` module takes. */
export const ufwParams = withAliases(
  {
    ...{ policy: 'default', app: 'name', protocol: 'proto', if: 'interface', if_in: 'interface_in' },
    ...{
      if_out: 'interface_out',
      from: 'from_ip',
      src: 'from_ip',
      dest: 'to_ip',
      to: 'to_ip',
      port: 'to_port',
    },
  },
  {
    state: choice('enabled', 'disabled', 'reloaded', 'reset')
      .optional()
      .describe(
        'Switch the firewall on or off, now and at the start of the system; load it again; back to how it was installed.',
      ),
    logging: choice('on', 'off', 'low', 'medium', 'high', 'full').optional().describe('What is logged.'),
    default: choice('allow', 'deny', 'reject')
      .optional()
      .describe('What becomes of traffic that no rule is about, in the `direction`.'),
    direction: choice('in', 'incoming', 'out', 'outgoing', 'routed')
      .optional()
      .describe('Direction of the rule or of the default.'),
    rule: choice('allow', 'deny', 'limit', 'reject').optional().describe('The rule.'),
    delete: boolean.default(false).describe('The rule shall not be there.'),
    route: boolean.default(false).describe('The rule is about traffic that is passed on.'),
    insert: integer.optional().describe('Number that a new rule gets, from 1.'),
    insert_relative_to: choice('zero', 'first-ipv4', 'last-ipv4', 'first-ipv6', 'last-ipv6')
      .default('zero')
      .describe('What `insert` is counted from: `zero`, or the first or last rule of IPv4 or IPv6.'),
    interface: word('Interface, of the side that `direction` says.'),
    interface_in: word('Interface that it comes in by.'),
    interface_out: word('Interface that it goes out by.'),
    log: boolean.default(false).describe('Log new connections that the rule is about.'),
    from_ip: text.default('any').describe('Where it comes from.'),
    from_port: word('Port that it comes from.'),
    to_ip: text.default('any').describe('Where it goes to.'),
    to_port: word('Port, range (first:last) or name that it goes to.'),
    proto: choice('any', 'tcp', 'udp', 'ipv6', 'esp', 'ah', 'gre', 'igmp').optional().describe('Protocol.'),
    name: word('Profile of /etc/ufw/applications.d instead of ports.'),
    comment: word('A comment in the rule.'),
  },
).superRefine((given, refine) => {
  const fault = (message: string) => refine.addIssue({ code: 'custom', message });
  const asked = [given.state, given.default, given.rule, given.logging];
  if (asked.every((one) => one === undefined)) fault('needs one of state, default, rule, logging');
  if (given.interface !== undefined && given.direction === undefined)
    fault('takes interface only with direction');
  if (given.direction !== undefined && (given.interface_in ?? given.interface_out) !== undefined)
    fault('takes direction or interface_in and interface_out, not both');
  if (given.interface !== undefined && (given.interface_in ?? given.interface_out) !== undefined)
    fault('takes interface or interface_in and interface_out, not both');
  const two = given.interface_in !== undefined && given.interface_out !== undefined;
  if (given.rule !== undefined && two && !given.route)
    fault('takes both interface_in and interface_out only with route');
});

/** The parameters as the module gets them. */
export type Params = z.output<typeof ufwParams>;
