import { execFileSync } from 'node:child_process';
import { chmodSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Config, loadConfig, type Settings } from '../../src/config/index.ts';
import { SETTINGS } from '../../src/config/settings.ts';
import { describeError, ErrorList } from '../../src/errors/index.ts';
import { folderWith } from '../inventory/folder.ts';
import { hasProgram } from '../machine.ts';

const ROOT = join(import.meta.dirname, '../..');

interface Given {
  readonly files?: Record<string, string>;
  readonly env?: Record<string, string>;
}

/** A world of its own: the working folder `work`, the home folder `home`, the system's file `etc/ansible.cfg`. */
function load({ files = {}, env = {} }: Given): { config: Config; folder: string } {
  const folder = folderWith({ 'work/.keep': '', 'home/.keep': '', ...files });
  const options = {
    cwd: join(folder, 'work'),
    home: join(folder, 'home'),
    systemFile: join(folder, 'etc/ansible.cfg'),
  };
  return { config: loadConfig({ ...options, env }), folder };
}

const cfg = (lines: string): Given => ({ files: { 'work/ansible.cfg': `[defaults]\n${lines}\n` } });

describe('which file is read', () => {
  const ALL = {
    'work/ansible.cfg': '',
    'home/.ansible.cfg': '',
    'etc/ansible.cfg': '',
    'other/my.cfg': '',
    'other/ansible.cfg': '',
  };
  test.each<[string, string[], string | undefined, string | undefined]>([
    ['the one that ANSIBLE_CONFIG names', [], '../other/my.cfg', 'other/my.cfg'],
    ['the one in the folder that ANSIBLE_CONFIG names', [], '../other', 'other/ansible.cfg'],
    ['the one of the working folder', [], undefined, 'work/ansible.cfg'],
    ['the one of the home folder', ['work/ansible.cfg'], undefined, 'home/.ansible.cfg'],
    ['the system one', ['work/ansible.cfg', 'home/.ansible.cfg'], undefined, 'etc/ansible.cfg'],
    ['none', ['work/ansible.cfg', 'home/.ansible.cfg', 'etc/ansible.cfg'], undefined, undefined],
  ])('%s', (_, without, named, expected) => {
    const files = Object.fromEntries(Object.entries(ALL).filter(([name]) => !without.includes(name)));
    const { config, folder } = load({ files, env: named === undefined ? {} : { ANSIBLE_CONFIG: named } });
    expect(config.file).toBe(expected === undefined ? undefined : join(folder, expected));
  });

  test('/dev/null, which means none', () => {
    const { config } = load({ files: ALL, env: { ANSIBLE_CONFIG: '/dev/null' } });
    expect(config).toMatchObject({ file: '/dev/null', ignored: [], warnings: [] });
  });

  test('a folder that everyone may write to is not trusted', () => {
    const folder = folderWith({ 'ansible.cfg': '[defaults]\nforks = 7\n' });
    chmodSync(folder, 0o777);
    const options = { cwd: folder, home: folder, systemFile: join(folder, 'none') };
    const config = loadConfig({ ...options, env: {} });
    expect(config.file).toBeUndefined();
    expect(config.warnings[0]).toContain('everyone may write to its folder');
    expect(loadConfig({ ...options, env: { ANSIBLE_CONFIG: 'ansible.cfg' } }).settings.forks.value).toBe(7);
  });
});

