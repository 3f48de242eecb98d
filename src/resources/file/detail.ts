import type { Content } from '../content.ts';

/** Everything that the host needs to bring one path about. */
export interface FileDetail {
  readonly path: string;
  readonly action: 'write' | 'attributes' | 'directory' | 'link' | 'hard' | 'remove' | 'touch';
  /** Picture of the path that must be found (see describeFile). */
  readonly expect: string;
  readonly content?: Content;
  readonly mode?: number;
  readonly owner?: string;
  readonly group?: string;
  /** Of links. */
  readonly target?: string;
  readonly mtime?: number | 'keep';
  readonly atime?: number | 'keep';
  readonly validate?: string;
  readonly unsafeWrites: boolean;
  readonly owned: boolean;
}
