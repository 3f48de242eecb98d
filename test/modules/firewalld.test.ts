import { describe, expect, it, test } from 'vitest';
import firewalld from '../../src/modules/firewalld/index.ts';
import { isUnknown } from '../../src/values/index.ts';
import { run } from './paper-host.ts';
import { ended } from './task-plan.ts';

interface Detail {
  readonly spec: { readonly argv: readonly string[]; readonly stdin?: string };
}

const says = (shown: string) => ({ answers: { command: ended(0, shown) } });
const keep = { permanent: true, state: 'enabled' };

describe('firewalld', () => {
  test.each<[Record<string, unknown>, string, string | undefined, string]>([
    [
      { service: 'https', ...keep },
      'running public\npermanent no\n',
      'running public\npermanent yes\n',
      'Permanent operation, Changed service https to enabled',
    ],
    [{ service: 'https', ...keep }, 'running public\npermanent yes\n', undefined, 'Permanent operation'],
    [
      { service: 'https', ...keep, immediate: true },
      'running public\npermanent yes\nruntime no\n',
      'running public\npermanent yes\nruntime yes\n',
      'Permanent and Non-Permanent(immediate) operation, Changed service https to enabled',
    ],
    [
      { source: '192.0.2.0/24', state: 'disabled', zone: 'dmz' },
      'running dmz\nruntime yes\n',
      'running dmz\nruntime no\n',
      'Non-permanent operation, Removed 192.0.2.0/24 from zone dmz',
    ],
    [
      { zone: 'own', state: 'present', target: 'DROP', permanent: true },
      'offline own\npermanent default\n',
      'offline own\npermanent DROP\n',
      'Permanent operation, Set zone own target to DROP, (offline operation: only on-disk configs were altered)',
    ],
  ])('%j where it says %j', async (args, shown, sent, msg) => {
    const ran = await run(firewalld, args, says(shown));
    expect(ran.changes.map((change) => (change.detail as Detail).spec.stdin)).toEqual(
      sent === undefined ? [] : [sent],
    );
    for (const change of ran.changes) expect(change.undo).toBe('invertible');
    expect(ran.result).toEqual({ msg });
    expect((await ran.again()).changes).toEqual([]);
  });

  test.each<[Record<string, unknown>, string]>([
    [{ port: '8080/tcp' }, '--query-port=8080/tcp --add-port=8080/tcp --remove-port=8080/tcp'],
    [{ interface: 'eth1' }, '--query-interface=eth1 --change-interface=eth1 --remove-interface=eth1'],
    [{ masquerade: true }, '--query-masquerade --add-masquerade --remove-masquerade'],
    [
      { port_forward: [{ port: '443', proto: 'tcp', toport: 8443 }] },
      ['query', 'add', 'remove']
        .map((verb) => `--${verb}-forward-port=port=443:proto=tcp:toport=8443:toaddr=`)
        .join(' '),
    ],
  ])('%j is %s', async (args, words) => {
    const ran = await run(firewalld, { ...args, ...keep }, says('running public\npermanent no\n'));
    expect((ran.changes[0]!.detail as Detail).spec.argv.slice(5, 8).join(' ')).toBe(words);
  });

  it('sets nothing at once where it does not run; a dry run does not know', async () => {
    const args = { service: 'http', state: 'enabled' };
    const ran = await run(firewalld, args, says('offline public\n'));
    expect([ran.plan.failed, ran.changes]).toEqual([expect.stringMatching(/not currently running/), []]);
    const dry = await run(firewalld, args, { ...says('offline public\n'), checkMode: true });
    expect(isUnknown(dry.plan.changed)).toBe(true);
  });

  test.each([
    [{ service: 'a', port: '1/tcp', ...keep }, /mutually exclusive/],
    [{ service: 'a', state: 'present' }, /zone level/],
    [{ zone: 'a', state: 'present' }, /only set with permanent/],
    [{ port: '80', ...keep }, /PORT\/PROTOCOL/],
  ])('refused: %j', async (args, message) => {
    await expect(run(firewalld, args)).rejects.toThrow(message);
  });
});
