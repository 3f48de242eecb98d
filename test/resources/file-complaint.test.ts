import { expect, it } from 'vitest';
import { fileComplaint } from '../../src/resources/file/complaint.ts';

it.each([
  ["chown: invalid user: 'ann'", 'chown failed: failed to look up user ann'],
  ['chown: invalid user: ‘ann:staff’', 'chown failed: failed to look up user ann'],
  ['chown: invalid group: ‘:staff’', 'chgrp failed: failed to look up group staff'],
  ['chown: invalid group: ‘root:staff’', 'chgrp failed: failed to look up group staff'],
  ['chown: unknown user ann', 'chown failed: failed to look up user ann'],
  ['chown: unknown group staff', 'chgrp failed: failed to look up group staff'],
  ["mkdir: cannot create directory '/x': Read-only file system", undefined],
])('%s', (said, expected) => {
  expect(fileComplaint(said)).toBe(expected ?? said);
});
