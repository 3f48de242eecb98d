/** Every filter by name. */
import type { Routines } from '../routine.ts';
import { DICT_FILTERS } from './dicts.ts';
import { ENCODE_FILTERS } from './encode.ts';
import { HASH_FILTERS } from './hash.ts';
import { LIST_FILTERS } from './lists.ts';
import { NETWORK_FILTERS } from './network.ts';
import { NUMBER_FILTERS } from './numbers.ts';
import { PATH_FILTERS } from './paths.ts';
import { QUERY_FILTERS } from './query.ts';
import { RANDOM_FILTERS } from './random.ts';
import { REGEX_FILTERS } from './regex.ts';
import { SELECT_FILTERS } from './select.ts';
import { SET_FILTERS } from './sets.ts';
import { TEXT_FILTERS } from './text.ts';
import { TIME_FILTERS } from './time.ts';
import { VALUE_FILTERS } from './values.ts';
import { VAULT_FILTERS } from './vault.ts';

/** Filters by name. */
export const FILTERS: Routines = {
  ...DICT_FILTERS,
  ...ENCODE_FILTERS,
  ...HASH_FILTERS,
  ...LIST_FILTERS,
  ...NETWORK_FILTERS,
  ...NUMBER_FILTERS,
  ...PATH_FILTERS,
  ...QUERY_FILTERS,
  ...RANDOM_FILTERS,
  ...REGEX_FILTERS,
  ...SELECT_FILTERS,
  ...SET_FILTERS,
  ...TEXT_FILTERS,
  ...TIME_FILTERS,
  ...VALUE_FILTERS,
  ...VAULT_FILTERS,
};
