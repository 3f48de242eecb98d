import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { packEntries } from '../../../src/lab/wso2/pack/pack.ts';
import { startScript } from '../../../src/lab/wso2/pack/start-script.ts';
import { zip } from '../../../src/lab/wso2/zip.ts';

const versions = ['4.0.0', '4.1.0'] as const;

describe.each(versions)('pack of %s', (version) => {
  test('has the same bytes each time', async () => {
    const [a, b] = await Promise.all([zip(await packEntries(version)), zip(await packEntries(version))]);
    expect(a.equals(b)).toBe(true);
  });

  test('unpacks with unzip into one folder, modes included', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'pack-'));
    await writeFile(join(folder, 'pack.zip'), await zip(await packEntries(version)));
    const sh = (command: string) => execFileSync('sh', ['-c', command], { cwd: folder }).toString().trim();
    sh('unzip -q pack.zip && rm pack.zip');
    expect(sh('ls')).toBe(`wso2mi-${version}`);
    expect(sh(`cd wso2mi-${version} && stat -c %a bin/micro-integrator.sh conf/carbon.xml bin`)).toBe(
      '755\n644\n775',
    );
    expect(sh(`stat -c %a wso2mi-${version}/repository/resources/security/publickey.pem`)).toBe('444');
    await rm(folder, { recursive: true });
  });

  test('says that it is a fixture', async () => {
    const text = String(
      (await packEntries(version)).find(({ path }) => path.endsWith('/README.txt'))?.content,
    );
    expect(text.split('\n')[0]).toBe(` WSO2 Micro Integrator ${version}`);
    expect(text).toContain('THIS IS A FIXTURE');
  });

  test('has a start script that shellcheck accepts', () => {
    execFileSync('sh', ['-c', 'shellcheck -s sh -'], { input: startScript(version) });
  });
});

test.each([
  ['bin/securevault.sh', true, false],
  ['bin/wso2update_linux', true, false],
  ['conf/netty.properties', false, true],
  ['repository/deployment/server/axis2modules/rampart-1.6.1-wso2v39.mar', true, false],
  ['repository/deployment/server/axis2modules/rampart-1.7.0-wso2v1.mar', false, true],
  ['wso2/lib/disruptor-3.4.4.jar', false, true],
  ['dbscripts/oracle-rac/oracle_rac_user.sql', true, true],
  ['lib/', true, true],
])('%s in 4.0.0: %s, in 4.1.0: %s', async (path, inOld, inNew) => {
  for (const [version, expected] of [
    ['4.0.0', inOld],
    ['4.1.0', inNew],
  ] as const) {
    const paths = (await packEntries(version)).map((entry) => entry.path);
    expect(paths.includes(`wso2mi-${version}/${path}`)).toBe(expected);
  }
});
