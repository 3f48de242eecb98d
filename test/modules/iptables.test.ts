import { describe, expect, it, test } from 'vitest';
import { parseParams } from '../../src/modules/index.ts';
import iptables from '../../src/modules/iptables/index.ts';
import type { Params } from '../../src/modules/iptables/params.ts';
import { ruleWords } from '../../src/modules/iptables/rule.ts';
import { firewallSetting } from '../../src/modules/iptables/settings.ts';
import { settingProbe, shown } from '../../src/modules/setting.ts';
import { ended, planTask, unknown } from './task-plan.ts';

const paramsOf = (args: Record<string, unknown>): Params =>
  parseParams(iptables, { chain: 'INPUT', ...args });

// What ansible-core 2.14 gave to a program called iptables.
describe('rules', () => {
  test.each<[Record<string, unknown>, string]>([
    [{ source: '8.8.8.8', jump: 'DROP' }, '-s 8.8.8.8 -j DROP'],
    [
      {
        in_interface: 'eth0',
        protocol: 'tcp',
        match: 'tcp',
        destination_port: 80,
        jump: 'REDIRECT',
        to_ports: 8600,
      },
      '-p tcp -m tcp -j REDIRECT -i eth0 --destination-port 80 --to-ports 8600',
    ],
    [
      { ctstate: 'ESTABLISHED,RELATED', jump: 'ACCEPT' },
      '-j ACCEPT -m conntrack --ctstate ESTABLISHED,RELATED',
    ],
    [{ ctstate: 'NEW', match: 'state', syn: 'negate' }, '-m state ! --syn --state NEW'],
    [{ ctstate: ['NEW'], match: ['conntrack'] }, '-m conntrack --ctstate NEW'],
    [{ src_range: 'a-b', dst_range: '!c-d' }, '-m iprange --src-range a-b ! --dst-range c-d'],
    [{ match_set: '!hosts', match_set_flags: 'src,dst' }, '-m set ! --match-set hosts src,dst'],
    [{ set_dscp_mark: 8, jump: 'DSCP' }, '-j DSCP --set-dscp 8'],
    [{ set_dscp_mark_class: 'CS1', jump: 'DSCP' }, '-j DSCP --set-dscp-class CS1'],
    [{ reject_with: 'tcp-reset', protocol: 'tcp' }, '-p tcp -j REJECT --reject-with tcp-reset'],
    [
      { tcp_flags: { flags: 'ALL', flags_set: ['ACK', 'SYN'] }, jump: 'DROP' },
      '--tcp-flags ALL ACK,SYN -j DROP',
    ],
    [
      { log_prefix: 'X: ', limit: '2/second', limit_burst: 20 },
      '-j LOG --log-prefix X:  -m limit --limit 2/second --limit-burst 20',
    ],
    [
      { destination_ports: [80, '8081:8083'], jump: 'ACCEPT' },
      '-j ACCEPT -m multiport --dports 80,8081:8083',
    ],
    [{ protocol: '!tcp', source: '! 10.0.0.1', wait: 5 }, '-w 5 ! -p tcp ! -s 10.0.0.1'],
    [
      { uid_owner: '!bob', gid_owner: 'bobs', fragment: '!x', set_counters: '1 2' },
      '! -f -c 1 2 -m owner ! --uid-owner bob --gid-owner bobs',
    ],
    [{ ip_version: 'ipv6', icmp_type: 'echo-request' }, '--icmpv6-type echo-request'],
    [{ icmp_type: 8, comment: 'x y' }, '--icmp-type 8 -m comment --comment x y'],
    [
      { protocol: 'udp', jump: 'DNAT', to_destination: '1.2.3.4', goto: 'X' },
      '-p udp -j DNAT --to-destination 1.2.3.4 -g X',
    ],
  ])('%j', (args, words) => {
    expect(ruleWords(paramsOf(args)).join(' ')).toBe(words);
  });

  test.each([
    [{ chain: undefined }, /needs chain or flush/],
    [{ log_level: '9' }, /log_level/],
    [{ log_prefix: 'x', jump: 'ACCEPT' }, /only with `jump: LOG`/],
    [{ set_dscp_mark: 1, set_dscp_mark_class: 'CS1' }, /not both/],
    [{ match_set: 'x' }, /only together/],
    [{ rule_num: '0' }, /must be a number from 1/],
  ])('are refused: %j', (args, message) => {
    expect(() => paramsOf(args)).toThrow(message);
  });
});

