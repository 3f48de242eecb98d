// GNU: invalid user: ‘ann:staff’, invalid group: ‘:staff’; busybox: unknown user ann.
const NO_SUCH_OWNER = /^chown: (?:invalid|unknown) (user|group)(?: name)?:? ["'`‘]?([^"'`’\n]*)/m;

/** Says what a host complained of while it changed a file in the words that playbooks compare; all else stays as it was said. */
export function fileComplaint(said: string): string {
  const [, kind, words] = NO_SUCH_OWNER.exec(said) ?? [];
  if (words === undefined) return said;
  const [user = '', group = user] = words.split(':');
  return kind === 'user'
    ? `chown failed: failed to look up user ${user}`
    : `chgrp failed: failed to look up group ${group}`;
}
