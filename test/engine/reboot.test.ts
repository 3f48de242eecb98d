import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LabStatus, labDown, labUp } from '../../src/lab/index.ts';
import { type Ran, results, runSite, workshop } from './workshop.ts';

let base: string;
let lab: LabStatus;

beforeAll(async () => {
  base = mkdtempSync(join(tmpdir(), 'reboot-'));
  lab = await labUp({ dir: join(base, 'lab'), hosts: 1 });
});

afterAll(async () => {
  await labDown({ dir: lab.dir });
  rmSync(base, { recursive: true });
});

/** Runs tasks on the practice host. `BOOT` in them is a file that stands for the boot id. */
async function run(tasks: string): Promise<{ ran: Ran; result: Record<string, unknown> }> {
  const boot = join(base, `boot-${Math.random()}`);
  writeFileSync(boot, 'first\n');
  const text = tasks.trim().replaceAll('BOOT', boot).replace(/^/gm, '    ');
  const folder = workshop({ 'site.yml': `- hosts: all\n  gather_facts: false\n  tasks:\n${text}\n` });
  const ran = await runSite(folder, { inventory: [join(lab.dir, 'inventory.yml')] });
  const [result] = ran.events.flatMap((event) => (event.type === 'host-result' ? [event.result] : []));
  return { ran, result: result! };
}

const reboot = (more: string) =>
  `- reboot: {boot_time_command: cat BOOT, test_command: "true", ${more}}\n- copy: {content: x, dest: BOOT.after}`;

describe('reboot', () => {
  it('is done when the host says that it started anew, although the link died on the way', async () => {
    const { ran, result } = await run(
      reboot(
        `reboot_command: "(sleep 1; echo second >BOOT) & kill -9 $PPID $(cut -d' ' -f4 /proc/$PPID/stat)"`,
      ),
    );
    expect(
      results(ran).map((line) => line.replace(/^[^:]*:/, '')),
      JSON.stringify(result),
    ).toEqual(['reboot=changed', 'copy=changed']);
    expect(result).toMatchObject({ rebooted: true, changed: true });
    expect(result.elapsed).toBeGreaterThanOrEqual(1);
  });

  it('fails when the command for it fails', async () => {
    const { result } = await run(reboot('reboot_command: "echo no >&2; exit 3"'));
    expect(result).toMatchObject({
      failed: true,
      rebooted: false,
      rc: 3,
      msg: expect.stringMatching(/: no$/),
    });
  });

  it('fails when the host stays up', async () => {
    const { result } = await run(reboot('reboot_command: "true", reboot_timeout: 1'));
    expect(result).toMatchObject({ failed: true, msg: expect.stringMatching(/timed out.*not started anew/) });
  });

  it('waits for the test command', async () => {
    const { result } = await run(
      reboot('reboot_command: "echo second >BOOT", reboot_timeout: 1').replace(
        '"true"',
        '"echo not yet; exit 1"',
      ),
    );
    expect(result).toMatchObject({ failed: true, msg: expect.stringMatching(/timed out.*not yet/) });
  });
});

describe('wait_for_connection', () => {
  it('logs in anew and has a word said', async () => {
    const { ran, result } = await run('- wait_for_connection: {timeout: 20}');
    expect(results(ran)[0]).toMatch(/wait_for_connection=ok/);
    expect(result).toMatchObject({ changed: false, elapsed: 0 });
  });
});
