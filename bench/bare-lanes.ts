/**
 * The floor under Cutover's time: the same hosts and the same fifteen questions through the same lanes, but no playbook, no
 * engine, no modules, no journal. Takes the inventory of a lab as its argument.
 */
import { readFileSync } from 'node:fs';
import { enableCompileCache } from 'node:module';
import { parse } from 'yaml';

enableCompileCache();
const { connect } = await import('../src/transport/index.ts');

/** What a person at a prompt would ask to see that `playbooks/small.yml` has nothing to do, a line per task. */
const QUESTIONS = [
  'grep ^bench: /etc/group',
  'grep ^bench: /etc/passwd; grep ^bench: /etc/shadow; id -Gn bench',
  'stat -c "%f %u %g" /opt/bench/conf.d',
  'stat -c "%f %u %g" /opt/bench/motd; sha256sum /opt/bench/motd',
  'stat -c "%f %u %g" /opt/bench/conf.d/settings.ini; sha256sum /opt/bench/conf.d/settings.ini',
  'stat -c "%f %u %g" /opt/bench/conf.d/service.conf; sha256sum /opt/bench/conf.d/service.conf',
  'stat -c "%f %u %g" /opt/bench/current.conf; readlink /opt/bench/current.conf',
  'stat -c "%f %u %g" /opt/bench/conf.d/settings.ini; cat /opt/bench/conf.d/settings.ini',
  'stat -c "%f %u %g" /opt/bench/notes; cat /opt/bench/notes',
  'stat -c "%f %u %g" /opt/bench/conf.d/settings.ini; cat /opt/bench/conf.d/settings.ini',
  '[ ! -e /opt/bench/old.conf ]',
  'stat /opt/bench/conf.d/service.conf; sha256sum /opt/bench/conf.d/service.conf',
  '[ -e /opt/bench/initialised ]',
  'uname -s',
  'cat /opt/bench/motd',
];

const { all } = parse(readFileSync(process.argv[2]!, 'utf8'));

async function ask([name, host]: [string, Record<string, string | number>]): Promise<void> {
  const connection = await connect({
    name,
    connection: 'ssh',
    address: String(host.ansible_host),
    port: Number(host.ansible_port),
    user: String(host.ansible_user),
    privateKeyFile: all.vars.ansible_ssh_private_key_file,
    knownHostsFiles: [all.vars.cutover_known_hosts],
    hostKeyChecking: 'strict',
    connectTimeoutMs: 10_000,
    sshConfigFile: null,
  });
  const lane = await connection.lane({ method: 'none' });
  for (const script of QUESTIONS) {
    const { code, stderr } = await lane.run({ script });
    if (code !== 0) throw new Error(`${name}: ${script}: ${stderr.toString() || code}`);
  }
  await connection.close();
}

await Promise.all(Object.entries<Record<string, string | number>>(all.children.web.hosts).map(ask));
