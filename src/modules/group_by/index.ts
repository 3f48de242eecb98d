import { z } from 'zod';
import { strings, text } from '../params.ts';
import { defineModule } from '../types.ts';

const params = z.strictObject({
  key: text.describe('Name of the group; blanks become dashes.'),
  parents: strings.default(['all']).describe('Groups that the new one belongs to.'),
});

/** Sorts hosts into groups by something that is only known now. */
export default defineModule({
  name: 'group_by',
  summary: 'Puts the host into a group named by a value.',
  params,
  controllerOnly: true,
  plan(given) {
    const group = given.key.replaceAll(' ', '-');
    const parents = given.parents.map((parent) => parent.replaceAll(' ', '-'));
    return {
      changes: [],
      effects: [{ kind: 'group-by', group, parents }],
      result: () => ({ add_group: group, parent_groups: parents }),
    };
  },
});
