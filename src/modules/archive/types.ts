/** One member of an archive. */
export interface ArchiveEntry {
  /** Relative, `/` between names, none at the end. */
  readonly path: string;
  readonly type: 'file' | 'directory' | 'link';
  /** Permission bits when the archive tells them. */
  readonly mode: number | undefined;
  /** Seconds since 1970. */
  readonly mtime: number;
  readonly size: number;
  /** Of a file. */
  readonly sha256: string | undefined;
  /** Of a link. */
  readonly target: string | undefined;
  /** Whose it was where it was packed; only tar tells. */
  readonly packedBy?: PackedBy;
  /** Its name began with `./`, which tar counts as a name of its own when it strips names. */
  readonly dotted?: boolean;
}

/** Owner of a member: numbers, and names where the archive has them. */
export interface PackedBy {
  readonly uid: number;
  readonly gid: number;
  readonly user: string;
  readonly group: string;
}

/** Where an archive's bytes are. */
export type ArchiveSource =
  | { readonly path: string; readonly sha256: string }
  | { readonly bytes: Uint8Array; readonly sha256: string; readonly name: string };

/** What an archive is, by its first bytes. */
export type ArchiveFormat = 'zip' | 'tar' | 'tar.gz' | 'tar.zst' | 'tar.xz' | 'tar.bz2';

/** Called for every member, in order. `open` gives a file's bytes once; a member that is not opened is skipped. */
export type Visit = (
  member: Omit<ArchiveEntry, 'sha256'>,
  open: () => AsyncIterable<Uint8Array>,
) => Promise<void>;