describe('values', () => {
  test.each<[string, keyof Settings, unknown]>([
    ['forks=7', 'forks', 7],
    ['Forks : 7', 'forks', 7],
    ['forks = 7 ; seven', 'forks', 7],
    ['remote_user = "deploy"', 'remoteUser', 'deploy'],
    ['host_key_checking = False', 'hostKeyChecking', false],
    ['host_key_checking = 0', 'hostKeyChecking', false],
    ['any_errors_fatal = yes', 'anyErrorsFatal', true],
    ['gathering = smart', 'gathering', 'smart'],
    ['vault_identity_list = dev@dev.pass, prod@prompt', 'vaultIdentityList', ['dev@dev.pass', 'prod@prompt']],
    ['gather_subset = !all,\n  network', 'gatherSubset', ['!all', 'network']],
    ['allow_broken_conditionals = true', 'allowBrokenConditionals', true],
    ['[ssh_connection]\nssh_args = -o A=b -o "C=d e"', 'sshArgs', '-o A=b -o "C=d e"'],
    ['[ssh_connection]\nretries = 3', 'connectRetries', 3],
    ['[privilege_escalation]\nbecome = True', 'become', true],
    ['[privilege_escalation]\nbecome_method = su', 'becomeMethod', 'su'],
    ['timeout = 20\n[ssh_connection]\ntimeout = 30', 'timeout', 30],
    ['', 'forks', 50],
    ['', 'hostKeyChecking', true],
    ['', 'remoteUser', undefined],
  ])('%s', (lines, name, value) => {
    const { config } = load(cfg(lines));
    expect(config.settings[name].value).toEqual(value);
  });

  test('paths start at the file, or at the working folder when the environment names them', () => {
    const files = {
      'etc/ansible.cfg':
        '[defaults]\ninventory = hosts, sub/inv\nroles_path = r:~/r:/abs\nprivate_key_file = $KEYS/id\n',
    };
    const { config, folder } = load({ files, env: { KEYS: '/keys', ANSIBLE_LIBRARY: 'lib' } });
    expect(config.settings.inventory.value).toEqual([join(folder, 'etc/hosts'), join(folder, 'etc/sub/inv')]);
    expect(config.settings.rolesPath.value).toEqual([join(folder, 'etc/r'), join(folder, 'home/r'), '/abs']);
    expect(config.settings.privateKeyFile.value).toBe('/keys/id');
    expect(config.settings.library.value).toEqual([join(folder, 'work/lib')]);
    expect(load({ env: { ANSIBLE_INVENTORY: 'web1,' } }).config.settings.inventory.value).toEqual(['web1,']);
  });

  test('the environment wins, and every value knows who gave it', () => {
    const { config, folder } = load({
      ...cfg('forks = 7\nremote_user = a'),
      env: { ANSIBLE_FORKS: '9', ANSIBLE_TIMEOUT: '' },
    });
    expect(config.settings.forks).toEqual({
      value: 9,
      origin: { from: 'environment', variable: 'ANSIBLE_FORKS' },
    });
    const position = { file: join(folder, 'work/ansible.cfg'), line: 3, column: 1 };
    expect(config.settings.remoteUser).toEqual({ value: 'a', origin: { from: 'file', position } });
    expect(config.settings.timeout).toEqual({ value: 10, origin: { from: 'default' } });
  });
});

describe('what has no meaning here is named, with a hint when it looks like a slip', () => {
  test.each([
    ['nocows = 1', 'defaults.nocows', undefined],
    ['become_method = sudo', 'defaults.become_method', 'it belongs into the section [privilege_escalation]'],
    ['fork = 3', 'defaults.fork', 'did you mean "forks"?'],
    ['[persistent_connection]\ncommand_timeout = 3', 'persistent_connection.command_timeout', undefined],
  ])('%s', (lines, name, hint) => {
    expect(load(cfg(lines)).config.ignored).toMatchObject([{ name, hint, from: { kind: 'file' } }]);
  });

  test('variables too', () => {
    const env = {
      ANSIBLE_FORK: '3',
      ANSIBLE_NOCOWS: '1',
      ANSIBLE_FORKS: '4',
      ANSIBLE_EMPTY: '',
      ANSIBLE_CONFIG: '/dev/null',
    };
    expect(load({ env }).config.ignored).toEqual([
      { name: 'ANSIBLE_FORK', from: { kind: 'environment' }, hint: 'did you mean "ANSIBLE_FORKS"?' },
      { name: 'ANSIBLE_NOCOWS', from: { kind: 'environment' }, hint: undefined },
    ]);
  });
});

