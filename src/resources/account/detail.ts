import type { WantedGroup, WantedUser } from '../specs.ts';

/** What shall become of an account. Only what differs is set. */
export interface UserDetail {
  readonly name: string;
  readonly action: 'create' | 'modify' | 'remove';
  readonly wanted: WantedUser;
  /** Names of the supplementary groups that the account shall have, when they change. */
  readonly groups?: readonly string[];
  /** The settings that differ, by their key in `wanted`. */
  readonly differs: readonly string[];
  /** The hash to set, when it differs. A secret. */
  readonly hash?: string;
  /** Set when the password stays and only begins or ceases to count: its age stays too. */
  readonly lock?: 'lock' | 'unlock' | undefined;
  /** The present home. */
  readonly home?: string;
  /** The home that comes into being when it is not there. */
  readonly newHome?: string | undefined;
  /** Picture of the account that must be found (see describeUser). */
  readonly expect: string;
}

/** What shall become of a group. */
export interface GroupDetail {
  readonly name: string;
  readonly action: 'create' | 'modify' | 'remove';
  readonly wanted: WantedGroup;
  readonly expect: string;
}
