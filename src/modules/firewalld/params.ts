import { z } from 'zod';
import { boolean, choice, integer, text } from '../params.ts';

const forward = z.strictObject({
  port: text.describe('Port that is forwarded.'),
  proto: choice('tcp', 'udp').describe('Its protocol.'),
  toport: text.describe('Port that it goes to.'),
  toaddr: text.default('').describe('Address that it goes to.'),
});

/** Of these one is set at a time. */
const THINGS = [
  'icmp_block',
  'icmp_block_inversion',
  'service',
  'protocol',
  'port',
  'port_forward',
  'rich_rule',
  'interface',
  'masquerade',
  'source',
  'target',
] as const;

/** What the `firewalld` module takes. */
export const firewalldParams = z
  .strictObject({
    state: choice('enabled', 'disabled', 'present', 'absent').describe(
      'Whether it shall be so; `present` and `absent` are for zones and their targets.',
    ),
    zone: text.optional().describe('The zone; the default zone when not given.'),
    service: text.optional().describe('A service that is let in.'),
    port: text
      .refine((port) => /^[\w-]+\/\w+$/.test(port), 'must be PORT/PROTOCOL or PORT-PORT/PROTOCOL')
      .optional()
      .describe('A port or range that is let in: `8080/tcp`.'),
    protocol: text.optional().describe('A protocol that is let in.'),
    source: text.optional().describe('Addresses that belong to the zone.'),
    interface: text.optional().describe('A network interface that belongs to the zone.'),
    masquerade: boolean.optional().describe("Whether addresses are hidden behind the target's."),
    icmp_block: text.optional().describe('A kind of ICMP message that is blocked.'),
    icmp_block_inversion: boolean.optional().describe('Whether only these kinds are let through.'),
    rich_rule: text.optional().describe("A rule in firewalld's rich language."),
    port_forward: z.array(forward).length(1, 'takes one').optional().describe('A port that is forwarded.'),
    target: choice('default', 'ACCEPT', 'DROP', '%%REJECT%%')
      .optional()
      .describe('What happens to what no rule is about.'),
    permanent: boolean.default(false).describe('Keep it for the next start.'),
    immediate: boolean.default(false).describe('Set it at once too; always so unless it is permanent.'),
    timeout: integer.default(0).describe('Seconds until what is not permanent ends by itself.'),
    offline: boolean.optional().describe('Accepted; what is permanent is always set, running or not.'),
  })
  .superRefine((given, refine) => {
    const fault = (message: string) => refine.addIssue({ code: 'custom', message });
    const named = THINGS.filter((name) => given[name] !== undefined);
    if (named.length > 1) fault(`parameters are mutually exclusive: ${named.join('|')}`);
    const isZone = named.length === 0 || named[0] === 'target';
    const onOff = given.state === 'enabled' || given.state === 'disabled';
    if (named.length === 0 && given.zone === undefined) fault('nothing is named that shall be set');
    if (isZone && !given.permanent) fault('zones and their targets are only set with permanent');
    if (isZone && named.length === 0 && onOff) fault('for a zone say state=present or state=absent');
    if (!isZone && !onOff) fault('absent and present state can only be used in zone level operations');
  });

/** The parameters as the module gets them. */
export type Params = z.output<typeof firewalldParams>;
