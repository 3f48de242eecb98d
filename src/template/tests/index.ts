/** Every test by name. */
import type { Routines } from '../routine.ts';
import { COMPARE_TESTS } from './compare.ts';
import { FILE_TESTS } from './files.ts';
import { KIND_TESTS } from './kinds.ts';
import { NETWORK_TESTS } from './network.ts';
import { RESULT_TESTS } from './results.ts';
import { URL_TESTS } from './urls.ts';

/** Tests by name. */
export const TESTS: Routines = {
  ...COMPARE_TESTS,
  ...FILE_TESTS,
  ...KIND_TESTS,
  ...NETWORK_TESTS,
  ...RESULT_TESTS,
  ...URL_TESTS,
};
