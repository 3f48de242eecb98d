import type { z } from 'zod';
import { boolean, fileAttributes, integer, path, plainPath, strings, text, withAliases } from '../params.ts';

/** Parameters of unarchive. */
export const unarchiveParams = withAliases(
  {},
  {
    src: path.describe(
      'Archive: zip, tar, tar.gz, tar.zst, tar.xz or tar.bz2 of the controller; with remote_src of the target, or a URL.',
    ),
    dest: plainPath.describe('Folder of the target to unpack to. It must be there.'),
    remote_src: boolean.optional().describe('The archive is on the target already, or src is a URL.'),
    copy: boolean.optional().describe('Older name for the opposite of remote_src.'),
    creates: plainPath.optional().describe('Do nothing when this path is there.'),
    exclude: strings.default([]).describe('Members to leave out: names or patterns.'),
    include: strings.default([]).describe('Only these members: names or patterns.'),
    extra_opts: strings
      .default([])
      .describe(
        'Options of tar or unzip. Known: --strip-components=N, -j, --exclude=PATTERN, and those that change nothing here.',
      ),
    keep_newer: boolean.default(false).describe('Leave files alone that are newer than in the archive.'),
    list_files: boolean.default(false).describe('Give the names of the members in files.'),
    checksum: text
      .refine((sum) => /^(?:sha256:)?[0-9a-fA-F]{64}$/.test(sum), {
        error: 'must be sha256: and 64 hex digits',
      })
      .optional()
      .describe('What the archive must hash to: sha256:<64 hex digits>.'),
    decrypt: boolean.default(true).describe('Accepted; vault files are always read decrypted.'),
    io_buffer_size: integer.optional().describe('Accepted; without meaning here.'),
    validate_certs: boolean.default(true).describe('Check the certificate of an https URL.'),
    ...fileAttributes,
  },
).superRefine((given, refine) => {
  const fault = (message: string) => refine.addIssue({ code: 'custom', message });
  if (given.copy !== undefined && given.remote_src !== undefined) fault('takes copy or remote_src, not both');
  if (given.include.length > 0 && given.exclude.length > 0)
    fault('parameters are mutually exclusive: include|exclude');
  const odd = given.extra_opts.find((option, index, all) => !optionKnown(option, all[index - 1]));
  if (odd !== undefined) fault(`has the extra option ${odd}, which is not known`);
});

/** What unarchive gets. */
export type UnarchiveParams = z.output<typeof unarchiveParams>;

/** Options whose effect Cutover has anyway. */
const WITHOUT_EFFECT =
  /^(?:-o|-q|-qq|-n|-p|-v|-z|-J|--overwrite|--no-same-owner|--no-same-permissions|--preserve-permissions|--same-permissions|--touch|--gzip|--xz|--bzip2|--no-overwrite-dir|--verbose|--no-selinux|--no-acls|--no-xattrs|--warning=.*)$/;
const TAKES_VALUE = /^--(?:strip-components|strip|exclude)$/;

function optionKnown(option: string, before: string | undefined): boolean {
  if (before !== undefined && TAKES_VALUE.test(before)) return true;
  return (
    option === '-j' ||
    TAKES_VALUE.test(option) ||
    /^--(?:strip-components|strip|exclude)=/.test(option) ||
    WITHOUT_EFFECT.test(option)
  );
}

/** What the extra options mean. */
export interface UnpackOptions {
  /** How many leading folders of a name are dropped. */
  readonly strip: number;
  /** Only last names, no folders. */
  readonly flat: boolean;
  readonly exclude: readonly string[];
}

/** Reads `extra_opts`, also when a word holds several options. */
export function unpackOptions(params: UnarchiveParams): UnpackOptions {
  const line = params.extra_opts.join('\n');
  const strip = /--strip(?:-components)?[=\n](\d+)/.exec(line);
  const exclude = [...line.matchAll(/--exclude[=\n]([^\n]+)/g)].map((match) =>
    match[1]!.replace(/^(['"])(.*)\1$/, '$2'),
  );
  return {
    strip: strip ? Number(strip[1]) : 0,
    flat: params.extra_opts.includes('-j'),
    exclude: [...params.exclude, ...exclude],
  };
}

/** Whether the archive is on the target. */
export function isRemote(params: UnarchiveParams): boolean {
  return params.remote_src ?? (params.copy === undefined ? false : !params.copy);
}