describe('iptables', () => {
  const task = (args: Record<string, unknown>, states: Record<string, unknown>) => {
    const params = paramsOf(args);
    const rule = params.flush || params.policy ? [] : ruleWords(params);
    const known = (['rule', 'chain', 'policy', 'table'] as const)
      .filter((kind) => states[kind] !== undefined)
      .map((kind) => {
        const state = states[kind];
        const probe = settingProbe(firewallSetting(params, kind, kind === 'rule' ? rule : []));
        return [probe, typeof state === 'string' ? shown(state) : state] as const;
      });
    return planTask(iptables, { chain: 'INPUT', ...args }, { states: known });
  };
  const RULES = ':MINE - [0:0]\n-A MINE -j RETURN\n';

  test.each<[string, Record<string, unknown>, Record<string, unknown>, string[]]>([
    ['append', { jump: 'DROP' }, { rule: 'absent\n' }, ['iptables -t filter -A INPUT -j DROP']],
    ['there already', { jump: 'DROP' }, { rule: 'present\n' }, []],
    [
      'insert',
      { jump: 'DROP', action: 'insert', rule_num: 2 },
      { rule: 'absent\n' },
      ['iptables -t filter -I INPUT 2 -j DROP'],
    ],
    [
      'delete',
      { jump: 'DROP', state: 'absent' },
      { chain: '', rule: 'present\n' },
      ['iptables -t filter -D INPUT -j DROP'],
    ],
    ['gone already', { jump: 'DROP', state: 'absent' }, { chain: '', rule: 'absent\n' }, []],
    [
      'IPv6',
      { table: 'nat', ip_version: 'ipv6', jump: 'X' },
      { rule: 'absent\n' },
      ['ip6tables -t nat -A INPUT -j X'],
    ],
    ['policy', { policy: 'DROP' }, { policy: 'ACCEPT\n' }, ['iptables -t filter -P INPUT DROP']],
    ['policy is so', { policy: 'DROP' }, { policy: 'DROP\n' }, []],
    ['flush', { flush: true }, { chain: '-A INPUT -j DROP\n' }, ['iptables -t filter -F INPUT']],
    ['flush nothing', { flush: true }, { chain: ':INPUT ACCEPT [0:0]\n' }, []],
    [
      'flush a table',
      { flush: true, chain: undefined, table: 'nat' },
      { table: '-A X -j Y\n' },
      ['iptables -t nat -F'],
    ],
    [
      'a chain and its rule',
      { chain: 'MINE', chain_management: true, jump: 'RETURN' },
      { chain: '', rule: 'absent\n' },
      ['iptables -t filter -N MINE', 'iptables -t filter -A MINE -j RETURN'],
    ],
    [
      'a chain alone',
      { chain: 'MINE', chain_management: true },
      { chain: '' },
      ['iptables -t filter -N MINE'],
    ],
    [
      'delete a chain',
      { chain: 'MINE', chain_management: true, state: 'absent' },
      { chain: RULES },
      ['iptables -t filter -X MINE'],
    ],
  ])('%s', async (_name, args, states, commands) => {
    const plan = await task(args, states);
    expect(plan.summaries).toEqual(commands);
    for (const { undo, detail } of plan.changes) {
      expect(undo).toBe('invertible');
      expect(detail).toMatchObject({ expect: expect.stringMatching(/^shown,[0-9a-f]{64}$/) });
    }
  });

  it('predicts, gives Ansible’s keys, and says why it failed', async () => {
    const plan = await task({ jump: 'DROP' }, { rule: 'absent\n' });
    expect([...plan.changes[0]!.predicts!.values()]).toMatchObject([{ stdout: 'present\n' }]);
    expect(plan.resultWith(ended(0))).toEqual({
      table: 'filter',
      chain: 'INPUT',
      ip_version: 'ipv4',
      state: 'present',
      flush: false,
      chain_management: false,
      rule: '-j DROP',
    });
    const said =
      "iptables v1.8.9 (nf_tables): Chain 'X' does not exist\nTry `iptables -h' or 'iptables --help' for more information.\n";
    expect(plan.resultWith(ended(2, '', said))).toMatchObject({
      failed: true,
      changed: false,
      msg: "iptables -t filter -A INPUT -j DROP: iptables v1.8.9 (nf_tables): Chain 'X' does not exist",
    });
  });

  it('cannot be told without the program, or in a dry run that does not know', async () => {
    const missing = { ...shown(''), rc: 127, stderr: 'there is no program iptables on the target\n' };
    expect((await task({ jump: 'DROP' }, { rule: missing })).failed).toMatch(/no program iptables/);
    expect((await task({ jump: 'DROP' }, { rule: unknown })).changed).toBe(unknown);
  });
});
