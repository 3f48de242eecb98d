import { z } from 'zod';
import { isMapping } from '../../values/index.ts';
import { strings, text } from '../params.ts';
import { noteAliases } from '../schema.ts';
import { defineModule } from '../types.ts';

const ALIASES = { hostname: 'name', host: 'name', group: 'groups', groupname: 'groups' } as const;

const named = z.looseObject({
  name: text.describe('Name of the host, with `:port` if needed.'),
  groups: strings.default([]).describe('Groups that it joins; new ones are made.'),
});

noteAliases(named, ALIASES);

const params = z.preprocess((given) => {
  if (!isMapping(given)) return given;
  const entries = Object.entries(given);
  return Object.fromEntries(
    entries.map(([key, value]) => [ALIASES[key as keyof typeof ALIASES] ?? key, value]),
  );
}, named);

/** All other parameters are variables of the new host. */
export default defineModule({
  name: 'add_host',
  summary: 'Adds a host to the inventory of this run.',
  params,
  oncePerBatch: true,
  controllerOnly: true,
  plan({ name, groups, ...given }) {
    const split = /^(.+?):(\d+)$/.exec(name);
    const ipv6 = name.split(':').length > 2;
    const host = split && !ipv6 ? split[1]! : name;
    const vars = split && !ipv6 ? { ansible_port: Number(split[2]), ...given } : given;
    return {
      changes: [],
      changed: true,
      effects: [{ kind: 'add-host', host, groups, vars }],
      result: () => ({ add_host: { host_name: host, groups, host_vars: vars } }),
    };
  },
});
