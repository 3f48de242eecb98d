type JsonSchema = Record<string, unknown>;

/** Gives JSON Schema (draft 2020-12) of inventories in YAML and JSON. */
export function inventorySchema(): JsonSchema {
  const groups = { type: ['object', 'null'], additionalProperties: { $ref: '#/$defs/group' } };
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Cutover inventory',
    description: 'Groups of hosts with their variables. "all" is the group of everything.',
    type: 'object',
    additionalProperties: { $ref: '#/$defs/group' },
    $defs: {
      vars: { type: ['object', 'null'], description: 'Variables. "!vault" values are welcome.' },
      group: {
        type: ['object', 'null'],
        additionalProperties: false,
        properties: {
          hosts: {
            description: 'Hosts by name, each with its variables. web[01:20] means twenty of them.',
            anyOf: [
              { type: 'string' },
              { type: ['object', 'null'], additionalProperties: { $ref: '#/$defs/hostVars' } },
            ],
          },
          vars: { $ref: '#/$defs/vars' },
          children: {
            description: 'Groups inside this one, by name.',
            anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }, groups],
          },
        },
      },
      hostVars: {
        type: ['object', 'null'],
        properties: Object.fromEntries(
          Object.entries(HOST_VARIABLES).map(([name, description]) => [name, { description }]),
        ),
      },
    },
  };
}

/** Variables that say how to reach a host; any other name is the playbook's own. */
const HOST_VARIABLES: Readonly<Record<string, string>> = {
  ansible_host: 'Address to connect to, when it is not the name.',
  ansible_port: 'Port of sshd.',
  ansible_user: 'Login user.',
  ansible_password: 'Login password. Keep it in a vault.',
  ansible_ssh_private_key_file: 'Private key on the controller.',
  ansible_ssh_private_key_passphrase: 'Passphrase of that key. Keep it in a vault.',
  ansible_connection: 'ssh (default) or local.',
  ansible_timeout: 'Seconds that connecting may take.',
  ansible_host_key_checking: 'yes (default), accept-new or no.',
  ansible_ssh_args: 'Arguments of ssh; those that mean something here are read.',
  ansible_ssh_common_args: 'More of them, such as "-o ProxyJump=gate".',
  ansible_ssh_extra_args: 'More of them.',
  ansible_become: 'Act as another user.',
  ansible_become_user: 'Whom to become. Default root.',
  ansible_become_method: 'sudo (default), su or doas.',
  ansible_become_password: 'Password for that. Keep it in a vault.',
  ansible_become_flags: 'Extra flags for sudo, su or doas.',
  cutover_known_hosts: 'known_hosts file or files for this host.',
  cutover_state_dir: 'Where this host keeps journals and before-images.',
};
