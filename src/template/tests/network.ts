/** Tests of addresses (ansible.utils). */
import { answer } from '../filters/ipaddr.ts';
import { type Ip, readIp, within } from '../python/ip.ts';
import { iterate, truthy } from '../python/logic.ts';
import { str } from '../python/text.ts';
import { type Args, type Routine, type Routines, routine } from '../routine.ts';

const ofIp = (test: (ip: Ip, args: Args) => boolean): Routine =>
  routine('', (value, args) => {
    const ip = readIp(str(value));
    return ip !== undefined && test(ip, args);
  });

const kind = (query: string): Routine => ofIp((ip, args) => truthy(answer(ip, query, args)));

function inNetwork(value: unknown, network: unknown): boolean {
  const [inner, outer] = [readIp(str(value)), readIp(str(network))];
  return inner !== undefined && outer !== undefined && within(inner, outer);
}

/** Tests by name. */
export const NETWORK_TESTS: Routines = {
  in_any_network: routine('networks', (value, args) =>
    iterate(args.get('networks')).some((network) => inNetwork(value, network)),
  ),
  in_network: routine('network', (value, args) => inNetwork(value, args.get('network'))),
  in_one_network: routine(
    'networks',
    (value, args) =>
      iterate(args.get('networks')).filter((network) => inNetwork(value, network)).length === 1,
  ),
  ip: ofIp(() => true),
  ip_address: ofIp((ip) => !ip.cidr),
  ipv4: ofIp((ip) => ip.version === 4),
  ipv4_address: ofIp((ip) => ip.version === 4 && !ip.cidr),
  ipv6: ofIp((ip) => ip.version === 6),
  ipv6_address: ofIp((ip) => ip.version === 6 && !ip.cidr),
  loopback: kind('loopback'),
  mac: routine('', (value) => /^[\da-f]{12}$/i.test(str(value).replace(/[-:.]/g, ''))),
  multicast: kind('multicast'),
  private: kind('private'),
  public: kind('public'),
  subnet_of: routine('network', (value, args) => inNetwork(value, args.get('network'))),
  supernet_of: routine('network', (value, args) => inNetwork(args.get('network'), value)),
};