describe('every setting', () => {
  const sources = globSync('src/**/*.ts', { cwd: ROOT, exclude: ['src/config/**'] }).map((file) =>
    readFileSync(join(ROOT, file), 'utf8'),
  );
  test.each(Object.keys(SETTINGS))('%s is used', (name) => {
    const used = new RegExp(
      `onfig\\.${name}\\b|\\{[^{}]*\\b${name}\\b[^{}]*\\} = (?:[\\w.]*[cC]onfig|settingValues\\()`,
    );
    expect(sources.some((text) => used.test(text))).toBe(true);
  });
});

describe('errors: all of them, with their places', () => {
  test('a file', () => {
    const folder = folderWith({
      'ansible.cfg':
        '[defaults]\nforks = many\ngathering = smrt\nhost_key_checking = maybe\nnonsense\n[privilege_escalation]\nbecome = 2\n',
    });
    let said: string[] = [];
    try {
      loadConfig({ cwd: folder, home: folder, env: { ANSIBLE_TIMEOUT: '-1' } });
    } catch (thrown) {
      said = (thrown as ErrorList).errors.map((error) => describeError(error).replace(`${folder}/`, ''));
      expect(thrown).toBeInstanceOf(ErrorList);
    }
    expect(said).toEqual([
      'ansible.cfg:5:1: "nonsense" is not key = value',
      'ansible.cfg:4:1: host_key_checking must be true or false, not "maybe"',
      'ansible.cfg:2:1: forks must be a whole number of at least 1, not "many"',
      'ANSIBLE_TIMEOUT must be a whole number of at least 1, not "-1"',
      'ansible.cfg:7:1: become must be true or false, not "2"',
      'ansible.cfg:3:1: gathering must be one of implicit, explicit, smart, not "smrt" (did you mean "smart"?)',
    ]);
  });
});

const REAL = '/usr/bin/ansible-config';

describe.runIf(hasProgram('ansible-config'))('together with the real ansible-config', () => {
  test('reads one file alike', () => {
    const { config, folder } = load(
      cfg(
        'inventory = hosts, inv2 ; trailing\nForks=7\nroles_path = ./roles:~/r:/abs\nremote_user: deploy\ntimeout = 20\nhost_key_checking = no\nprivate_key_file = $HOME/k\nforce_handlers = on\n[privilege_escalation]\nbecome_user = "app"\n',
      ),
    );
    const env = { HOME: join(folder, 'home'), PATH: process.env.PATH };
    const text = execFileSync(REAL, ['dump', '--only-changed', '--format', 'json'], {
      cwd: join(folder, 'work'),
      env,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const theirs = new Map(
      (JSON.parse(text) as { name: string; value: unknown }[]).map((each) => [each.name, each.value]),
    );
    const { settings } = loadConfig({ cwd: join(folder, 'work'), home: join(folder, 'home'), env });
    expect(settings.inventory.value).toEqual(theirs.get('DEFAULT_HOST_LIST'));
    expect(settings.forks.value).toEqual(theirs.get('DEFAULT_FORKS'));
    expect(settings.rolesPath.value).toEqual(theirs.get('DEFAULT_ROLES_PATH'));
    expect(settings.remoteUser.value).toEqual(theirs.get('DEFAULT_REMOTE_USER'));
    expect(settings.timeout.value).toEqual(theirs.get('DEFAULT_TIMEOUT'));
    expect(settings.hostKeyChecking.value).toEqual(theirs.get('HOST_KEY_CHECKING'));
    expect(settings.privateKeyFile.value).toEqual(theirs.get('DEFAULT_PRIVATE_KEY_FILE'));
    expect(settings.forceHandlers.value).toEqual(theirs.get('DEFAULT_FORCE_HANDLERS'));
    expect(settings.becomeUser.value).toEqual(theirs.get('DEFAULT_BECOME_USER'));
    expect(config.file).toEqual(theirs.get('CONFIG_FILE'));
  });
});
