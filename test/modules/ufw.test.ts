import { describe, expect, it, test } from 'vitest';
import { parseParams } from '../../src/modules/index.ts';
import { type FirewallState, readFirewall, wouldChange } from '../../src/modules/ufw/firewall.ts';
import ufw from '../../src/modules/ufw/index.ts';
import { ruleWords } from '../../src/modules/ufw/words.ts';
import { run } from './paper-host.ts';
import { ended } from './task-plan.ts';

const SHOWN = `ENABLED yes
FILE /etc/ufw/ufw.conf
 ENABLED=yes
 LOGLEVEL=low
FILE /etc/default/ufw
 DEFAULT_INPUT_POLICY="DROP"
 DEFAULT_OUTPUT_POLICY="ACCEPT"
 DEFAULT_FORWARD_POLICY="REJECT"
FILE /etc/ufw/user.rules
 *filter
 ### tuple ### allow any 99 0.0.0.0/0 any 0.0.0.0/0 in
 ### tuple ### limit tcp 22 0.0.0.0/0 any 0.0.0.0/0 in
FILE /etc/ufw/user6.rules
 *filter
 ### tuple ### allow any 99 ::/0 any ::/0 in
`;
const STATE = readFirewall(SHOWN);

describe('the firewall', () => {
  it('is read from its files', () => {
    expect(STATE).toEqual<FirewallState>({
      on: true,
      logging: 'low',
      defaults: { incoming: 'deny', outgoing: 'allow', routed: 'reject' },
      rules: [
        [
          '### tuple ### allow any 99 0.0.0.0/0 any 0.0.0.0/0 in',
          '### tuple ### limit tcp 22 0.0.0.0/0 any 0.0.0.0/0 in',
        ],
        ['### tuple ### allow any 99 ::/0 any ::/0 in'],
      ],
    });
  });
  const files = (four: string[], six: string[]) =>
    `*filter\n:ufw-user-input - [0:0]\n${four.join('\n')}\n*filter\n:ufw6-user-input - [0:0]\n${six.join('\n')}\nRules updated\n`;
  test.each([
    ['the same', files([...STATE.rules[0]], [...STATE.rules[1]]), false],
    ['a rule less', files([...STATE.rules[0]], []), true],
    ['another order', files([...STATE.rules[0]].reverse(), [...STATE.rules[1]]), true],
    ['nothing said', 'Skipping adding existing rule\n', false],
  ])('would change: %s', (_name, rehearsed, changes) => {
    expect(wouldChange(rehearsed, STATE)).toBe(changes);
  });
});

// What community.general 6 calls.
describe('rules', () => {
  test.each<[Record<string, unknown>, string]>([
    [{ rule: 'limit', port: 'ssh', proto: 'tcp' }, 'limit from any to any port ssh proto tcp'],
    [{ rule: 'allow', name: 'OpenSSH' }, 'allow from any to any app OpenSSH'],
    [{ rule: 'allow', src: '10.0.0.0/8' }, 'allow from 10.0.0.0/8 to any'],
    [
      { rule: 'deny', proto: 'udp', src: '1.2.3.4', port: 514, comment: 'a b' },
      'deny from 1.2.3.4 to any port 514 proto udp comment a b',
    ],
    [
      { rule: 'allow', interface: 'eth0', direction: 'in', from_port: 5, dest: '1.2.3.4' },
      'allow in on eth0 from any port 5 to 1.2.3.4',
    ],
    [{ rule: 'deny', direction: 'outgoing', port: 25 }, 'deny out from any to any port 25'],
    [{ rule: 'deny', route: true, src: 'a', dest: 'b' }, 'route deny from a to b'],
    [{ rule: 'allow', route: true, if_in: 'a', if_out: 'b' }, 'route allow in on a out on b from any to any'],
    [{ rule: 'reject', port: 'auth', log: true }, 'reject log from any to any port auth'],
    [{ rule: 'deny', port: 53, delete: true, insert: 1 }, 'delete deny from any to any port 53'],
    [{ rule: 'allow', port: 1, insert: 2 }, 'insert 2 allow from any to any port 1'],
    [
      { rule: 'allow', port: 1, insert: 0, insert_relative_to: 'first-ipv6' },
      'insert 3 allow from any to any port 1',
    ],
    [
      { rule: 'allow', port: 1, insert: -1, insert_relative_to: 'last-ipv4' },
      'insert 1 allow from any to any port 1',
    ],
    [{ rule: 'allow', port: 1, insert: 1, insert_relative_to: 'last-ipv6' }, 'allow from any to any port 1'],
  ])('%j', (args, words) => {
    expect(ruleWords(parseParams(ufw, args), STATE).join(' ')).toBe(words);
  });
  test.each([
    [{}, /needs one of/],
    [{ rule: 'allow', interface: 'a' }, /only with direction/],
    [{ rule: 'allow', interface_in: 'a', direction: 'in' }, /not both/],
    [{ rule: 'allow', interface_in: 'a', interface_out: 'b' }, /only with route/],
  ])('are refused: %j', (args, message) => {
    expect(() => parseParams(ufw, args)).toThrow(message);
  });
});

describe('ufw', () => {
  const around = (rehearsed: string, shown = SHOWN) => ({
    answers: { 'command:{"argv":["ufw"': ended(0, rehearsed), command: ended(0, shown) },
  });
  test.each<[Record<string, unknown>, string[]]>([
    [{ state: 'enabled' }, []],
    [{ state: 'disabled' }, ['ufw -f disable']],
    [{ state: 'reloaded' }, ['ufw -f reload']],
    [{ logging: 'on' }, []],
    [{ logging: 'full' }, ['ufw logging full']],
    [{ policy: 'deny' }, []],
    [{ default: 'deny', direction: 'outgoing' }, ['ufw default deny outgoing']],
    [
      { state: 'disabled', logging: 'off', default: 'allow' },
      ['ufw -f disable', 'ufw logging off', 'ufw default allow incoming'],
    ],
    [{ rule: 'allow', port: 1 }, ['ufw allow from any to any port 1']],
  ])('%j', async (args, commands) => {
    const rehearsed = '*filter\n:ufw-user-input - [0:0]\n### tuple ### allow any 1\n';
    const ran = await run(ufw, args, around(rehearsed));
    expect(ran.summaries).toEqual(commands);
    for (const { undo } of ran.changes) expect(undo).toBe('invertible');
    expect(ran.result.commands).toEqual(commands);
  });

  it('leaves a rule that is there, and says what ufw says', async () => {
    expect(
      (await run(ufw, { rule: 'allow', port: 99 }, around('Skipping adding existing rule\n'))).changes,
    ).toEqual([]);
    const answers = { 'command:{"argv":["ufw"': ended(1, '', 'ERROR: Bad port\n'), command: ended(0, SHOWN) };
    expect((await run(ufw, { rule: 'allow', port: 'x' }, { answers })).plan.failed).toBe(
      'ufw: ERROR: Bad port',
    );
    const missing = { command: ended(127, '', 'there is no program ufw on the target\n') };
    expect((await run(ufw, { state: 'enabled' }, { answers: missing })).plan.failed).toMatch(
      /no program ufw/,
    );
  });
});
